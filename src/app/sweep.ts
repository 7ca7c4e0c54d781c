import { LIMITS } from '../domain/verification.js';
import type { AppDeps } from './deps.js';
import type { makeDestroyKeys } from './destroy-keys.js';
import type { makeEndRetention } from './end-retention.js';
import type { Forget } from './forget.js';
import type { makeLegalHolds } from './legal-holds.js';
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
  /** Legal holds whose time was over. */
  readonly holds: number;
  /** Wrapping keys that were due. */
  readonly keys: number;
  /** Ends of the retention schedule that were reached. */
  readonly ended: number;
  /** Of those, how many could not be carried out and stay for the next sweep. */
  readonly failed: number;
}

export type Sweep = ReturnType<typeof makeSweep>;

/**
 * Finds what nobody else will: windows that lapsed, epochs past their age, forgetting that is overdue, blobs without a future, cases that
 * are stuck, legal holds that are over, keys to be destroyed, rows at the end of their retention. Reads by indexes on due times, so its cost follows what is due and not what is held. One at a time across processes.
 */
export function makeSweep(
  deps: Pick<AppDeps, 'store' | 'clock' | 'advance' | 'blobs' | 'logger'> & {
    readonly forget: Forget;
    readonly eraseBlob: (blobId: string) => Promise<void>;
    readonly settle: SettleAttempt;
    readonly holds: Pick<ReturnType<typeof makeLegalHolds>, 'endOverdue'>;
    readonly destroyKey: ReturnType<typeof makeDestroyKeys>;
    readonly retention: ReturnType<typeof makeEndRetention>;
  },
) {
  const { store, clock, advance, blobs, logger, forget, eraseBlob, settle, holds, destroyKey, retention } =
    deps;

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

  /** Objects that no row knows of, `limit` of them at most: left by a process that died between its bytes and its row's end. */
  async function findOrphans(limit: number): Promise<readonly string[]> {
    const before = new Date().getTime() - ORPHAN_AGE;
    const orphans: string[] = [];
    let page: string[] = [];
    const flush = async () => {
      const known = await store.read.blobs.knownKeys(page);
      orphans.push(...page.filter((key) => !known.has(key)));
      page = [];
    };
    for await (const { key, modifiedAt } of blobs.list('images/')) {
      if (modifiedAt.getTime() > before) continue;
      page.push(key);
      if (page.length === BATCH) await flush();
      if (orphans.length >= limit) break;
    }
    await flush();
    return orphans.slice(0, limit);
  }

  return {
    async run(): Promise<SweepReport> {
      const now = clock.now();
      const { read } = store;
      const lapsed = await read.verifications.captureLapsed(now, BATCH);
      let failed = await each(lapsed, expire('capture_lapsed'));
      const released = await read.holds.ended(now, BATCH);
      failed += await each(released, (id) => holds.endOverdue(id));
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
      const dueKeys = await read.wrappingKeys.due(now, BATCH);
      failed += await each(dueKeys, destroyKey);
      const ends = await read.retention.due(now, BATCH);
      failed += await each(ends, (item) => retention.end(item));
      await retention.endByAge(BATCH);
      return {
        lapsed: lapsed.length,
        aged: aged.length,
        forgotten: overdue.length,
        blobs: stale.length,
        stuck: stuck.length,
        holds: released.length,
        keys: dueKeys.length,
        ended: ends.length,
        failed,
      };
    },

    findOrphans,

    /** Erases what no row knows of; returns how many. */
    async orphans(): Promise<number> {
      let erased = 0;
      for (;;) {
        const found = await findOrphans(BATCH);
        for (const key of found) await blobs.erase(key);
        erased += found.length;
        if (found.length < BATCH) return erased;
      }
    },
  };
}
