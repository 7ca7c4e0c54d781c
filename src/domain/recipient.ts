import type { Purpose } from './disclosure.js';

/** `member`: gives courses. `processor`: works on the operator's behalf. `authority`: comes with a lawful order. */
export const RECIPIENT_KINDS = ['member', 'processor', 'authority'] as const;
export type RecipientKind = (typeof RECIPIENT_KINDS)[number];

/** How long an attestation of safeguards counts (milliseconds): whoever keeps people's data says each year that it is safe with them. */
export const ATTESTATION_COUNTS = 365 * 24 * 3_600_000;

export interface RecipientTerms {
  readonly agreementExpiresAt: Date;
  readonly safeguardsAttestedAt: Date | null;
  readonly endedAt: Date | null;
}

/** Why a recipient gets nothing. */
export type Lapse = 'ended' | 'agreement_expired' | 'safeguards_unattested' | 'attestation_too_old';

/** Why a recipient gets nothing at `now`, or `null` where its agreement and its safeguards stand. */
export function lapseOf(terms: RecipientTerms, now: Date): Lapse | null {
  if (terms.endedAt) return 'ended';
  if (terms.agreementExpiresAt <= now) return 'agreement_expired';
  if (!terms.safeguardsAttestedAt) return 'safeguards_unattested';
  return terms.safeguardsAttestedAt.getTime() + ATTESTATION_COUNTS <= now.getTime()
    ? 'attestation_too_old'
    : null;
}

/** Why a recipient may not be given anything for a purpose at `now`; `null` where it may. */
export const refusalOf = (
  recipient: RecipientTerms & { readonly purposes: readonly Purpose[] },
  purpose: Purpose,
  now: Date,
): Lapse | 'purpose_not_registered' | null =>
  lapseOf(recipient, now) ?? (recipient.purposes.includes(purpose) ? null : 'purpose_not_registered');

export type RecipientStatus = 'active' | 'lapsed' | 'ended';

export function statusOf(terms: RecipientTerms, now: Date): RecipientStatus {
  const lapse = lapseOf(terms, now);
  if (lapse === null) return 'active';
  return lapse === 'ended' ? 'ended' : 'lapsed';
}
