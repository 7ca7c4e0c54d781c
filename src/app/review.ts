import { documentName } from '../domain/document-name.js';
import { AppError } from '../domain/errors.js';
import { describeNameMatch } from '../domain/names/match-names.js';
import { isReasonCode, type Reason, type Slot } from '../domain/reasons.js';
import { attemptsLeft, LIMITS, type Verification } from '../domain/verification.js';
import { attemptRef } from './advance.js';
import type { AppDeps } from './deps.js';
import type { Check, Page, Repositories, ReviewRow } from './ports/store.js';
import type { SealedValues } from './vault.js';

/** A member of the operator's staff, as the identity provider names them. */
export interface Staff {
  /** The `sub` of the token. */
  readonly id: string;
  readonly roles: readonly string[];
  /** Tenants whose cases they may see. */
  readonly tenants: readonly string[];
}

export interface ReviewView {
  readonly review: ReviewRow;
  readonly verification: Verification;
  readonly checks: readonly Check[];
  readonly expected: SealedValues['expected'] | null;
  readonly extracted: Readonly<Record<string, string>> | null;
  readonly documentType: string | null;
  readonly nameExplanation: readonly string[];
  readonly images: readonly Slot[];
}

export interface ReviewDecision {
  readonly decision: 'approve' | 'decline' | 'request_resubmission';
  readonly reasons: readonly string[];
  readonly note: string | null;
  readonly ifMatch: number | undefined;
}

const EVENTS = {
  approve: 'review_approve',
  decline: 'review_decline',
  request_resubmission: 'review_ask_again',
} as const;

