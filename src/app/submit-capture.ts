import { AppError } from '../domain/errors.js';
import { REQUIRED_SLOTS } from '../domain/verification.js';
import type { AppDeps } from './deps.js';
import { requireVersion } from './require-version.js';

const MISSING = { id_front: 'document_missing', selfie: 'selfie_missing' } as const;

/** Hands the pictures in. Handing in twice is fine; a missing picture or consent is named. */
export function makeSubmitCapture({ store, clock, advance }: Pick<AppDeps, 'store' | 'clock' | 'advance'>) {
  return async function submitCapture(verificationId: string, ifMatch?: number): Promise<void> {
    await store.transaction(async (tx) => {
      const v = await tx.verifications.lock(verificationId);
      if (!v) throw new AppError('not_found');
      requireVersion(v, ifMatch);
      if (v.status === 'requires_input') {
        if (v.captureExpiresAt <= clock.now()) throw new AppError('invalid_state');
        const consent = await tx.consents.latest(v.id);
        if (!consent || consent.withdrawnAt) throw new AppError('consent_missing');
        const received = new Set((await tx.blobs.stored(v.id, v.epoch)).map((blob) => blob.slot));
        const missing = REQUIRED_SLOTS.find((slot) => !received.has(slot));
        if (missing) throw new AppError(MISSING[missing]);
      }
      await advance(tx, v, 'submit', { actor: 'learner' });
    });
  };
}
