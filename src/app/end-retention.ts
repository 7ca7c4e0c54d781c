import { KEPT } from '../domain/retention.js';
import type { ScheduledKind } from '../domain/retention.js';
import { LIMITS } from '../domain/verification.js';
import type { AuditLog } from './audit-log.js';
import type { AppDeps } from './deps.js';
import type { Repositories } from './ports/store.js';

/** What is due and cannot go yet (a hold lives, a deletion is under way) is looked at again after this (milliseconds). */
const POSTPONED = 24 * 3_600_000;

const ago = (now: Date, ms: number) => new Date(now.getTime() - ms);

/** Deletes what has reached the end that `domain/retention.ts` sets. Reads the schedule by due day: its cost follows what is due. */
export function makeEndRetention({
  store,
  clock,
  auditLog,
}: Pick<AppDeps, 'store' | 'clock'> & { readonly auditLog: Pick<AuditLog, 'purge'> }) {
  /** Each says when to come again, where not all of it could go yet. */
  const purges: Readonly<
    Record<ScheduledKind, (tx: Repositories, subjectId: string) => Promise<Date | null | void>>
  > = {
    check: (tx, id) => tx.retention.purgeChecks(id),
    record: (tx, id) => tx.retention.purgeRecord(id),
    deletion_receipt: (tx, id) => tx.retention.purgeReceipts(id),
    audit: (tx, id) => auditLog.purge(tx, id),
    legal_hold: (tx, id) => tx.retention.purgeHold(id),
    erasure_request: (tx, id) => tx.retention.purgeErasureRequest(id),
  };

  return {
    /** One end of one subject. */
    async end({
      subjectId,
      kind,
    }: {
      readonly subjectId: string;
      readonly kind: ScheduledKind;
    }): Promise<void> {
      await store.transaction(async (tx) => {
        const v = await tx.verifications.lock(subjectId);
        const unfinished = kind === 'record' && v !== null && v.redactionStatus !== 'done';
        // Copies of what it held can still be opened: its last receipt is to come.
        const recoverable = kind === 'record' && (await tx.wrappingKeys.isUsedBy(subjectId));
        if (v?.hold || unfinished || recoverable) {
          await tx.retention.schedule(subjectId, { [kind]: new Date(clock.now().getTime() + POSTPONED) });
          return;
        }
        const again = await purges[kind](tx, subjectId);
        if (again) await tx.retention.schedule(subjectId, { [kind]: again });
        else await tx.retention.cancel(subjectId, [kind]);
      });
    },

    /** What ends by its age alone; a batch at most. */
    async endByAge(limit: number): Promise<void> {
      const now = clock.now();
      await store.read.retention.purgeEvents(ago(now, KEPT.events), limit);
      await store.read.retention.purgeDoneTasks(ago(now, KEPT.work), limit);
      await store.read.disclosures.purge(ago(now, KEPT.registers), limit);
      await store.read.idempotency.purge(ago(now, LIMITS.idempotencyKept));
    },
  };
}
