import { createHash } from 'node:crypto';
import type { Slot } from '../domain/reasons.js';
import type { Verification } from '../domain/verification.js';
import { attemptRef } from './advance.js';
import type { AppDeps } from './deps.js';
import type { BlobRow } from './ports/store.js';

/** A row whose bytes do not come, or are not taken over, within this time was abandoned: it is overdue, its object erased (milliseconds). */
const STORE_LEASE = 10 * 60_000;

/** Sealed bytes that lie in storage under a row of their own, which nothing counts on yet. */
export interface ReservedImage {
  readonly row: BlobRow;
  readonly salt: Uint8Array;
  /** SHA-256 of the ciphertext, hex. */
  readonly digest: string;
  /** Bytes of the ciphertext. */
  readonly size: number;
}

export interface NewImage {
  readonly bytes: Uint8Array;
  readonly source: string | null;
  readonly quality: BlobRow['quality'];
}

/** Puts sealed pictures into storage, outside any transaction. Whoever commits takes them over with `markStored`. */
export function makeStoreImage(
  deps: Pick<AppDeps, 'store' | 'clock' | 'ids' | 'vault' | 'blobs' | 'logger'>,
) {
  const { store, clock, ids, vault, blobs, logger } = deps;

  /** Erases what a lost race or a failure left; should that fail too, the sweeper has the row. */
  async function discard(row: BlobRow): Promise<void> {
    try {
      await blobs.erase(row.objectKey);
      await store.read.blobs.remove(row.id);
    } catch {
      logger.warn('upload_discard_failed', { verification_id: row.verificationId });
    }
  }

  return {
    discard,

    /** Row before bytes: from here on the sweeper knows of the object, whatever happens to us. @throws StorageError */
    async put(
      v: Verification,
      dataKey: Uint8Array,
      slot: Slot,
      { bytes, source, quality }: NewImage,
    ): Promise<ReservedImage> {
      const ref = attemptRef(v);
      const id = ids.next('blob');
      const objectKey = `images/${ids.random()}`;
      const now = clock.now();
      const row: BlobRow = {
        ...ref,
        id,
        slot,
        objectKey,
        state: 'reserved',
        salt: null,
        digest: null,
        size: null,
        source,
        quality,
        deleteAfter: new Date(now.getTime() + STORE_LEASE),
        createdAt: now,
      };
      await store.read.blobs.insert(row);
      const { salt, sealed } = vault.sealBlob(dataKey, ref, slot, id, bytes);
      const digest = createHash('sha256').update(sealed).digest('hex');
      try {
        await blobs.put(objectKey, sealed);
      } catch (error) {
        await discard(row);
        throw error;
      }
      return { row, salt, digest, size: sealed.length };
    },
  };
}
