import { AppError } from '../domain/errors.js';
import { FORGET_WITHIN } from '../domain/retention.js';
import { isOpen } from '../domain/state-machine.js';
import { eligibility, LIMITS, type Verification } from '../domain/verification.js';
import { attemptRef } from './advance.js';
import type { AppDeps } from './deps.js';
import type { Actor } from './journal.js';
import type { Repositories, Scope } from './ports/store.js';

/** A change by whoever may see the verification; `ifMatch` is the row version it is based on. */
export interface Change {
  readonly actor: Actor;
  readonly ifMatch?: number | undefined;
}

/** Locks a verification of `scope` and checks the version that the change is based on. */
export async function lockForChange(
  tx: Repositories,
  scope: Scope,
  id: string,
  ifMatch: number | undefined,
): Promise<Verification> {
  const v = await tx.verifications.lock(id);
  if (!v || v.tenantId !== scope.tenantId || v.livemode !== scope.livemode) throw new AppError('not_found');
  if (ifMatch !== undefined && v.rowVersion !== ifMatch) throw new AppError('stale_version');
  return v;
}

/** What the purchase flow may do with a verification after it was started. */
export function makeManageVerification(
  deps: Pick<AppDeps, 'store' | 'clock' | 'ids' | 'vault' | 'journal' | 'advance' | 'pseudonymiser'>,
) {
  const { store, clock, ids, vault, journal, advance, pseudonymiser } = deps;

  return {
    async updateExpected(
      scope: Scope,
      id: string,
      expected: { readonly full_name: string; readonly date_of_birth?: string },
      change: Change,
    ): Promise<void> {
      await store.transaction(async (tx) => {
        const v = await lockForChange(tx, scope, id, change.ifMatch);
        await advance(tx, v, 'capture_changed', change);
        const ref = attemptRef(v);
        const key = await vault.openDataKey(tx, ref);
        if (!key) throw new AppError('erased');
        await vault.putField(tx, key, ref, 'expected', expected);
        key.fill(0);
        await tx.verifications.update(id, {});
        await journal.audit(tx, v, change.actor, 'expected.updated', {
          members: Object.keys(expected).sort(),
        });
      });
    },

    async addCourse(scope: Scope, id: string, courseId: string, change: Change): Promise<void> {
      await store.transaction(async (tx) => {
        const v = await lockForChange(tx, scope, id, change.ifMatch);
        await advance(tx, v, 'course_added', change);
        if (!isOpen(v.status) && !eligibility(v, clock.now()).eligible) throw new AppError('invalid_state');
        if (!(await tx.courses.add(v.tenantId, id, courseId, clock.now()))) return;
        await tx.verifications.update(id, {});
        await journal.audit(tx, v, change.actor, 'course.bound');
      });
    },

    async cancel(scope: Scope, id: string, stated: string | undefined, change: Change): Promise<void> {
      await store.transaction(async (tx) => {
        const v = await lockForChange(tx, scope, id, change.ifMatch);
        await advance(tx, v, 'cancel', { ...change, ...(stated === undefined ? {} : { stated }) });
      });
    },

    async revoke(scope: Scope, id: string, stated: string, change: Change): Promise<void> {
      await store.transaction(async (tx) => {
        const v = await lockForChange(tx, scope, id, change.ifMatch);
        await advance(tx, v, 'revoke', { ...change, stated });
      });
    },

    /**
     * Erases the person: what is open is canceled and forgotten; the record that remains bears a keyed pseudonym in place of the learner's
     * reference and no longer makes anyone eligible. Once is enough: repeating it changes nothing.
     */
    async redact(scope: Scope, id: string, actor: Actor): Promise<void> {
      await store.transaction(async (tx) => {
        const found = await lockForChange(tx, scope, id, undefined);
        if (found.erasedAt) return;
        const now = clock.now();
        const v = await advance(tx, found, 'erasure_requested', { actor });
        await tx.verifications.update(id, {
          erasedAt: now,
          learnerRef: pseudonymiser.pseudonym(v.tenantId, v.learnerRef),
          returnUrl: null,
        });
        await journal.audit(tx, v, actor, 'erasure.requested');
        if (v.redactionStatus === 'none') {
          // An ended verification whose forgetting was never scheduled does not exist; this keeps it that way.
          await tx.verifications.update(id, {
            redactionStatus: 'scheduled',
            redactionDueAt: new Date(now.getTime() + FORGET_WITHIN),
          });
          await tx.tasks.insert({
            id: ids.next('task'),
            ...attemptRef(v),
            kind: 'forget',
            blobId: null,
            runAfter: now,
            createdAt: now,
          });
        }
      });
    },

    /** Opens a fresh capture window; tokens given before are dead. */
    async renewCaptureToken(scope: Scope, id: string, actor: Actor): Promise<void> {
      await store.transaction(async (tx) => {
        const v = await lockForChange(tx, scope, id, undefined);
        await advance(tx, v, 'token_renewed', { actor });
        await tx.verifications.update(id, {
          captureGeneration: v.captureGeneration + 1,
          captureExpiresAt: new Date(clock.now().getTime() + LIMITS.captureWindow),
        });
        await journal.audit(tx, v, actor, 'capture_token.renewed');
      });
    },
  };
}