/** A person's way in: who holds a lease sees the case opened, each look is an audit entry, the first decision counts. */
export function makeReview(
  deps: Pick<AppDeps, 'store' | 'clock' | 'vault' | 'journal' | 'advance' | 'blobs' | 'watermarker'>,
) {
  const { store, clock, vault, journal, advance, blobs, watermarker } = deps;

  async function find(repos: Repositories, staff: Staff, verificationId: string) {
    const review = await repos.reviews.latest(verificationId);
    const v = review ? await repos.verifications.findById(verificationId) : null;
    if (!review || !v || !staff.tenants.includes(review.tenantId)) throw new AppError('not_found');
    return { review, v };
  }

  async function view(review: ReviewRow, v: Verification): Promise<ReviewView> {
    const ref = { ...attemptRef(v), epoch: review.epoch, attempt: review.attempt };
    const checks = await store.read.checks.list(ref);
    const evidence = await store.read.evidence.get(ref, 'document');
    const documentType = typeof evidence?.['document_type'] === 'string' ? evidence['document_type'] : null;
    const sealed = { review, verification: v, checks, documentType };
    const key = review.state === 'open' ? await vault.openDataKey(store.read, ref) : null;
    if (!key) return { ...sealed, expected: null, extracted: null, nameExplanation: [], images: [] };
    try {
      const expected = await vault.getField(store.read, key, ref, 'expected');
      const extracted = (await vault.getField(store.read, key, ref, 'extracted'))?.fields ?? null;
      const images = (await store.read.blobs.stored(v.id, ref.epoch)).map((blob) => blob.slot);
      const name =
        extracted &&
        documentName(extracted, {
          type: documentType,
          mrzRead: typeof evidence?.['mrz_valid'] === 'boolean',
        });
      const nameExplanation = expected && name ? describeNameMatch(expected.full_name, name) : [];
      return { ...sealed, expected, extracted, nameExplanation, images };
    } finally {
      key.fill(0);
    }
  }

  /** Renews the lease; only its holder goes on. Others are refused and that is put on record. */
  async function requireLease(staff: Staff, review: ReviewRow, v: Verification): Promise<void> {
    if (
      review.state === 'open' &&
      (await store.read.reviews.isHeldBy(review.id, staff.id)) &&
      (await store.read.reviews.claim(review.id, staff.id, LIMITS.reviewLease))
    )
      return;
    await store.transaction(async (tx) => {
      const locked = await tx.verifications.lock(v.id);
      if (locked) await journal.audit(tx, locked, `staff:${staff.id}`, 'review.refused');
    });
    // Decided a moment ago, perhaps by this very caller: that is another matter than never having held it.
    if ((await store.read.reviews.latest(v.id))?.state !== 'open') throw new AppError('invalid_state');
    throw new AppError('lease_required');
  }

  return {
    list: (staff: Staff, filter: 'open' | 'claimed' | 'decided' | undefined, page: Page) =>
      staff.tenants.length === 0 ? Promise.resolve([]) : store.read.reviews.list(staff.tenants, filter, page),

    async get(staff: Staff, verificationId: string): Promise<ReviewView> {
      const { review, v } = await find(store.read, staff, verificationId);
      await store.transaction(async (tx) => {
        const locked = await tx.verifications.lock(v.id);
        if (locked) await journal.audit(tx, locked, `staff:${staff.id}`, 'review.viewed');
      });
      return view(review, v);
    },

    async claim(staff: Staff, verificationId: string): Promise<ReviewView> {
      const claimed = await store.transaction(async (tx) => {
        const { review } = await find(tx, staff, verificationId);
        const v = await tx.verifications.lock(verificationId);
        if (!v || review.state !== 'open') throw new AppError('invalid_state');
        const held = await tx.reviews.claim(review.id, staff.id, LIMITS.reviewLease);
        if (!held) throw new AppError('already_claimed');
        await journal.audit(tx, v, `staff:${staff.id}`, 'review.claimed');
        return { review: held, v };
      });
      return view(claimed.review, claimed.v);
    },

    async release(staff: Staff, verificationId: string): Promise<ReviewView> {
      const released = await store.transaction(async (tx) => {
        const { review } = await find(tx, staff, verificationId);
        const v = await tx.verifications.lock(verificationId);
        const row = v && (await tx.reviews.release(review.id, staff.id));
        if (!v || !row) throw new AppError('lease_required');
        await journal.audit(tx, v, `staff:${staff.id}`, 'review.released');
        return { review: row, v };
      });
      return view(released.review, released.v);
    },

    /** The image, watermarked; opened in memory for this call alone. */
    async image(staff: Staff, verificationId: string, slot: Slot): Promise<Uint8Array> {
      const { review, v } = await find(store.read, staff, verificationId);
      if (v.redactionStatus !== 'none') throw new AppError('erased');
      await requireLease(staff, review, v);
      const ref = attemptRef(v);
      const blob = (await store.read.blobs.stored(v.id, v.epoch)).find((stored) => stored.slot === slot);
      if (!blob?.salt) throw new AppError('not_found');
      const key = await vault.openDataKey(store.read, ref);
      const sealed = key && (await blobs.get(blob.objectKey));
      if (!key || !sealed) throw new AppError('erased');
      const image = vault.openBlob(key, ref, slot, blob.id, blob.salt, sealed);
      key.fill(0);
      await store.transaction(async (tx) => {
        const locked = await tx.verifications.lock(v.id);
        if (locked) await journal.audit(tx, locked, `staff:${staff.id}`, 'image.viewed', { slot });
      });
      return watermarker.mark(image, `${staff.id} ${clock.now().toISOString().slice(0, 16)}Z`);
    },

    async decide(staff: Staff, verificationId: string, decision: ReviewDecision): Promise<ReviewView> {
      const reasons = readReasons(decision);
      const { review: seen, v: found } = await find(store.read, staff, verificationId);
      if (seen.state === 'open') await requireLease(staff, seen, found);
      const decided = await store.transaction(async (tx) => {
        const v = await tx.verifications.lock(verificationId);
        const { review } = await find(tx, staff, verificationId);
        if (!v) throw new AppError('not_found');
        if (decision.ifMatch !== undefined && v.rowVersion !== decision.ifMatch)
          throw new AppError('stale_version');
        if (review.state !== 'open' || review.id !== seen.id) throw new AppError('invalid_state');
        if (!(await tx.reviews.isHeldBy(review.id, staff.id))) throw new AppError('lease_required');
        const ref = attemptRef(v);
        if (decision.note !== null) {
          const key = await vault.openDataKey(tx, ref);
          if (!key) throw new AppError('erased');
          await vault.putField(tx, key, ref, 'reviewer_note', { text: decision.note });
          key.fill(0);
        }
        await tx.reviews.decide(review.id, decision.decision, staff.id, clock.now());
        await journal.audit(tx, v, `staff:${staff.id}`, `review.${decision.decision}`, {
          reasons: reasons.map((reason) => reason.code),
          note: decision.note !== null,
        });
        const next = await advance(tx, v, EVENTS[decision.decision], { actor: `staff:${staff.id}`, reasons });
        return { review: (await tx.reviews.latest(verificationId)) ?? review, v: next };
      });
      return view(decided.review, decided.v);
    },

    attemptsLeft,
  };
}

function readReasons({ decision, reasons }: ReviewDecision): readonly Reason[] {
  const known: Reason[] = [];
  for (const [index, code] of reasons.entries()) {
    if (!isReasonCode(code))
      throw new AppError('invalid_field', {
        errors: [{ pointer: `/reasons/${index}`, code: 'reason_unknown' }],
      });
    known.push({ code });
  }
  if (decision !== 'approve' && known.length === 0)
    throw new AppError('invalid_field', { errors: [{ pointer: '/reasons', code: 'required' }] });
  return decision === 'approve' ? [] : known;
}
