import { eligibility, LIMITS } from '../domain/verification.js';
import type { AppDeps } from './deps.js';
import type { Scope } from './ports/store.js';

export const ELIGIBILITY_TYPE = 'lethe-eligibility+jwt';

export interface EligibilityAnswer {
  readonly eligible: boolean;
  readonly verificationId: string | null;
  readonly validUntil: Date | null;
  readonly reason: string | null;
  readonly token: string | null;
}

/** Answers whether a learner may buy the certificate of a course, with a token that a partner can check offline. */
export function makeCheckEligibility(deps: Pick<AppDeps, 'store' | 'clock' | 'signer' | 'settings'>) {
  const { store, clock, signer, settings } = deps;
  return async function checkEligibility(
    scope: Scope,
    learnerRef: string,
    courseId: string,
  ): Promise<EligibilityAnswer> {
    const now = clock.now();
    const candidates = await store.read.verifications.ofLearner(scope, learnerRef);
    // What was approved answers before what is newer: a second attempt does not take an approval away.
    const v =
      candidates.find((candidate) => eligibility(candidate, now).eligible) ??
      candidates.find((candidate) => candidate.status === 'approved' || candidate.status === 'revoked') ??
      candidates[0];
    if (!v) return { eligible: false, verificationId: null, validUntil: null, reason: 'none', token: null };

    const { eligible, reason } = eligibility(v, now);
    const answer = { verificationId: v.id, validUntil: v.validUntil, token: null };
    if (!eligible) return { ...answer, eligible, reason };
    if (!(await store.read.courses.list(v.id)).includes(courseId))
      return { ...answer, eligible: false, reason: 'course_not_bound' };

    // Signatures keep real time: whoever checks the token has no sandbox clock.
    const issuedAt = Math.floor(new Date().getTime() / 1000);
    const token = await signer.sign(ELIGIBILITY_TYPE, {
      iss: settings.publicBaseUrl,
      sub: learnerRef,
      aud: courseId,
      iat: issuedAt,
      exp: issuedAt + LIMITS.eligibilityToken / 1000,
      jti: v.id,
      livemode: v.livemode,
    });
    return { ...answer, eligible, reason, token };
  };
}
