import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** A process by number and birth, so that another one which got the same number later is not taken for it. */
export interface ProcessRecord {
  readonly pid: number;
  /** Boot id and start time in clock ticks (proc(5), `stat` field 22); `null` on a platform without /proc. */
  readonly birth: string | null;
}

const POLL_MS = 25;

function birthOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${String(pid)}/stat`, 'latin1');
    // The second field, the program's name, may hold spaces and brackets: count from its last bracket.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [state] = fields;
    const startTicks = fields[19];
    // A zombie has ended; it only waits for its parent to notice.
    if (state === 'Z' || startTicks === undefined) return null;
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim()}/${startTicks}`;
  } catch {
    return null;
  }
}

export const recordOf = (pid: number): ProcessRecord => ({ pid, birth: birthOf(pid) });

/** Whether the very process of the record still runs. */
export function isRunning(record: ProcessRecord): boolean {
  if (record.birth !== null) return birthOf(record.pid) === record.birth;
  try {
    process.kill(record.pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** @returns the record, or `null` where there is none or it is not readable as one */
export function parseRecord(text: string): ProcessRecord | null {
  try {
    const value = JSON.parse(text) as Partial<ProcessRecord> | null;
    if (!Number.isInteger(value?.pid)) return null;
    return { pid: Number(value?.pid), birth: typeof value?.birth === 'string' ? value.birth : null };
  } catch {
    return null;
  }
}

export function readRecord(file: string): ProcessRecord | null {
  try {
    return parseRecord(readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
}

export function writeRecord(file: string, record: ProcessRecord): void {
  writeFileSync(file, JSON.stringify(record), { mode: 0o600 });
}

export const removeRecord = (file: string): void => rmSync(file, { force: true });

/** Resolves to whether the process has ended within `ms` milliseconds. */
export async function waitForEnd(record: ProcessRecord, ms: number): Promise<boolean> {
  for (let waited = 0; waited < ms; waited += POLL_MS) {
    if (!isRunning(record)) return true;
    await sleep(POLL_MS);
  }
  return !isRunning(record);
}

/**
 * Ends what an earlier, killed run has left behind: gently first, then not. A process without a known birth is left alone, since it
 * could be anybody's.
 */
export async function endLeftover(record: ProcessRecord, gentle: NodeJS.Signals, ms: number): Promise<void> {
  if (record.birth === null || !isRunning(record)) return;
  for (const signal of [gentle, 'SIGKILL'] as const) {
    try {
      process.kill(record.pid, signal);
    } catch {
      return;
    }
    if (await waitForEnd(record, ms)) return;
  }
}
