import { AppError } from '../domain/errors.js';
import { isOpen } from '../domain/state-machine.js';
import { eligibility, freshCapture, LIMITS, type Verification } from '../domain/verification.js';
import { attemptRef } from './advance.js';
import type { AppDeps } from './deps.js';
import type { ErasePerson } from './erase-person.js';
import type { Actor } from './journal.js';
import { letGoField } from './let-go.js';
import type { Repositories, Scope } from './ports/store.js';
import { requireVersion } from './require-version.js';

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
  requireVersion(v, ifMatch);
  return v;
}

/** What the purchase flow may do with a verification after it was started. */
export function makeManageVerification(
  deps: Pick<AppDeps, 'store' | 'clock' | 'vault' | 'journal' | 'advance'> & {
    readonly erasePerson: ErasePerson;
  },
) {
  const { store, clock, vault, journal, advance, erasePerson } = deps;

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
        await letGoField(tx, v, 'expected');
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
     * Erases the person. A legal hold refuses it, unless the hold may not be told of: then the answer is as always, and what the hold
     * protects goes when it ends.
     */
    async redact(scope: Scope, id: string, change: Change): Promise<void> {
      await store.transaction(async (tx) => {
        const v = await lockForChange(tx, scope, id, change.ifMatch);
        if (v.hold === 'allowed' && !v.erasedAt) throw new AppError('legal_hold');
        await erasePerson(tx, v, change.actor);
      });
    },

    /** Opens a fresh capture window; tokens given before are dead. */
    async renewCaptureToken(scope: Scope, id: string, change: Change): Promise<void> {
      await store.transaction(async (tx) => {
        const v = await lockForChange(tx, scope, id, change.ifMatch);
        await advance(tx, v, 'token_renewed', change);
        await tx.verifications.update(id, {
          ...freshCapture(v),
          captureExpiresAt: new Date(clock.now().getTime() + LIMITS.captureWindow),
        });
        await journal.audit(tx, v, change.actor, 'capture_token.renewed');
      });
    },
  };
}
