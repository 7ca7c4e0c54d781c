import { readFile } from 'node:fs/promises';

/**
 * Resident set size of a process in bytes (proc(5), `VmRSS` of `/proc/<pid>/status`, which unlike `statm` does not depend on the page
 * size); `null` where the process is gone or the system has no `/proc`.
 */
export async function residentBytes(pid: number): Promise<number | null> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => null);
  const kilobytes = status === null ? null : /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1];
  return kilobytes === null || kilobytes === undefined ? null : Number(kilobytes) * 1024;
}
