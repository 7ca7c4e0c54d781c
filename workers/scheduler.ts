import type { AuditLog } from '../src/app/audit-log.js';
import type { AppDeps } from '../src/app/deps.js';
import type { PublicStatistics } from '../src/app/public-statistics.js';
import type { Sweep } from '../src/app/sweep.js';

const SWEEP_EVERY = 15_000;
const ORPHANS_EVERY = 3_600_000;
const AUDIT_EVERY = 60_000;
const STATISTICS_EVERY = 3_600_000;

/**
 * Runs the sweeps. Every worker process has a scheduler and an advisory lock lets one at a time through: no schedule stands in Redis, where
 * it could be lost.
 */
export function startScheduler(
  deps: Pick<AppDeps, 'store' | 'logger'> & {
    readonly sweep: Sweep;
    readonly auditLog: Pick<AuditLog, 'checkpoint'>;
    readonly publicStatistics: Pick<PublicStatistics, 'publishDue'>;
    readonly refreshClock: () => Promise<void>;
  },
) {
  const { store, logger, sweep, auditLog, publicStatistics, refreshClock } = deps;
  const running = new Set<Promise<void>>();

  const every = (ms: number, name: string, work: () => Promise<unknown>) => {
    let busy = false;
    const tick = async () => {
      if (busy) return;
      busy = true;
      try {
        await refreshClock();
        await store.exclusively(name, async () => {
          await work();
        });
      } catch (error) {
        logger.warn('schedule_failed', { kind: name, code: error instanceof Error ? error.name : 'unknown' });
      } finally {
        busy = false;
      }
    };
    return setInterval(() => {
      const run = tick().finally(() => running.delete(run));
      running.add(run);
    }, ms);
  };

  const timers = [
    every(SWEEP_EVERY, 'sweep', () => sweep.run()),
    every(ORPHANS_EVERY, 'orphans', () => sweep.orphans()),
    every(AUDIT_EVERY, 'audit_checkpoint', () => auditLog.checkpoint()),
    every(STATISTICS_EVERY, 'public_statistics', () => publicStatistics.publishDue()),
  ];

  return {
    async stop(): Promise<void> {
      for (const timer of timers) clearInterval(timer);
      await Promise.all(running);
    },
  };
}
