import { StorageError } from '../domain/errors.js';
import type { Slot } from '../domain/reasons.js';
import type { Verification } from '../domain/verification.js';
import { attemptRef } from './advance.js';
import type { AppDeps } from './deps.js';
import { letGoField } from './let-go.js';
import { openImages, whileCurrent, wipe, type OpenedImage } from './engine-task.js';
import type { MaskedImage, MaskImage } from './mask-image.js';
import type { DocumentReading } from './ports/document-reader.js';
import type { Repositories, TaskRow } from './ports/store.js';
import type { SettleAttempt } from './settle-attempt.js';

/** The fields that are compared; nothing else of what was read is kept. */
const COMPARED = ['surname', 'given_names', 'date_of_birth', 'expires_on'] as const;

type Images = Partial<Record<Slot, OpenedImage>>;

const SIDES = [
  ['front', 'id_front'],
  ['back', 'id_back'],
] as const satisfies readonly (readonly [keyof DocumentReading['private_regions'], Slot])[];

const isCard = (reading: DocumentReading): boolean => reading.reasons.includes('payment_card_detected');

/**
 * Reads the document of one attempt and leaves its evidence: what is compared sealed, the rest as codes and measures. Numbers that are
 * nobody's business are masked in what is stored, in the same commit; of a payment card nothing at all is kept.
 */
export function makeReadDocument(
  deps: Pick<AppDeps, 'store' | 'clock' | 'vault' | 'blobs' | 'reader'> & {
    readonly settle: SettleAttempt;
    readonly maskImage: MaskImage;
  },
) {
  const { store, clock, vault, reader, settle, maskImage } = deps;

  return async function readDocument(task: TaskRow): Promise<void> {
    await whileCurrent(deps, task, 'read_document', async (v, dataKey) => {
      const images = await openImages(deps, v, dataKey, ['id_front', 'id_back']);
      try {
        if (await isReadAlready(v, images)) return await settle.complete(task, () => Promise.resolve());
        const reading = await read(images);
        const masked = await mask(v, dataKey, images, reading);
        await finish(task, dataKey, images, reading, masked);
      } finally {
        wipe(images);
      }
    });
  };

  /** Pictures that stay from one attempt to the next keep their reading: once masked, they could not be read in full again. */
  async function isReadAlready(v: Verification, images: Images): Promise<boolean> {
    const earlier = (await store.read.evidence.get(attemptRef(v), 'document'))?.['images'];
    return (
      JSON.stringify(earlier) === JSON.stringify(idsOf(images)) &&
      (await store.read.fields.find(v.id, v.epoch, 'extracted')) !== null
    );
  }

  async function read({ id_front: front, id_back: back }: Images): Promise<DocumentReading> {
    if (!front) throw new StorageError('storage_unavailable');
    return reader.read({
      front: front.bytes,
      ...(back ? { back: back.bytes } : {}),
      today: clock.now().toISOString().slice(0, 10),
    });
  }

  /** Masked copies, in storage but not in place yet. One that cannot be made takes the others with it, and the task is tried again. */
  async function mask(
    v: Verification,
    dataKey: Uint8Array,
    images: Images,
    reading: DocumentReading,
  ): Promise<readonly MaskedImage[]> {
    const masked: MaskedImage[] = [];
    try {
      for (const [side, slot] of SIDES) {
        const [image, regions = []] = [images[slot], reading.private_regions[side]];
        if (image && regions.length > 0 && !isCard(reading))
          masked.push(await maskImage.prepare(v, dataKey, image, regions));
      }
    } catch (error) {
      for (const copy of masked) await maskImage.discard(copy);
      throw error;
    }
    return masked;
  }

  async function finish(
    task: TaskRow,
    dataKey: Uint8Array,
    images: Images,
    reading: DocumentReading,
    masked: readonly MaskedImage[],
  ): Promise<void> {
    let isWritten = false;
    await settle.complete(task, async (tx, current) => {
      isWritten = false;
      const replaced = new Map(masked.map(({ original, copy }) => [original.id, copy.row.id]));
      if (isCard(reading))
        await maskImage.drop(
          tx,
          current,
          Object.values(images).map(({ row }) => row),
        );
      for (const copy of masked) await maskImage.adopt(tx, current, copy);
      await keep(
        tx,
        dataKey,
        current,
        reading,
        idsOf(images).map((id) => replaced.get(id) ?? id),
      );
      isWritten = true;
    });
    // Superseded, or the case moved on. Where the commit itself failed nobody can tell whether it took place: the sweep will.
    if (!isWritten) for (const copy of masked) await maskImage.discard(copy);
  }

  async function keep(
    tx: Repositories,
    dataKey: Uint8Array,
    v: Verification,
    reading: DocumentReading,
    imageIds: readonly string[],
  ): Promise<void> {
    const ref = attemptRef(v);
    const fields: Record<string, string> = {};
    const confidence: Record<string, number> = {};
    for (const name of COMPARED) {
      const value = reading.fields[name];
      // The name on a payment card is part of the card.
      if (value === undefined || isCard(reading)) continue;
      fields[name] = value;
      confidence[name] = reading.confidence[name] ?? 0;
    }
    await letGoField(tx, v, 'extracted');
    await vault.putField(tx, dataKey, ref, 'extracted', { fields, confidence });
    await tx.evidence.put(ref, 'document', {
      outcome: reading.outcome,
      reasons: reading.reasons,
      document_type: reading.document_type,
      mrz_valid: reading.mrz?.valid ?? null,
      check_digits: reading.mrz?.check_digits ?? null,
      quality: reading.quality,
      images: imageIds,
    });
  }
}

const idsOf = (images: Images): readonly string[] => Object.values(images).map(({ row }) => row.id);
