import { closeSync, fstatSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';
import path from 'node:path';

/** A log file that stays below a size: when full it is renamed to `NAME.1` (replacing an older one) and begun anew. */
export interface BoundedLog {
  write(chunk: Uint8Array): void;
  close(): void;
}

/** @param maxBytes of each of the two files */
export function openBoundedLog(file: string, maxBytes = 5 * 1024 * 1024): BoundedLog {
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  let descriptor: number | null = openSync(file, 'a', 0o600);
  let size = fstatSync(descriptor).size;

  const turn = (open: number) => {
    closeSync(open);
    descriptor = null;
    renameSync(file, `${file}.1`);
    size = 0;
    return (descriptor = openSync(file, 'a', 0o600));
  };

  return {
    write(chunk) {
      if (descriptor === null) return;
      try {
        const open = size > 0 && size + chunk.length > maxBytes ? turn(descriptor) : descriptor;
        size += writeSync(open, chunk);
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
