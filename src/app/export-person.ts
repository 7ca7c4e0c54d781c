import type { Slot } from '../domain/reasons.js';
import type { ScheduledKind } from '../domain/retention.js';
import type { AppDeps } from './deps.js';
import type { Actor } from './journal.js';
import type { LearnerDisclosure } from './ports/third-parties.js';
import type { ConsentRecord, Repositories } from './ports/store.js';
import type { FieldName, SealedValues } from './vault.js';
import type { Verification } from '../domain/verification.js';
import { attemptRef } from './advance.js';
import { loadView, type VerificationView } from './view.js';

/** What is sealed of a person and still held; a member that is missing is not held. */
export type HeldValues = Partial<SealedValues>;

export interface HeldImage {
  readonly slot: Slot;
  /** Bytes as they are stored, encrypted. */
  readonly size: number;
  readonly storedAt: Date;
  readonly source: string | null;
  /** The picture in clear; only where it was asked for. */
  readonly bytes: Uint8Array | null;
}

export interface HeldVerification extends VerificationView {
  readonly held: HeldValues;
  readonly images: readonly HeldImage[];
  readonly consents: readonly ConsentRecord[];
  readonly disclosures: readonly LearnerDisclosure[];
  readonly receipts: readonly string[];
  readonly ends: readonly { readonly kind: ScheduledKind; readonly dueAt: Date }[];
}

const FIELDS = [
  'expected',
  'extracted',
  'reviewer_note',
  'appeal_statement',
] as const satisfies readonly FieldName[];

/**
 * Everything that is held about a learner (GDPR art. 15 and 20): in all verifications of a tenant, test and live. What a legal hold keeps
 * and may not be told of looks as if it were forgotten. Each export is an entry of the audit.
 */
export function makeExportPerson(
  deps: Pick<AppDeps, 'store' | 'vault' | 'blobs' | 'journal' | 'pseudonymiser'>,
) {
  const { store, vault, blobs, journal, pseudonymiser } = deps;

  async function openHeld(
    v: Verification,
    withImages: boolean,
  ): Promise<Pick<HeldVerification, 'held' | 'images'>> {
    const concealed = v.redactionStatus !== 'none' && v.hold !== 'allowed';
    const ref = attemptRef(v);
    const key = concealed ? null : await vault.openDataKey(store.read, ref);
    if (!key) return { held: {}, images: [] };
    try {
      const held: Record<string, unknown> = {};
      for (const name of FIELDS) {
        const value = await vault.getField(store.read, key, ref, name);
        if (value) held[name] = value;
      }
      const images: HeldImage[] = [];
      for (const { id, slot, salt, size, source, createdAt, objectKey } of await store.read.blobs.stored(
        v.id,
        v.epoch,
      )) {
        const sealed = withImages && salt ? await blobs.get(objectKey) : null;
        images.push({
          slot,
          size: size ?? 0,
          storedAt: createdAt,
          source,
          bytes: sealed && salt ? vault.openBlob(key, ref, slot, id, salt, sealed) : null,
        });
      }
      return { held, images };
    } finally {
      key.fill(0);
    }
  }

  async function gather(
    repos: Repositories,
    v: Verification,
    tenantId: string,
    withImages: boolean,
  ): Promise<HeldVerification> {
    return {
      ...(await loadView(repos, v)),
      ...(await openHeld(v, withImages)),
      consents: await repos.consents.list(v.id),
      disclosures: await repos.disclosures.ofVerification(v.id),
      receipts: await repos.deletions.receipts([tenantId], v.id),
      ends: await repos.retention.ofSubject(v.id),
    };
  }

  return async function exportPerson(
    actor: Actor,
    tenantId: string,
    learnerRef: string,
    options: { readonly withImages: boolean },
  ): Promise<readonly HeldVerification[]> {
    const found: Verification[] = [];
    for (const livemode of [false, true])
      for (const reference of [learnerRef, pseudonymiser.pseudonym(tenantId, learnerRef)])
        found.push(...(await store.read.verifications.ofLearner({ tenantId, livemode }, reference)));
    const held: HeldVerification[] = [];
    for (const v of found) {
      // On record before anything is opened.
      await store.transaction(async (tx) => {
        const locked = await tx.verifications.lock(v.id);
        if (locked) await journal.audit(tx, locked, actor, 'data.exported', { images: options.withImages });
      });
      held.push(await gather(store.read, v, tenantId, options.withImages));
    }
    return held;
  };
}
