import type { CaptureTokens } from '../app/ports/capture-tokens.js';
import type { AttemptRow, Check, ConsentRecord } from '../app/ports/store.js';
import type { LearnerDisclosure } from '../app/ports/third-parties.js';
import type { ReviewView } from '../app/review.js';
import type { VerificationView } from '../app/view.js';
import type { PolicyVersion } from '../domain/policy.js';
import { presentReason, slotOf, type Slot } from '../domain/reasons.js';
import { RETENTION } from '../domain/retention.js';
import {
  attemptsLeft,
  eligibility,
  refund,
  REQUIRED_SLOTS,
  type Verification,
} from '../domain/verification.js';
import type { components } from './api-types.js';
import { presentDisclosureTable, presentLearnerDisclosure } from './present-third-parties.js';

type Schemas = components['schemas'];

const time = (date: Date | null): string | null => date?.toISOString() ?? null;

export const presentConsent = (consent: ConsentRecord): Schemas['Consent'] => ({
  policy_version: consent.policyVersion,
  given_at: consent.givenAt.toISOString(),
  biometrics: consent.biometrics,
  cross_border: consent.crossBorder,
  processing_country: consent.processingCountry,
  collected_by: consent.collectedBy,
  withdrawn_at: time(consent.withdrawnAt),
});

const presentCheck = ({ name, outcome, score }: Check): Schemas['Check'] => ({
  name,
  outcome,
  ...(score === null ? {} : { score }),
});

const presentAttempt = ({ number, submittedAt, outcome, reasons }: AttemptRow): Schemas['Attempt'] => ({
  number,
  submitted_at: submittedAt.toISOString(),
  outcome,
  reasons: reasons.map((reason) => reason.code),
});

/** Where a hold may not be told of, deletion looks as if it were only late. */
const presentRedaction = (v: Verification): Schemas['Redaction'] => ({
  status: v.redactionStatus === 'held' && v.hold !== 'allowed' ? 'scheduled' : v.redactionStatus,
  due_at: time(v.redactionDueAt),
  done_at: time(v.redactionDoneAt),
});

/** What the platform sees. */
export function presentVerification(view: VerificationView, now: Date): Schemas['Verification'] {
  const { verification: v, courses, attempts, received, checks, consent } = view;
  return {
    id: v.id,
    livemode: v.livemode,
    learner_ref: v.learnerRef,
    order_ref: v.orderRef,
    courses: [...courses],
    status: v.status,
    method: v.method,
    attempt: v.attempt,
    attempts_left: attemptsLeft(v),
    attempts: attempts.map(presentAttempt),
    required: [...REQUIRED_SLOTS],
    received: [...received],
    reasons: v.reasons.map((reason) => presentReason(reason, 'staff')),
    checks: checks.map(presentCheck),
    purchase: { eligible: eligibility(v, now).eligible, refund: refund(v) },
    consent: consent && presentConsent(consent),
    created_at: v.createdAt.toISOString(),
    submitted_at: time(v.submittedAt),
    decided_at: time(v.decidedAt),
    valid_until: time(v.validUntil),
    capture_expires_at: v.captureExpiresAt.toISOString(),
    redaction: presentRedaction(v),
    sequence: v.sequence,
  };
}

/** A way in with a token of some generation: derived, so it can be given again. */
export function presentLink(
  v: Verification,
  generation: number,
  tokens: CaptureTokens,
  baseUrl: string,
): { url: string; token: string } {
  const token = tokens.issue({ verificationId: v.id, livemode: v.livemode, generation });
  return { url: `${baseUrl}/capture#${token}`, token };
}

/** The learner's way in. */
export function presentCapture(
  v: Verification,
  tokens: CaptureTokens,
  baseUrl: string,
): NonNullable<Schemas['Verification']['capture']> {
  const link = presentLink(v, v.captureGeneration, tokens, baseUrl);
  return { ...link, expires_at: v.captureExpiresAt.toISOString() };
}

