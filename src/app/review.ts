import { documentName } from '../domain/document-name.js';
import { AppError } from '../domain/errors.js';
import { describeNameMatch } from '../domain/names/match-names.js';
import { isReasonCode, type Reason, type Slot } from '../domain/reasons.js';
import type { EventKind, ReviewOutcome } from '../domain/state-machine.js';
import { attemptsLeft, LIMITS, type Verification } from '../domain/verification.js';
import { attemptRef } from './advance.js';
import { letGoField } from './let-go.js';
import type { AppDeps } from './deps.js';
import type { Check, Page, Repositories, ReviewRow } from './ports/store.js';
import { requireVersion } from './require-version.js';
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
  /** What the learner says to the decline that they appeal. */
  readonly appealStatement: string | null;
}

export interface ReviewDecision {
  readonly decision: ReviewOutcome;
  readonly reasons: readonly string[];
  readonly note: string | null;
  readonly ifMatch: number | undefined;
}

const EVENTS = {
  approve: 'review_approve',
  decline: 'review_decline',
  request_resubmission: 'review_ask_again',
} as const satisfies Readonly<Record<ReviewOutcome, EventKind>>;

/** A person's way in: who holds a lease sees the case opened, each look is an audit entry, the first decision counts. */
export function makeReview(
  deps: Pick<
    AppDeps,
    'store' | 'clock' | 'vault' | 'journal' | 'advance' | 'blobs' | 'watermarker' | 'settings'
  >,
) {
  const { store, clock, vault, journal, advance, blobs, watermarker, settings } = deps;

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
    if (!key)
      return {
        ...sealed,
        expected: null,
        extracted: null,
        nameExplanation: [],
        images: [],
        appealStatement: null,
      };
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
      const appealStatement = (await vault.getField(store.read, key, ref, 'appeal_statement'))?.text ?? null;
      return { ...sealed, expected, extracted, nameExplanation, images, appealStatement };
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

  /** Whoever declined does not judge the appeal, nor does anybody confirm their own decision or take up one that was contested. */
  async function requireAnotherPerson(
    repos: Repositories,
    staff: Staff,
    review: ReviewRow,
    v: Verification,
  ): Promise<void> {
    const out = [
      ...review.excluded,
      review.proposedBy,
      ...(await repos.reviews.decidersBefore(v.id, v.epoch)),
    ];
    if (out.includes(staff.id)) throw new AppError('second_person_required');
    if (review.proposedDecision !== null && !staff.roles.includes('senior_reviewer'))
      throw new AppError('forbidden');
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
        await requireAnotherPerson(tx, staff, review, v);
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
        requireVersion(v, decision.ifMatch);
        if (review.state !== 'open' || review.id !== seen.id || review.proposedDecision !== null)
          throw new AppError('invalid_state');
        if (!(await tx.reviews.isHeldBy(review.id, staff.id))) throw new AppError('lease_required');
        const ref = attemptRef(v);
        if (decision.note !== null) {
          const key = await vault.openDataKey(tx, ref);
          if (!key) throw new AppError('erased');
          await letGoField(tx, v, 'reviewer_note');
          await vault.putField(tx, key, ref, 'reviewer_note', { text: decision.note });
          key.fill(0);
        }
        if (settings.confirmDecisions.includes(decision.decision)) {
          if (decision.decision === 'request_resubmission' && attemptsLeft(v) <= 0)
            throw new AppError('no_attempts_left');
          await tx.reviews.propose(review.id, decision.decision, staff.id, reasons);
          await journal.audit(tx, v, `staff:${staff.id}`, 'review.proposed', {
            decision: decision.decision,
            reasons: reasons.map((reason) => reason.code),
          });
          const waiting = await tx.verifications.update(v.id, {});
          return { review: (await tx.reviews.latest(verificationId)) ?? review, v: waiting };
        }
        const by = { decidedBy: staff.id, confirmedBy: null };
        await tx.reviews.decide(review.id, decision.decision, by, clock.now());
        await journal.audit(tx, v, `staff:${staff.id}`, `review.${decision.decision}`, {
          reasons: reasons.map((reason) => reason.code),
          note: decision.note !== null,
        });
        const next = await advance(tx, v, EVENTS[decision.decision], { actor: `staff:${staff.id}`, reasons });
        return { review: (await tx.reviews.latest(verificationId)) ?? review, v: next };
      });
      return view(decided.review, decided.v);
    },

    /**
     * Agrees to a decision that waits, or not: then it is opened anew for a third person. Takes the lease where nobody has it.
     *
     * @throws AppError `invalid_state` where none waits, `second_person_required`, `already_claimed`
     */
    async confirm(
      staff: Staff,
      verificationId: string,
      { agree, ifMatch }: { readonly agree: boolean; readonly ifMatch: number | undefined },
    ): Promise<ReviewView> {
      const confirmed = await store.transaction(async (tx) => {
        const v = await tx.verifications.lock(verificationId);
        const { review } = await find(tx, staff, verificationId);
        if (!v) throw new AppError('not_found');
        requireVersion(v, ifMatch);
        const { proposedDecision, proposedBy, proposedReasons } = review;
        if (review.state !== 'open' || proposedDecision === null || proposedBy === null)
          throw new AppError('invalid_state');
        await requireAnotherPerson(tx, staff, review, v);
        if (!(await tx.reviews.claim(review.id, staff.id, LIMITS.reviewLease)))
          throw new AppError('already_claimed');
        const actor = `staff:${staff.id}` as const;
        if (!agree) {
          await tx.reviews.reopen(review.id, [...review.excluded, proposedBy, staff.id]);
          await journal.audit(tx, v, actor, 'review.contested', { decision: proposedDecision });
          const reopened = await tx.verifications.update(v.id, {});
          return { review: (await tx.reviews.latest(verificationId)) ?? review, v: reopened };
        }
        const by = { decidedBy: proposedBy, confirmedBy: staff.id };
        await tx.reviews.decide(review.id, proposedDecision, by, clock.now());
        await journal.audit(tx, v, actor, `review.${proposedDecision}`, {
          reasons: proposedReasons.map((reason) => reason.code),
          proposed_by: proposedBy,
        });
        const next = await advance(tx, v, EVENTS[proposedDecision], { actor, reasons: proposedReasons });
        return { review: (await tx.reviews.latest(verificationId)) ?? review, v: next };
      });
      return view(confirmed.review, confirmed.v);
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
