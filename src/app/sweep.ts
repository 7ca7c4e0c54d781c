import { LIMITS } from '../domain/verification.js';
import type { AppDeps } from './deps.js';
import type { Forget } from './forget.js';
import type { SettleAttempt } from './settle-attempt.js';

const BATCH = 200;
/** An object younger than this may belong to an upload whose row this process cannot see yet (real milliseconds). */
const ORPHAN_AGE = 60 * 60_000;

export interface SweepReport {
  readonly lapsed: number;
  readonly aged: number;
  readonly forgotten: number;
  readonly blobs: number;
  readonly stuck: number;
  /** Of those, how many could not be carried out and stay for the next sweep. */
  readonly failed: number;
}

export type Sweep = ReturnType<typeof makeSweep>;

/**
 * Finds what nobody else will: windows that lapsed, epochs past their age, forgetting that is overdue, blobs without a future, cases that
 * are stuck. Reads by indexes on due times, so its cost follows what is due and not what is held. One at a time across processes.
 */
export function makeSweep(
  deps: Pick<AppDeps, 'store' | 'clock' | 'advance' | 'blobs' | 'logger'> & {
    readonly forget: Forget;
    readonly eraseBlob: (blobId: string) => Promise<void>;
    readonly settle: SettleAttempt;
  },
) {
  const { store, clock, advance, blobs, logger, forget, eraseBlob, settle } = deps;

  /** One that fails must not keep the others from their turn. */
  async function each<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<number> {
    let failed = 0;
    for (const item of items) {
      try {
        await work(item);
      } catch (error) {
        failed++;
        logger.error('sweep_item_failed', { code: error instanceof Error ? error.name : 'unknown' });
      }
    }
    return failed;
  }

  const expire = (event: 'capture_lapsed' | 'age_limit_reached') => (id: string) =>
    store.transaction(async (tx) => {
      const v = await tx.verifications.lock(id);
      if (!v) return;
      const now = clock.now();
      // Renewed or decided between the query and the lock.
      const due =
        event === 'capture_lapsed'
          ? v.captureExpiresAt <= now
          : v.epochOpenedAt.getTime() + LIMITS.epochAge <= now.getTime();
      if (due) await advance(tx, v, event, { actor: 'system', reasons: [{ code: 'capture_window_lapsed' }] });
    });

  return {
    async run(): Promise<SweepReport> {
      const now = clock.now();
      const { read } = store;
      const lapsed = await read.verifications.captureLapsed(now, BATCH);
      let failed = await each(lapsed, expire('capture_lapsed'));
      const aged = await read.verifications.epochOpenedBefore(
        new Date(now.getTime() - LIMITS.epochAge),
        BATCH,
      );
      failed += await each(aged, expire('age_limit_reached'));
      const overdue = await read.verifications.redactionDue(now, BATCH);
      failed += await each(overdue, (v) => forget(v.id, v.epoch));
      const stale = await read.blobs.overdue(now, BATCH);
      failed += await each(stale, (row) => eraseBlob(row.id));
      const stuck = await read.tasks.stuck(BATCH);
      failed += await each(stuck, (id) => settle.stuck(id));
      await read.idempotency.purge(new Date(now.getTime() - LIMITS.idempotencyKept));
      return {
        lapsed: lapsed.length,
        aged: aged.length,
        forgotten: overdue.length,
        blobs: stale.length,
        stuck: stuck.length,
        failed,
      };
    },

    /** Objects that no row knows of: left by a process that died between its bytes and its row's end. Erased; returns how many. */
    async orphans(): Promise<number> {
      const before = new Date().getTime() - ORPHAN_AGE;
      let erased = 0;
      let page: string[] = [];
      const flush = async () => {
        const known = await store.read.blobs.knownKeys(page);
        for (const key of page) {
          if (known.has(key)) continue;
          await blobs.erase(key);
          erased++;
        }
        page = [];
      };
      for await (const { key, modifiedAt } of blobs.list('images/')) {
        if (modifiedAt.getTime() > before) continue;
        page.push(key);
        if (page.length === BATCH) await flush();
      }
      await flush();
      return erased;
    },
  };
}
