import { FORGET_WITHIN } from '../domain/retention.js';
import type { Verification } from '../domain/verification.js';
import { attemptRef } from './advance.js';
import type { AppDeps } from './deps.js';
import type { Actor } from './journal.js';
import type { Repositories } from './ports/store.js';

export type ErasePerson = ReturnType<typeof makeErasePerson>;

/**
 * Erases the person of a locked verification: what is open is canceled and forgotten; the record that remains bears a keyed pseudonym in
 * place of the learner's reference and no longer makes anyone eligible. Once is enough: repeating it changes nothing. What a legal hold
 * protects stays until that ends.
 */
export function makeErasePerson(
  deps: Pick<AppDeps, 'clock' | 'ids' | 'journal' | 'advance' | 'pseudonymiser'>,
) {
  const { clock, ids, journal, advance, pseudonymiser } = deps;

  return async function erasePerson(tx: Repositories, found: Verification, actor: Actor): Promise<void> {
    if (found.erasedAt) return;
    const now = clock.now();
    const v = await advance(tx, found, 'erasure_requested', { actor });
    await tx.verifications.update(v.id, {
      erasedAt: now,
      learnerRef: pseudonymiser.pseudonym(v.tenantId, v.learnerRef),
      returnUrl: null,
    });
    await journal.audit(tx, v, actor, 'erasure.requested');
    if (v.redactionStatus === 'none') await scheduleForgetting(tx, ids, v, now);
  };
}

/** Has an ended verification forgotten, or keeps it for a hold that lives. */
export async function scheduleForgetting(
  tx: Repositories,
  ids: AppDeps['ids'],
  v: Verification,
  now: Date,
): Promise<void> {
  await tx.verifications.update(v.id, {
    redactionStatus: v.hold === null ? 'scheduled' : 'held',
    redactionDueAt: new Date(now.getTime() + FORGET_WITHIN),
  });
  if (v.hold !== null) return;
  await tx.tasks.insert({
    id: ids.next('task'),
    ...attemptRef(v),
    kind: 'forget',
    blobId: null,
    runAfter: now,
    createdAt: now,
  });
}
