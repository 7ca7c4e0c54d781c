import { AppError, StorageError } from '../domain/errors.js';
import type { Slot } from '../domain/reasons.js';
import type { ReasonCode } from '../domain/reasons.js';
import { LIMITS, type Verification } from '../domain/verification.js';
import { attemptRef } from './advance.js';
import type { AppDeps } from './deps.js';
import { letGoBlob } from './let-go.js';
import type { InspectedImage } from './ports/image-inspector.js';
import type { BlobRow, Repositories } from './ports/store.js';
import { requireVersion } from './require-version.js';
import { makeStoreImage, type ReservedImage } from './store-image.js';

export interface UploadedPart {
  readonly slot: Slot;
  readonly bytes: Uint8Array;
}
export interface ImageVerdict {
  readonly slot: Slot;
  readonly outcome: 'accepted' | 'rejected';
  readonly reasons: readonly ReasonCode[];
}

/** What the learner may still send pictures to, with everything an upload has to be checked against at its end. */
async function captureState(repos: Repositories, v: Verification, now: Date) {
  if (v.status !== 'requires_input' || v.captureExpiresAt <= now) throw new AppError('invalid_state');
  const consent = await repos.consents.latest(v.id);
  if (!consent || consent.withdrawnAt) throw new AppError('consent_missing');
  return { blobs: await repos.blobs.stored(v.id, v.epoch) };
}

/**
 * Takes pictures in and back. An upload goes: cheap check → judge → row (own commit) → sealed bytes, no lock held → lock, check again,
 * commit. Whoever loses a race erases what it stored.
 */
export function makeCaptureImages(
  deps: Pick<
    AppDeps,
    'store' | 'clock' | 'ids' | 'vault' | 'journal' | 'advance' | 'blobs' | 'inspector' | 'logger'
  >,
) {
  const { store, clock, ids, vault, journal, advance, inspector } = deps;

  const images = makeStoreImage(deps);

  return {
    async upload(
      verificationId: string,
      parts: readonly UploadedPart[],
      source: 'camera' | 'upload' | null,
    ): Promise<readonly ImageVerdict[]> {
      const before = await store.read.verifications.findById(verificationId);
      if (!before) throw new AppError('not_found');
      const seen = await captureState(store.read, before, clock.now());
      if (before.uploadsUsed + parts.length > LIMITS.uploadsPerAttempt)
        throw new AppError('upload_limit_reached');

      const inspected: { slot: Slot; image: InspectedImage }[] = [];
      for (const { slot, bytes } of parts)
        inspected.push({
          slot,
          image: await inspector.inspect(bytes, slot, { faces: before.method === 'biometric' }),
        });
      const accepted = inspected.filter(({ image }) => image.outcome === 'accepted');

      const dataKey = await vault.openDataKey(store.read, attemptRef(before));
      if (!dataKey) throw new AppError('invalid_state');
      const stored: ReservedImage[] = [];
      try {
        for (const { slot, image } of accepted)
          stored.push(
            await images.put(before, dataKey, slot, { bytes: image.image, source, quality: image.quality }),
          );
        await store.transaction((tx) => commit(tx, before, seen.blobs, stored, parts.length));
      } catch (error) {
        for (const { row } of stored) await images.discard(row);
        if (error instanceof StorageError) throw new AppError('unavailable', { retryAfter: 5 });
        throw error;
      } finally {
        dataKey.fill(0);
      }
      return inspected.map(({ slot, image }) => ({ slot, outcome: image.outcome, reasons: image.reasons }));
    },

    async remove(verificationId: string, slot: Slot, ifMatch?: number): Promise<void> {
      await store.transaction(async (tx) => {
        const v = await tx.verifications.lock(verificationId);
        if (!v) throw new AppError('not_found');
        requireVersion(v, ifMatch);
        await advance(tx, v, 'capture_changed', { actor: 'learner' });
        const blob = (await tx.blobs.stored(v.id, v.epoch)).find((stored) => stored.slot === slot);
        if (!blob) throw new AppError('not_found');
        await letGoBlob(tx, ids, v, blob, clock.now());
        await tx.verifications.update(v.id, {});
        await journal.audit(tx, v, 'learner', 'image.removed', { slot });
      });
    },
  };

  async function commit(
    tx: Repositories,
    before: Verification,
    seen: readonly BlobRow[],
    stored: readonly ReservedImage[],
    uploads: number,
  ): Promise<void> {
    const v = await tx.verifications.lock(before.id);
    if (v?.epoch !== before.epoch || v.attempt !== before.attempt || v.method !== before.method)
      throw new AppError('upload_superseded');
    const { blobs: present } = await captureState(tx, v, clock.now());
    const now = clock.now();
    for (const { row, salt, digest, size } of stored) {
      const idOf = (list: readonly BlobRow[]) => list.find((blob) => blob.slot === row.slot);
      const replaced = idOf(present);
      // Somebody else's picture came into this slot meanwhile: the first commit wins, and the loser is told.
      if (replaced?.id !== idOf(seen)?.id) throw new AppError('upload_superseded');
      if (replaced) await letGoBlob(tx, ids, v, replaced, now);
      const deleteAfter = new Date(v.epochOpenedAt.getTime() + LIMITS.epochAge);
      if (!(await tx.blobs.markStored(row.id, { salt, digest, size, deleteAfter })))
        throw new AppError('upload_superseded');
      await journal.audit(tx, v, 'learner', 'image.stored', { slot: row.slot, digest, size });
    }
    await tx.verifications.update(v.id, { uploadsUsed: v.uploadsUsed + uploads });
  }
}
