import type { Request } from 'express';
import { createRemoteJWKSet, errors as joseErrors, jwtVerify, type JWTVerifyGetKey } from 'jose';
import type { AccessKeys } from '../../app/access-keys.js';
import type { AppDeps } from '../../app/deps.js';
import type { makeHandover } from '../../app/handover.js';
import type { Staff } from '../../app/review.js';
import { AppError } from '../../domain/errors.js';
import type { ApiOperation } from '../api-description.js';
import type { Principal } from '../principal.js';

export interface OperatorIdentity {
  readonly issuer: string;
  readonly audience: string;
  readonly jwksUrl: string;
}

const BEARER = /^Bearer ([A-Za-z0-9._~+/=-]{1,4096})$/;
const SUBJECT = /^[A-Za-z0-9._:@|-]{1,128}$/;

/** Says who calls, and holds the operation's `security` against it: 401 for no valid credential, 403 for the wrong one. */
export function makeAuthenticate(
  deps: Pick<AppDeps, 'store' | 'captureTokens'> & {
    readonly accessKeys: AccessKeys;
    readonly handover: Pick<ReturnType<typeof makeHandover>, 'take'>;
    readonly operatorIdentity: OperatorIdentity | null;
  },
) {
  const { store, captureTokens, accessKeys, handover, operatorIdentity } = deps;
  let operatorKeys: JWTVerifyGetKey | undefined;

  async function identify(token: string): Promise<Principal> {
    if (token.startsWith('lk_')) {
      const key = await accessKeys.authenticate(token);
      if (key) return { kind: 'apiKey', key, scope: { tenantId: key.tenantId, livemode: key.livemode } };
    } else if (token.startsWith('lct_')) {
      const claim = captureTokens.verify(token);
      const v = claim && (await store.read.verifications.findById(claim.verificationId));
      if (claim && v?.livemode === claim.livemode) {
        if (v.captureGeneration === claim.generation)
          return { kind: 'captureToken', verification: v, access: 'full' };
        if (v.readerGeneration === claim.generation)
          return { kind: 'captureToken', verification: v, access: 'read' };
        const taken =
          v.handoverGeneration === claim.generation && (await handover.take(v.id, claim.generation));
        if (taken) return { kind: 'captureToken', verification: taken, access: 'full' };
      }
    } else if (operatorIdentity) {
      operatorKeys ??= createRemoteJWKSet(new URL(operatorIdentity.jwksUrl), {
        cooldownDuration: 5_000,
        timeoutDuration: 5_000,
      });
      return { kind: 'operatorJwt', staff: await verifyStaff(token, operatorIdentity, operatorKeys) };
    }
    throw new AppError('unauthenticated');
  }

  return async function authenticate(req: Request, operation: ApiOperation): Promise<Principal> {
    if (operation.security.length === 0) return { kind: 'anyone' };
    const token = BEARER.exec(req.headers.authorization ?? '')?.[1];
    if (token === undefined) throw new AppError('unauthenticated');
    const principal = await identify(token);

    const granted = operation.security.map((alternative) => alternative[principal.kind]).find((need) => need);
    if (!granted) throw new AppError('forbidden');
    switch (principal.kind) {
      case 'apiKey':
        if (!granted.every((scope) => principal.key.scopes.includes(scope))) throw new AppError('forbidden');
        break;
      case 'operatorJwt':
        if (!granted.some((role) => principal.staff.roles.includes(role))) throw new AppError('forbidden');
        break;
      case 'captureToken':
        // One verification, and no other exists for its holder.
        if (req.params['id'] !== principal.verification.id) throw new AppError('not_found');
        if (principal.access === 'read' && !granted.includes('read')) throw new AppError('forbidden');
        break;
      case 'anyone':
        break;
    }
    return principal;
  };
}

async function verifyStaff(token: string, identity: OperatorIdentity, keys: JWTVerifyGetKey): Promise<Staff> {
  const strings = (claim: unknown) =>
    Array.isArray(claim) ? claim.filter((item): item is string => typeof item === 'string') : [];
  try {
    const { payload } = await jwtVerify(token, keys, {
      issuer: identity.issuer,
      audience: identity.audience,
      algorithms: ['RS256', 'ES256', 'EdDSA'],
      requiredClaims: ['sub', 'exp'],
    });
    if (payload.sub === undefined || !SUBJECT.test(payload.sub)) throw new AppError('unauthenticated');
    return { id: payload.sub, roles: strings(payload['roles']), tenants: strings(payload['tenants']) };
  } catch (error) {
    // Keys that cannot be fetched are our operator's trouble and not a wrong token.
    if (
      error instanceof joseErrors.JWKSTimeout ||
      (error instanceof TypeError && error.message === 'fetch failed')
    )
      throw new AppError('unavailable', { retryAfter: 5 });
    throw new AppError('unauthenticated');
  }
}
