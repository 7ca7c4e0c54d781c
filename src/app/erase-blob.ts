import type { AppDeps } from './deps.js';

/** Erases one blob that was replaced, taken back or abandoned: the object and all its versions, then its row. */
export function makeEraseBlob({ store, blobs }: Pick<AppDeps, 'store' | 'blobs'>) {
  return async function eraseBlob(blobId: string): Promise<void> {
    const row = await store.read.blobs.find(blobId);
    if (!row || row.state === 'stored' || row.state === 'retained') return;
    await blobs.erase(row.objectKey);
    if (!(await blobs.isAbsent(row.objectKey))) throw new Error('object_still_present');
    await store.read.blobs.remove(row.id);
  };
}
