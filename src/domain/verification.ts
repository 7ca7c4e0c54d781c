import type { Reason, Slot } from './reasons.js';
import type { HoldNotice } from './legal-hold.js';
import type { Status } from './state-machine.js';

/** Defaults of CONTRACT, in one place. Durations in milliseconds. */
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
export const LIMITS = {
  captureWindow: 72 * HOUR,
  /** Whatever happens, an epoch ends this long after it opened. */
  epochAge: 30 * DAY,
  attempts: 3,
  uploadsPerAttempt: 30,
  validity: 365 * DAY,
  eligibilityToken: 5 * 60_000,
  reviewLease: 15 * 60_000,
  /** From the offer to its first use. */
  handover: 10 * 60_000,
  idempotencyKept: 24 * HOUR,
  /** After the decision. */
  appealWindow: 30 * DAY,
  /** GDPR art. 12(3): one month. What is open ends within minutes; a legal hold alone takes longer. */
  erasureDeadline: 30 * DAY,
} as const;

/** `manual`: biometrics were refused, no face model runs anywhere, a person compares. */
export type Method = 'biometric' | 'manual';

export const REQUIRED_SLOTS = ['id_front', 'selfie'] as const satisfies readonly Slot[];

export type RedactionStatus = 'none' | 'scheduled' | 'held' | 'processing' | 'failed' | 'done';

/** The record of a verification: what outlives the person's data. No name, date or image is in it. */
export interface Verification {
  readonly id: string;
  readonly tenantId: string;
  readonly livemode: boolean;
  readonly learnerRef: string;
  readonly orderRef: string | null;
  readonly status: Status;
  readonly method: Method;
  readonly attempt: number;
  readonly maxAttempts: number;
  readonly uploadsUsed: number;
  readonly minimumAge: number | null;
  readonly returnUrl: string | null;
  readonly locale: string;
  readonly reasons: readonly Reason[];
  readonly epoch: number;
  readonly epochOpenedAt: Date;
  readonly captureGeneration: number;
  /** Of a capture token that was offered to another device and not used yet. */
  readonly handoverGeneration: number | null;
  readonly handoverExpiresAt: Date | null;
  /** Of the token that a handover has left with reading and withdrawing. */
  readonly readerGeneration: number | null;
  readonly captureExpiresAt: Date;
  readonly createdAt: Date;
  readonly submittedAt: Date | null;
  readonly decidedAt: Date | null;
  readonly validUntil: Date | null;
  /** The person asked to be erased from the record itself: `learnerRef` is a pseudonym from then on. */
  readonly erasedAt: Date | null;
  readonly redactionStatus: RedactionStatus;
  readonly redactionDueAt: Date | null;
  readonly redactionDoneAt: Date | null;
  /** A legal hold lives: nothing of it is deleted. Whether that may be told. */
  readonly hold: HoldNotice | null;
  readonly sequence: number;
  readonly rowVersion: number;
}

/** The newest generation of capture tokens that was ever given out: each further one is newer. */
export const newestGeneration = (v: Pick<Verification, 'captureGeneration' | 'handoverGeneration'>): number =>
  Math.max(v.captureGeneration, v.handoverGeneration ?? 0);

/** All tokens given out before are dead. */
export const freshCapture = (v: Pick<Verification, 'captureGeneration' | 'handoverGeneration'>) => ({
  captureGeneration: newestGeneration(v) + 1,
  handoverGeneration: null,
  handoverExpiresAt: null,
  readerGeneration: null,
});

export const attemptsLeft = (v: Pick<Verification, 'attempt' | 'maxAttempts'>): number =>
  v.maxAttempts - v.attempt;

/** Whether a certificate may be bought on it at `now`, and if not, why. */
export function eligibility(v: Verification, now: Date): { eligible: boolean; reason: string | null } {
  if (v.erasedAt) return { eligible: false, reason: 'erased' };
  if (v.status === 'revoked') return { eligible: false, reason: 'revoked' };
  if (v.status !== 'approved') return { eligible: false, reason: 'not_approved' };
  if (!v.validUntil || v.validUntil <= now) return { eligible: false, reason: 'lapsed' };
  return { eligible: true, reason: null };
}

const REFUND_STATUSES: readonly Status[] = ['declined', 'expired', 'canceled', 'revoked'];

/** A refund is recommended where an order was named and its certificate can no longer be had. */
export const refund = (v: Pick<Verification, 'status' | 'orderRef'>): 'not_applicable' | 'recommended' =>
  v.orderRef !== null && REFUND_STATUSES.includes(v.status) ? 'recommended' : 'not_applicable';
