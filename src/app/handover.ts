import { LIMITS, newestGeneration, type Verification } from '../domain/verification.js';
import { AppError } from '../domain/errors.js';
import type { AppDeps } from './deps.js';
import { requireVersion } from './require-version.js';

/**
 * Going on with another device, usually a phone. The token that is given works once begun, within ten minutes; with its first use it becomes
 * the one that may write, and the one before may only read and withdraw. Credentials keep real time.
 */
export function makeHandover({
  store,
  clock,
  journal,
  advance,
}: Pick<AppDeps, 'store' | 'clock' | 'journal' | 'advance'>) {
  return {
    /** A new offer takes the place of one that was not used. @throws AppError `invalid_state` where nothing is left to capture */
    async offer(verificationId: string, ifMatch?: number): Promise<Verification> {
      return store.transaction(async (tx) => {
        const v = await tx.verifications.lock(verificationId);
        if (!v) throw new AppError('not_found');
        requireVersion(v, ifMatch);
        await advance(tx, v, 'capture_changed', { actor: 'learner' });
        if (v.captureExpiresAt <= clock.now()) throw new AppError('invalid_state');
        await journal.audit(tx, v, 'learner', 'handover.offered');
        return tx.verifications.update(v.id, {
          handoverGeneration: newestGeneration(v) + 1,
          handoverExpiresAt: new Date(new Date().getTime() + LIMITS.handover),
        });
      });
    },

    /** The first use of a token that was offered; `null` where it is none. Whoever comes second finds it in force already. */
    async take(verificationId: string, generation: number): Promise<Verification | null> {
      return store.transaction(async (tx) => {
        const v = await tx.verifications.lock(verificationId);
        if (v?.captureGeneration === generation) return v;
        if (v?.handoverGeneration !== generation || v.status !== 'requires_input') return null;
        if (!v.handoverExpiresAt || v.handoverExpiresAt <= new Date()) return null;
        await journal.audit(tx, v, 'learner', 'handover.taken');
        return tx.verifications.update(v.id, {
          captureGeneration: generation,
          readerGeneration: v.captureGeneration,
          handoverGeneration: null,
          handoverExpiresAt: null,
        });
      });
    },
  };
}
