import { createHash } from 'node:crypto';
import { RECEIPT_TYPE, type DeletionArtefact } from '../domain/deletion.js';
import { isId } from '../domain/ids.js';
import { FORGET_WITHIN } from '../domain/retention.js';
import { periodKeyGoneBy } from '../domain/wrapping-keys.js';
import type { Verification } from '../domain/verification.js';
import type { AppDeps } from './deps.js';
import type { BlobRow, DeletionRow, Repositories } from './ports/store.js';

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

export type Forget = ReturnType<typeof makeForget>;

/**
 * Forgets the person of one epoch, in steps of which each can be repeated:
 * 1. one transaction: lock, unlink the data key, delete sealed fields, note what is to go;
 * 2. erase each object with all its versions and confirm that it is absent;
 * 3. remove what queue, tasks, evidence and progress still remember;
 * 4. sign the receipt, close the deletion.
 * Killed anywhere, the next run goes on where the rows say.
 */
export function makeForget(
  deps: Pick<AppDeps, 'store' | 'clock' | 'keys' | 'blobs' | 'queue' | 'signer' | 'journal' | 'settings'>,
) {
  const { store, clock, keys, blobs, queue, signer, journal, settings } = deps;

  return async function forget(verificationId: string, epoch: number): Promise<void> {
    const deletion = await store.transaction((tx) => unlink(tx, verificationId, epoch));
    if (!deletion || deletion.finishedAt) return;
    const erased = await eraseObjects(deletion);
    await removeTraces(erased);
    await close(erased);
  };

  async function unlink(
    tx: Repositories,
    verificationId: string,
    epoch: number,
  ): Promise<DeletionRow | null> {
    const v = await tx.verifications.lock(verificationId);
    if (v?.epoch !== epoch || v.redactionStatus === 'none') return null;
    const begun = await tx.deletions.find(verificationId, epoch);
    if (begun) return begun;
    // A hold that came before the key was unlinked keeps everything; one that came later finds nothing to keep.
    if (v.hold !== null || v.redactionStatus === 'held') return null;

    const now = clock.now();
    const wrappedBy = await tx.wrappingKeys.ofEpoch(verificationId, epoch);
    await tx.dataKeys.remove(verificationId, epoch);
    const fields = await tx.fields.remove(verificationId, epoch);
    const images = await tx.blobs.all(verificationId, epoch);
    for (const blob of images)
      await tx.blobs.markErasing(blob.id, blob.deleteAfter < now ? blob.deleteAfter : now);

    const row: DeletionRow = {
      tenantId: v.tenantId,
      verificationId,
      epoch,
      keyIds: wrappedBy.map(({ id }) => id),
      keyUnlinkedAt: now,
      finishedAt: null,
      artefacts: [
        ...images.map(imageArtefact),
        ...fields.map((field) => ({
          // What a hold had set aside bears its id after the name.
          kind: `field:${field.name.split('~')[0]}`,
          digest: sha256(field.sealed),
          size: field.sealed.length,
          absentAt: now.toISOString(),
        })),
      ],
    };
    await tx.deletions.insert(row);
    await tx.verifications.update(verificationId, { redactionStatus: 'processing' });
    await journal.audit(tx, v, 'system', 'key.unlinked', { epoch, artefacts: row.artefacts.length });
    return row;
  }

  async function eraseObjects(deletion: DeletionRow): Promise<DeletionRow> {
    const { verificationId, epoch } = deletion;
    const artefacts: DeletionArtefact[] = [];
    for (const artefact of deletion.artefacts)
      artefacts.push(
        artefact.objectKey === undefined || artefact.absentAt !== undefined
          ? artefact
          : { ...artefact, absentAt: await eraseObject(artefact.objectKey) },
      );
    await store.read.deletions.saveArtefacts(verificationId, epoch, artefacts);
    for (const blob of await store.read.blobs.all(verificationId, epoch)) {
      // A row that was still reserved may belong to an upload that is under way: its object can appear yet. The row stays until the
      // sweeper has erased it once more after the upload's own time limit.
      if (blob.digest !== null) await store.read.blobs.remove(blob.id);
    }
    return { ...deletion, artefacts };
  }

  async function eraseObject(objectKey: string): Promise<string> {
    await blobs.erase(objectKey);
    if (!(await blobs.isAbsent(objectKey))) throw new Error('object_still_present');
    return clock.now().toISOString();
  }

  async function removeTraces({ verificationId, epoch }: DeletionRow): Promise<void> {
    const tasks = await store.read.tasks.ofEpoch(verificationId, epoch);
    await queue.forget(tasks.filter((task) => task.kind !== 'forget'));
    await store.transaction(async (tx) => {
      await tx.tasks.removeOfEpoch(verificationId, epoch, ['read_document', 'match_face', 'erase_blob']);
      await tx.evidence.remove(verificationId, epoch);
      await tx.progress.remove(verificationId);
    });
  }

  /** When the last of the keys that ever wrapped the data key is gone, at the latest: that of a hold goes with what hung on it. */
  function goneBy({ keyIds }: DeletionRow, now: Date): Date {
    const ends = keyIds.map((id) =>
      isId('legalHold', id)
        ? now.getTime() + FORGET_WITHIN + keys.destructionDelay
        : periodKeyGoneBy(id, keys.destructionDelay).getTime(),
    );
    return new Date(Math.max(now.getTime(), ...ends));
  }

  async function close(deletion: DeletionRow): Promise<void> {
    const { verificationId, epoch } = deletion;
    await store.transaction(async (tx) => {
      const v = await tx.verifications.lock(verificationId);
      if (v?.redactionStatus !== 'processing') return;
      const now = clock.now();
      await journal.audit(tx, v, 'system', 'forgotten', { epoch, artefacts: deletion.artefacts.length });
      const head = await tx.audit.last(verificationId);
      const jws = await signer.sign(
        RECEIPT_TYPE,
        receiptClaims(v, deletion, {
          now,
          auditHead: head,
          issuer: settings.publicBaseUrl,
          goneBy: goneBy(deletion, now),
        }),
      );
      const ref = { tenantId: v.tenantId, livemode: v.livemode, verificationId, epoch };
      await tx.deletions.addReceipt(ref, 1, jws, now);
      await tx.deletions.finish(ref, now);
      const done = await tx.verifications.update(verificationId, {
        redactionStatus: 'done',
        redactionDoneAt: now,
      });
      await journal.emit(tx, done, 'redacted');
    });
  }
}