/** What is left to do, in order. */
function toDo({ verification: v, received, consent }: VerificationView): string[] {
  if (v.status !== 'requires_input') return [];
  if (!consent || consent.withdrawnAt)
    return ['consent', ...REQUIRED_SLOTS.filter((s) => !received.includes(s)), 'submit'];
  const missing: Slot[] = REQUIRED_SLOTS.filter((slot) => !received.includes(slot));
  const asked = v.reasons
    .map((reason) => slotOf(reason))
    .filter(
      (slot): slot is Slot => slot !== undefined && !received.includes(slot) && !missing.includes(slot),
    );
  return [...missing, ...new Set(asked), 'submit'];
}

/** What the learner sees: no score, no staff reason, no reference of the platform's. */
export function presentCaptureView(
  view: VerificationView,
  policy: { readonly version: PolicyVersion; readonly revisedNotice: string | null },
  disclosures: readonly LearnerDisclosure[],
): Schemas['CaptureView'] {
  const { verification: v, received, consent } = view;
  return {
    id: v.id,
    status: v.status,
    method: v.method,
    appeal: v.epoch > 1,
    attempt: v.attempt,
    attempts_left: attemptsLeft(v),
    required: [...REQUIRED_SLOTS],
    received: [...received],
    to_do: toDo(view),
    reasons: v.reasons.map((reason) => presentReason(reason, 'learner')),
    capture_expires_at: v.captureExpiresAt.toISOString(),
    consent: consent && presentConsent(consent),
    notices: presentNotices(policy.version, policy.revisedNotice),
    redaction: presentRedaction(v),
    return_url: v.returnUrl,
    disclosures: disclosures.map(presentLearnerDisclosure),
    locale: v.locale,
  };
}

export const presentRetention = (): Schemas['Notices']['retention'] =>
  Object.entries(RETENTION).map(([kind, { keeps, until }]) => ({ kind, keeps, until }));

/** The policy with the table of what third parties may be given. */
export const presentPolicy = (policy: PolicyVersion, revised: string | null): Schemas['Policy'] => ({
  ...presentNotices(policy, revised),
  disclosures: presentDisclosureTable(),
});

function presentNotices(policy: PolicyVersion, revised: string | null): Schemas['Notices'] {
  const { document } = policy;
  return {
    version: policy.version,
    effective_at: policy.effectiveAt.toISOString(),
    revised_notice: revised,
    title: document.title,
    summary: document.summary,
    purposes: document.purposes.map(({ code, text }) => ({ code, text })),
    retention: presentRetention(),
    processing_country: document.processing_country,
    contact: document.contact,
    collects: [...document.collects],
    never_collects: [...document.never_collects],
  };
}

export function presentReviewSummary(
  { review, verification: v }: Pick<ReviewView, 'review' | 'verification'>,
  now: Date,
): Schemas['ReviewSummary'] {
  const leased = review.state === 'open' && review.leaseUntil !== null && review.leaseUntil > new Date();
  return {
    verification_id: v.id,
    tenant: v.tenantId,
    livemode: v.livemode,
    status: review.state !== 'open' ? 'decided' : leased ? 'claimed' : 'open',
    attempt: review.attempt,
    method: v.method,
    reasons: v.reasons.map((reason) => presentReason(reason, 'staff')),
    opened_at: review.openedAt.toISOString(),
    age_seconds: Math.max(0, Math.floor((now.getTime() - review.openedAt.getTime()) / 1000)),
    claimed_by: leased ? review.claimedBy : null,
    lease_until: leased ? time(review.leaseUntil) : null,
    decision: review.decision,
    proposed:
      review.proposedDecision === null || review.proposedBy === null
        ? null
        : {
            decision: review.proposedDecision,
            by: review.proposedBy,
            reasons: review.proposedReasons.map((reason) => reason.code),
          },
    decided_at: time(review.decidedAt),
  };
}

export function presentReview(view: ReviewView, now: Date): Schemas['Review'] {
  const { checks, expected, extracted, documentType, nameExplanation, images, appealStatement } = view;
  return {
    ...presentReviewSummary(view, now),
    checks: checks.map(presentCheck),
    expected: expected && { full_name: expected.full_name, date_of_birth: expected.date_of_birth ?? null },
    extracted: extracted && { ...extracted },
    document_type: documentType,
    name_explanation: [...nameExplanation],
    images: [...images],
    appeal_statement: appealStatement,
    attempts_left: attemptsLeft(view.verification),
  };
}
