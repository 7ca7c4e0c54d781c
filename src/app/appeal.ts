import { AppError } from '../domain/errors.js';
import { isOpen } from '../domain/state-machine.js';
import { eligibility, LIMITS } from '../domain/verification.js';
import type { AppDeps } from './deps.js';
import { lockForChange, type Change } from './manage-verification.js';
import type { Repositories, Scope } from './ports/store.js';
import type { SealedValues } from './vault.js';

export interface AppealRequest {
  readonly expected: SealedValues['expected'];
  readonly statement: string | null;
}

/**
 * A learner who was declined has the case looked at anew, once, within 30 days: everything was forgotten, so a second epoch begins under a
 * data key of its own, with what is expected given anew. A person decides, and another one than before.
 */
export function makeAppeal(deps: Pick<AppDeps, 'store' | 'clock' | 'vault' | 'journal' | 'advance'>) {
  const { store, clock, vault, journal, advance } = deps;

  return async function appeal(
    scope: Scope,
    id: string,
    request: AppealRequest,
    change: Change,
    complete: (tx: Repositories, id: string) => Promise<void>,
  ): Promise<string> {
    const before = await store.read.verifications.find(scope, id);
    if (!before) throw new AppError('not_found');
    const ref = { tenantId: scope.tenantId, verificationId: id, epoch: before.epoch + 1 };
    const { key, ...wrapping } = await vault.newDataKey(ref);
    try {
      await store.transaction(async (tx) => {
        await tx.verifications.lockLearner(scope, before.learnerRef);
        const v = await lockForChange(tx, scope, id, change.ifMatch);
        if (v.erasedAt) throw new AppError('erased');
        const now = clock.now();
        const inTime = v.decidedAt !== null && now.getTime() - v.decidedAt.getTime() <= LIMITS.appealWindow;
        const consent = await tx.consents.latest(id);
        if (v.epoch !== 1 || v.redactionStatus !== 'done' || !inTime || consent?.withdrawnAt)
          throw new AppError('invalid_state');
        const other = (await tx.verifications.ofLearner(scope, v.learnerRef)).find(
          (each) => each.id !== id && (isOpen(each.status) || eligibility(each, now).eligible),
        );
        if (other) throw new AppError('verification_exists', { members: { verification_id: other.id } });

        await advance(tx, v, 'appeal', change);
        await vault.linkDataKey(tx, ref, wrapping);
        await vault.putField(tx, key, ref, 'expected', request.expected);
        if (request.statement !== null)
          await vault.putField(tx, key, ref, 'appeal_statement', { text: request.statement });
        await journal.audit(tx, v, change.actor, 'appealed', { statement: request.statement !== null });
        await complete(tx, id);
      });
    } finally {
      key.fill(0);
    }
    return id;
  };
}
