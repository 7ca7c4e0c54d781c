import {
  createLocalJWKSet,
  createRemoteJWKSet,
  errors,
  jwtVerify,
  type JSONWebKeySet,
  type JWTVerifyGetKey,
} from 'jose';
import { LetheError } from './lethe-error.js';

const TYPE = 'lethe-eligibility+jwt';

/** Where keys come from: a set that you keep (nothing is fetched), or the service whose set is fetched once and then kept. */
type Keys =
  | { readonly jwks: JSONWebKeySet; readonly issuer?: string }
  | { readonly jwks?: never; readonly issuer: string };

export type EligibilityCheck = Keys & {
  /** The course that is bought. */
  readonly audience: string;
  /** Who buys it; left out, the answer says whom the token is for. */
  readonly learnerRef?: string;
  /** Whether the token has to be of live mode. A purchase page wants `true`: one made with a test key would pass otherwise. */
  readonly livemode?: boolean;
};

export interface EligibilityClaims {
  readonly learnerRef: string;
  readonly courseId: string;
  readonly verificationId: string;
  readonly livemode: boolean;
  readonly issuer: string;
  readonly expiresAt: Date;
}

/** Each set fetches anew when it meets a key that it does not know, so one for an issuer is enough. */
const remoteKeys = new Map<string, JWTVerifyGetKey>();

function keysOf(issuer: string): JWTVerifyGetKey {
  const known = remoteKeys.get(issuer);
  if (known) return known;
  const keys = createRemoteJWKSet(new URL('/.well-known/jwks.json', issuer));
  remoteKeys.set(issuer, keys);
  return keys;
}

/**
 * Checks a token of `GET /v1/eligibility` without asking the service: EdDSA by one of its keys, of the type `lethe-eligibility+jwt`, not
 * expired, for this course and (if given) this learner.
 *
 * It says that the learner was eligible at most five minutes ago; a revocation since then is not in it.
 *
 * @throws LetheError `eligibility_token_invalid`; `network_error` where the issuer's keys could not be read, which says nothing of the token
 */
export async function checkEligibilityToken(
  token: string,
  { jwks, issuer, audience, learnerRef, livemode }: EligibilityCheck,
): Promise<EligibilityClaims> {
  const keys = jwks === undefined ? keysOf(issuer) : createLocalJWKSet(jwks);
  const { payload } = await jwtVerify(token, keys, {
    algorithms: ['EdDSA'],
    typ: TYPE,
    audience,
    requiredClaims: ['iss', 'sub', 'aud', 'exp', 'jti'],
    ...(issuer !== undefined && { issuer }),
    ...(learnerRef !== undefined && { subject: learnerRef }),
  }).catch((cause: unknown) => {
    throw isUnread(cause)
      ? new LetheError('network_error', 'The keys of the issuer could not be read', { cause })
      : invalid(cause);
  });
  const live = payload['livemode'] === true;
  if (livemode !== undefined && live !== livemode) throw invalid();
  return {
    learnerRef: payload.sub!,
    courseId: audience,
    verificationId: payload.jti!,
    livemode: live,
    issuer: payload.iss!,
    expiresAt: new Date(payload.exp! * 1000),
  };
}

const invalid = (cause?: unknown) =>
  new LetheError('eligibility_token_invalid', 'The token does not show that the learner is eligible', {
    cause,
  });

/** The library throws an error of its general kind where the answer was not a key set, and the platform's own where there was none. */
const isUnread = (cause: unknown): boolean =>
  !(cause instanceof errors.JOSEError) ||
  [errors.JWKSTimeout.code, errors.JOSEError.code].includes(cause.code);
