import { StorageError } from '../domain/errors.js';
import type { Slot } from '../domain/reasons.js';
import type { TaskKind } from '../domain/tasks.js';
import type { Verification } from '../domain/verification.js';
import { attemptRef } from './advance.js';
import type { AppDeps } from './deps.js';
import type { BlobRow, TaskRow } from './ports/store.js';

/** Whether a task still is about the attempt that the verification waits for. */
export const isCurrent = (v: Verification | null, task: TaskRow): v is Verification =>
  v?.status === 'processing' && v.epoch === task.epoch && v.attempt === task.attempt;

/** Runs `work` with the opened data key while the task is still wanted; returns quietly when the person is forgotten already. */
export async function whileCurrent(
  { store, vault }: Pick<AppDeps, 'store' | 'vault'>,
  task: TaskRow,
  step: Extract<TaskKind, 'read_document' | 'match_face'>,
  work: (v: Verification, dataKey: Uint8Array) => Promise<void>,
): Promise<void> {
  const v = await store.read.verifications.findById(task.verificationId);
  if (!isCurrent(v, task)) return;
  const dataKey = await vault.openDataKey(store.read, attemptRef(v));
  if (!dataKey) return;
  try {
    // Under the lock: written beside it, the line might come after the person was forgotten, and stay for good.
    const begins = await store.transaction(async (tx) => {
      if (!isCurrent(await tx.verifications.lock(v.id), task)) return false;
      await tx.progress.append(v.tenantId, v.id, 'step', { step, progress: 0 });
      return true;
    });
    if (begins) await work(v, dataKey);
  } finally {
    dataKey.fill(0);
  }
}

export interface OpenedImage {
  readonly row: BlobRow;
  /** In clear: to be wiped after use. */
  readonly bytes: Uint8Array;
}

/** A picture is replaced twice at most while an attempt is worked on: looking once more than that finds the newest. */
const MOST_LOOKS = 3;

type ImageDeps = Pick<AppDeps, 'store' | 'vault' | 'blobs'>;

/**
 * Opens the picture of a slot, or gives `null` where there is none. Another engine's task may replace it between the look at the row and
 * the opening of the object: the newer one is taken then.
 */
async function openImage(
  { store, vault, blobs }: ImageDeps,
  v: Verification,
  dataKey: Uint8Array,
  slot: Slot,
): Promise<OpenedImage | null> {
  for (let look = 0; look < MOST_LOOKS; look++) {
    const stored = await store.read.blobs.stored(v.id, v.epoch);
    const row = stored.find((blob) => blob.slot === slot);
    if (!row?.salt) return null;
    const sealed = await blobs.get(row.objectKey);
    if (sealed) return { row, bytes: vault.openBlob(dataKey, attemptRef(v), slot, row.id, row.salt, sealed) };
    if ((await store.read.blobs.find(row.id))?.state === 'stored') break;
  }
  throw new StorageError('storage_unavailable');
}

/** Opens the pictures of the slots that were received. @throws StorageError where an object that the rows name is not there */
export async function openImages(
  deps: ImageDeps,
  v: Verification,
  dataKey: Uint8Array,
  slots: readonly Slot[],
): Promise<Partial<Record<Slot, OpenedImage>>> {
  const images: Partial<Record<Slot, OpenedImage>> = {};
  for (const slot of slots) {
    const image = await openImage(deps, v, dataKey, slot);
    if (image) images[slot] = image;
  }
  return images;
}

/** Overwrites what was opened. */
export function wipe(images: Partial<Record<Slot, OpenedImage>>): void {
  for (const { bytes } of Object.values(images)) bytes.fill(0);
}
