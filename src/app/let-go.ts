import { FORGET_WITHIN } from '../domain/retention.js';
import type { Verification } from '../domain/verification.js';
import type { Ids } from './ports/ids.js';
import type { AttemptRef, Repositories } from './ports/store.js';
import type { FieldName } from './vault.js';

/**
 * What an open verification no longer needs: a picture that was replaced, a reading that the next attempt makes anew. It goes at once,
 * unless a legal hold lives: then it is set aside, out of reach of all but the hold, and goes when that ends. Call with the row locked.
 */

/** Makes a blob unreadable now and has its object erased. */
export async function letGoBlob(
  tx: Repositories,
  ids: Ids,
  v: Pick<Verification, 'hold'>,
  blob: AttemptRef & { readonly id: string },
  now: Date,
): Promise<void> {
  if (v.hold !== null) return tx.blobs.markRetained(blob.id);
  await tx.blobs.markErasing(blob.id, new Date(now.getTime() + FORGET_WITHIN));
  const { tenantId, verificationId, epoch, attempt } = blob;
  await tx.tasks.insert({
    id: ids.next('task'),
    tenantId,
    verificationId,
    epoch,
    attempt,
    kind: 'erase_blob',
    blobId: blob.id,
    runAfter: now,
    createdAt: now,
  });
}

/** Deletes a sealed field, or what stood in it before it is written anew. */
export async function letGoField(
  tx: Repositories,
  v: Pick<Verification, 'id' | 'epoch' | 'hold'>,
  name: FieldName,
): Promise<void> {
  if (v.hold !== null) await tx.fields.retain(v.id, v.epoch, name);
  else await tx.fields.remove(v.id, v.epoch, name);
}
