import { StorageError } from '../domain/errors.js';
import type { PrivateNumberKind } from '../domain/private-numbers.js';
import type { Verification } from '../domain/verification.js';
import { letGoBlob } from './let-go.js';
import type { AppDeps } from './deps.js';
import type { OpenedImage } from './engine-task.js';
import type { PrivateRegion } from './ports/image-masker.js';
import type { BlobRow, Repositories } from './ports/store.js';
import { makeStoreImage, type ReservedImage } from './store-image.js';

/** A masked copy that lies in storage beside its original, until a commit puts it in its place. */
export interface MaskedImage {
  readonly original: BlobRow;
  readonly copy: ReservedImage;
  readonly regions: readonly PrivateRegion[];
}

export type MaskImage = ReturnType<typeof makeMaskImage>;

/** How many regions of each kind were masked: all that is ever written down of them. */
function countsOf(regions: readonly PrivateRegion[]): Readonly<Record<PrivateNumberKind, number>> {
  const count = (kind: PrivateNumberKind) => regions.filter((region) => region.kind === kind).length;
  return { payment_card: count('payment_card'), national_number: count('national_number') };
}

/**
 * Replaces pictures that hold private numbers by masked ones. The copy lies in storage before the commit that swaps the rows, so that a
 * process which dies in between leaves the original in place and a copy that the sweep erases; the same commit takes the original's salt
 * away and queues the erasure of its object.
 */
export function makeMaskImage(
  deps: Pick<AppDeps, 'store' | 'clock' | 'ids' | 'vault' | 'journal' | 'blobs' | 'masker' | 'logger'>,
) {
  const { clock, ids, journal, masker } = deps;
  const images = makeStoreImage(deps);

  return {
    /** Masks a picture and seals the copy under the same data key. @throws EngineError, StorageError */
    async prepare(
      v: Verification,
      dataKey: Uint8Array,
      { row: original, bytes }: OpenedImage,
      regions: readonly PrivateRegion[],
    ): Promise<MaskedImage> {
      const masked = await masker.mask(bytes, regions);
      try {
        const { slot, source, quality } = original;
        const copy = await images.put(v, dataKey, slot, { bytes: masked, source, quality });
        return { original, copy, regions };
      } finally {
        masked.fill(0);
      }
    },

    /** Puts a copy in its original's place. @throws StorageError where either is no longer there: the task is tried again */
    async adopt(tx: Repositories, v: Verification, { original, copy, regions }: MaskedImage): Promise<void> {
      const present = await tx.blobs.stored(v.id, v.epoch);
      if (!present.some((blob) => blob.id === original.id)) throw new StorageError('storage_unavailable');
      await letGoBlob(tx, ids, v, original, clock.now());
      const { row, salt, digest, size } = copy;
      if (!(await tx.blobs.markStored(row.id, { salt, digest, size, deleteAfter: original.deleteAfter })))
        throw new StorageError('storage_unavailable');
      await journal.audit(tx, v, 'engine', 'image.masked', {
        slot: original.slot,
        regions: countsOf(regions),
        digest,
        size,
      });
    },

    /** Erases a copy that nobody took over. */
    discard: ({ copy }: MaskedImage): Promise<void> => images.discard(copy.row),

    /** Takes pictures of a payment card away for good: the slots are empty again. */
    async drop(tx: Repositories, v: Verification, rows: readonly BlobRow[]): Promise<void> {
      const present = new Set((await tx.blobs.stored(v.id, v.epoch)).map((blob) => blob.id));
      for (const row of rows) {
        if (!present.has(row.id)) continue;
        await letGoBlob(tx, ids, v, row, clock.now());
        await journal.audit(tx, v, 'engine', 'image.dropped', {
          slot: row.slot,
          reason: 'payment_card_detected',
        });
      }
    },
  };
}
