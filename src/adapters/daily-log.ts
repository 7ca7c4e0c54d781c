import {
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';

export interface DailyLog {
  write(line: string): void;
  close(): void;
}

const dayOf = (instant: Date) => instant.toISOString().slice(0, 10);

/**
 * A log of which no line is kept beyond its time: with each new day (UTC) the file becomes `NAME.<day>` and those whose day is over for
 * longer than `keptMs` are deleted, also at the start. One process a file.
 *
 * @param keptMs milliseconds
 */
export function openDailyLog(file: string, keptMs: number, now: () => Date): DailyLog {
  const folder = path.dirname(file);
  const prefix = `${path.basename(file)}.`;
  mkdirSync(folder, { recursive: true, mode: 0o700 });

  const purge = () => {
    for (const name of readdirSync(folder)) {
      const day = name.startsWith(prefix) ? Date.parse(name.slice(prefix.length)) : NaN;
      // The whole day has to be over for that long: its last line is the youngest.
      if (day + 24 * 3_600_000 + keptMs <= now().getTime()) rmSync(path.join(folder, name), { force: true });
    }
  };
  const turn = (day: string) => {
    renameSync(file, path.join(folder, prefix + day));
  };

  const lastWrite = statSync(file, { throwIfNoEntry: false })?.mtime;
  let day = dayOf(now());
  if (lastWrite && dayOf(lastWrite) !== day) turn(dayOf(lastWrite));
  purge();
  let descriptor: number | null = openSync(file, 'a', 0o600);

  return {
    write(line) {
      if (descriptor === null) return;
      try {
        const today = dayOf(now());
        if (today !== day) {
          closeSync(descriptor);
          turn(day);
          day = today;
          purge();
          descriptor = openSync(file, 'a', 0o600);
        }
        writeSync(descriptor, `${line}\n`);
      } catch {
        // A full disk must not end what is being logged about.
      }
    },
    close() {
      if (descriptor !== null) closeSync(descriptor);
      descriptor = null;
    },
  };
}
