import { StorageError } from '../domain/errors.js';
import type { Slot } from '../domain/reasons.js';
import type { TaskKind } from '../domain/tasks.js';
import type { Verification } from '../domain/verification.js';
import { attemptRef } from './advance.js';
import type { AppDeps } from './deps.js';
import type { TaskRow } from './ports/store.js';

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
    await store.read.progress.append(v.tenantId, v.id, 'step', { step, progress: 0 });
    await work(v, dataKey);
  } finally {
    dataKey.fill(0);
  }
}

/** Opens the pictures of the slots that were received. @throws StorageError where an object that the rows name is not there */
export async function openImages(
  { store, vault, blobs }: Pick<AppDeps, 'store' | 'vault' | 'blobs'>,
  v: Verification,
  dataKey: Uint8Array,
  slots: readonly Slot[],
): Promise<{ id_front: Uint8Array } & Partial<Record<Slot, Uint8Array>>> {
  const images: Partial<Record<Slot, Uint8Array>> = {};
  for (const blob of await store.read.blobs.stored(v.id, v.epoch)) {
    if (!slots.includes(blob.slot) || !blob.salt) continue;
    const sealed = await blobs.get(blob.objectKey);
    if (!sealed) throw new StorageError('storage_unavailable');
    images[blob.slot] = vault.openBlob(dataKey, attemptRef(v), blob.slot, blob.id, blob.salt, sealed);
  }
  const { id_front } = images;
  if (!id_front) throw new StorageError('storage_unavailable');
  return { ...images, id_front };
}