const imageArtefact = (blob: BlobRow): DeletionArtefact => ({
  kind: `image:${blob.slot}`,
  digest: blob.digest ?? '',
  size: blob.size ?? 0,
  objectKey: blob.objectKey,
});

/** The claims of a receipt. Ids, digests and times; no personal datum. */
function receiptClaims(
  v: Verification,
  deletion: DeletionRow,
  more: {
    readonly now: Date;
    readonly goneBy: Date;
    readonly auditHead: { readonly seq: number; readonly hash: string } | null;
    readonly issuer: string;
  },
) {
  const { now, goneBy, auditHead, issuer } = more;
  return {
    iss: issuer,
    sub: v.id,
    iat: Math.floor(now.getTime() / 1000),
    receipt_version: 1,
    tenant: v.tenantId,
    epoch: deletion.epoch,
    key_unlinked_at: deletion.keyUnlinkedAt.toISOString(),
    period: deletion.keyIds.find((id) => !isId('legalHold', id)) ?? null,
    wrapped_by: deletion.keyIds,
    period_key_destroy_not_after: goneBy.toISOString(),
    artefacts: deletion.artefacts.map(({ kind, digest, size, absentAt }) => ({
      kind,
      digest_sha256: digest,
      size,
      absent_at: absentAt,
    })),
    audit: auditHead && { seq: auditHead.seq, hash: auditHead.hash },
  };
}
