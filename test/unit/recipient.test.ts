import { ATTESTATION_COUNTS, lapseOf, refusalOf, statusOf } from '../../src/domain/recipient.js';

const DAY = 24 * 3_600_000;
const NOW = new Date('2026-06-01T12:00:00Z');
const after = (ms: number) => new Date(NOW.getTime() + ms);

const terms = {
  agreementExpiresAt: after(DAY),
  safeguardsAttestedAt: after(-DAY),
  endedAt: null,
  purposes: ['certificate'] as const,
};

describe('a recipient', () => {
  it('is active while its agreement and its safeguards stand', () => {
    expect(lapseOf(terms, NOW)).toBeNull();
    expect(statusOf(terms, NOW)).toBe('active');
    expect(refusalOf(terms, 'certificate', NOW)).toBeNull();
  });

  it.each([
    ['its agreement ends this moment', { agreementExpiresAt: NOW }, 'agreement_expired', 'lapsed'],
    ['it never attested safeguards', { safeguardsAttestedAt: null }, 'safeguards_unattested', 'lapsed'],
    [
      'its attestation is a year old this moment',
      { safeguardsAttestedAt: after(-ATTESTATION_COUNTS) },
      'attestation_too_old',
      'lapsed',
    ],
    ['it was ended', { endedAt: after(-1) }, 'ended', 'ended'],
    [
      'it was ended, and all else has lapsed too',
      { endedAt: after(-1), safeguardsAttestedAt: null },
      'ended',
      'ended',
    ],
  ])('gets nothing where %s', (_what, change, lapse, status) => {
    const changed = { ...terms, ...change };
    expect(lapseOf(changed, NOW)).toBe(lapse);
    expect(statusOf(changed, NOW)).toBe(status);
    expect(refusalOf(changed, 'certificate', NOW)).toBe(lapse);
  });

  it('is active to the last millisecond', () => {
    expect(lapseOf({ ...terms, agreementExpiresAt: after(1) }, NOW)).toBeNull();
    expect(lapseOf({ ...terms, safeguardsAttestedAt: after(1 - ATTESTATION_COUNTS) }, NOW)).toBeNull();
  });

  it('gets nothing for a purpose that it is not registered for', () => {
    expect(refusalOf(terms, 'honor_code', NOW)).toBe('purpose_not_registered');
  });
});
