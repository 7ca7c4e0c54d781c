import { readFileSync, writeFileSync } from 'node:fs';

/** Highest resident memory of a process so far, in MB; 0 where the system does not tell. */
export function peakMemory(pid: number | 'self'): number {
  try {
    const kilobytes = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return (Number(kilobytes ?? 0) * 1024) / 1e6;
  } catch {
    // What the system counts for us may include what our parent had before it started us; only where there is nothing better.
    return pid === 'self' ? process.resourceUsage().maxRSS / 1000 : 0;
  }
}

/** Forgets how high the memory of this process was, so that the next look tells of what came since. Without effect where Linux forbids it. */
export function resetPeakMemory(): void {
  try {
    writeFileSync('/proc/self/clear_refs', '5');
  } catch {
    // Then the figure is of the whole life of the process, and too high rather than too low.
  }
}
