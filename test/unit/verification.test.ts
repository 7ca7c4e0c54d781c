import fc from 'fast-check';
import { STATUSES, type Status } from '../../src/domain/state-machine.js';
import {
  attemptsLeft,
  eligibility,
  LIMITS,
  refund,
  type Verification,
} from '../../src/domain/verification.js';

const NOW = new Date('2026-06-01T12:00:00Z');
const after = (ms: number) => new Date(NOW.getTime() + ms);

const verificationOf = (more: Partial<Verification> = {}): Verification => ({
  id: 'ver_1',
  tenantId: 'ten_1',
  livemode: false,
  learnerRef: 'learner',
  orderRef: null,
  status: 'approved',
  method: 'biometric',
  attempt: 1,
  maxAttempts: 3,
  uploadsUsed: 0,
  minimumAge: null,
  returnUrl: null,
  locale: 'en',
  reasons: [],
  epoch: 1,
  epochOpenedAt: NOW,
  captureGeneration: 1,
  handoverGeneration: null,
  handoverExpiresAt: null,
  readerGeneration: null,
  captureExpiresAt: after(1),
  createdAt: NOW,
  submittedAt: null,
  decidedAt: null,
  validUntil: after(1),
  erasedAt: null,
  redactionStatus: 'none',
  redactionDueAt: null,
  redactionDoneAt: null,
  hold: null,
  sequence: 0,
  rowVersion: 1,
  ...more,
});

describe('eligibility', () => {
  it.each(STATUSES)('in %s is what the status allows', (status) => {
    const expected: Partial<Record<Status, object>> = {
      approved: { eligible: true, reason: null },
      revoked: { eligible: false, reason: 'revoked' },
    };
    expect(eligibility(verificationOf({ status }), NOW)).toEqual(
      expected[status] ?? { eligible: false, reason: 'not_approved' },
    );
  });

  it('ends with the validity, at its very moment', () => {
    const of = (validUntil: Date | null) => eligibility(verificationOf({ validUntil }), NOW);
    expect(of(after(1))).toEqual({ eligible: true, reason: null });
    expect(of(NOW)).toEqual({ eligible: false, reason: 'lapsed' });
    expect(of(after(-1))).toEqual({ eligible: false, reason: 'lapsed' });
    expect(of(null)).toEqual({ eligible: false, reason: 'lapsed' });
  });

  it.each(STATUSES)('is gone once the person was erased, in %s', (status) => {
    expect(eligibility(verificationOf({ status, erasedAt: NOW }), NOW)).toEqual({
      eligible: false,
      reason: 'erased',
    });
  });

  it('outlives redaction', () => {
    expect(eligibility(verificationOf({ redactionStatus: 'done', redactionDoneAt: NOW }), NOW).eligible).toBe(
      true,
    );
  });

  it('is given only to an approved, unerased verification that is still valid', () => {
    const date = fc.option(fc.integer({ min: -3, max: 3 }).map(after), { nil: null });
    fc.assert(
      fc.property(fc.constantFrom(...STATUSES), date, date, (status, validUntil, erasedAt) => {
        const { eligible, reason } = eligibility(verificationOf({ status, validUntil, erasedAt }), NOW);
        expect(eligible).toBe(
          status === 'approved' && erasedAt === null && validUntil !== null && validUntil > NOW,
        );
        expect(reason === null).toBe(eligible);
      }),
    );
  });
});

describe('a refund', () => {
  const LOST: readonly Status[] = ['declined', 'expired', 'canceled', 'revoked'];
  it.each(STATUSES)('in %s is recommended where an order was named and nothing can come of it', (status) => {
    expect(refund({ status, orderRef: 'order-1' })).toBe(
      LOST.includes(status) ? 'recommended' : 'not_applicable',
    );
    expect(refund({ status, orderRef: null })).toBe('not_applicable');
  });
});

describe('limits', () => {
  it('are the defaults of CONTRACT', () => {
    const hour = 3_600_000;
    expect(LIMITS).toEqual({
      captureWindow: 72 * hour,
      epochAge: 30 * 24 * hour,
      attempts: 3,
      uploadsPerAttempt: 30,
      validity: 365 * 24 * hour,
      eligibilityToken: hour / 12,
      reviewLease: hour / 4,
      handover: 10 * 60_000,
      appealWindow: 30 * 24 * hour,
      erasureDeadline: 30 * 24 * hour,
      idempotencyKept: 24 * hour,
    });
  });

  it('leave as many attempts as were not begun', () => {
    expect([1, 2, 3].map((attempt) => attemptsLeft({ attempt, maxAttempts: 3 }))).toEqual([2, 1, 0]);
  });
});
