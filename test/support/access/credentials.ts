import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { importJWK, SignJWT, type JWK, type JWTPayload } from 'jose';
import type { Api } from '../api.js';
import { operate } from '../operator.js';
import type { Sandbox } from '../sandbox.js';

/** One of each kind of credential that somebody may call with. */

/** Whose objects exist for it. */
export type Realm = 'own' | 'live' | 'elsewhere';

export type Credential = { readonly name: string } & (
  | { readonly kind: 'none'; readonly header: string | null }
  | {
      readonly kind: 'apiKey';
      readonly header: string;
      readonly grants: readonly string[];
      readonly realm: Realm;
    }
  | {
      readonly kind: 'operatorJwt';
      readonly header: string;
      readonly grants: readonly string[];
      readonly realm: Realm | 'nowhere';
    }
  | CaptureCredential
);

interface CaptureCredential {
  readonly kind: 'captureToken';
  readonly grants: readonly string[];
  /** One for a verification of its own, for each call that may change something. */
  make(): Promise<{ readonly id: string; readonly header: string }>;
  /** It is used for another verification than its own. */
  readonly astray?: true;
}

const bearer = (token: string) => `Bearer ${token}`;

/** Changes the last characters, and so the signature. */
const forged = (token: string) => token.slice(0, -4) + (token.endsWith('AAAA') ? 'BBBB' : 'AAAA');

export const ROLES = ['reviewer', 'senior_reviewer', 'privacy_officer', 'auditor'] as const;
export const SCOPES = ['verifications:read', 'verifications:write', 'webhooks:manage'] as const;

/** The token rights that a learner's first device has: all of them. */
const LEARNER = ['read', 'write', 'submit'];

export async function makeCredentials(
  sandbox: Sandbox,
  api: Api,
  otherTenant: string,
  lapsed: { readonly id: string; readonly token: string },
): Promise<readonly Credential[]> {
  const { info } = sandbox;
  const newKey = async (...options: string[]) => {
    const made = (await operate(sandbox, 'keys', 'create', ...options)).printed[0]!;
    return { id: made['id']!, secret: made['secret']! };
  };
  const ours = ['--tenant', 'sandbox'];
  const revoked = await newKey(...ours);
  await operate(sandbox, 'keys', 'revoke', revoked.id);
  const expired = await newKey(...ours);
  await operate(sandbox, 'keys', 'rotate', expired.id, '--overlap', '0');

  const nobody = (name: string, token: string | null): Credential => ({
    name,
    kind: 'none',
    header: token === null ? null : bearer(token),
  });
  const key = (
    name: string,
    secret: string,
    grants: readonly string[],
    realm: Realm = 'own',
  ): Credential => ({
    name,
    kind: 'apiKey',
    header: bearer(secret),
    grants,
    realm,
  });

  const signer = makeStaffSigner(sandbox);
  const officer = { sub: 'somebody', roles: ROLES, tenants: [info.tenant] };
  const inAnHour = Math.floor(Date.now() / 1000) + 3600;
  const staff = async (
    name: string,
    roles: readonly string[],
    tenants: readonly string[],
    realm: Realm | 'nowhere',
  ): Promise<Credential> => ({
    name,
    kind: 'operatorJwt',
    header: bearer(await signer.sign({ sub: name.replaceAll(' ', '_'), roles, tenants, exp: inAnHour })),
    grants: roles,
    realm,
  });

  const learner = (
    name: string,
    grants: readonly string[],
    change: (id: string, token: string) => Promise<string>,
  ): Credential & CaptureCredential => ({
    name,
    kind: 'captureToken',
    grants,
    async make() {
      const { id, token } = await api.create();
      return { id, header: bearer(await change(id, token)) };
    },
  });
  const phone = async (id: string, token: string) => {
    const { body } = await api.call('POST', `/v1/verifications/${id}/handover`, { token });
    await api.call('GET', `/v1/verifications/${id}/capture`, { token: body.token as string });
    return body.token as string;
  };
  const dead = await api.create();
  await api.platform('POST', `/v1/verifications/${dead.id}/capture_tokens`);
  const living = await api.create();

  return [
    { name: 'none', kind: 'none', header: null },
    { name: 'a bearer of nothing', kind: 'none', header: 'Bearer ' },
    { name: 'a password', kind: 'none', header: `Basic ${btoa(`key:${info.api_key}`)}` },
    { name: 'a key without its scheme', kind: 'none', header: info.api_key },
    nobody('two keys', `${info.api_key} ${info.api_key}`),
    nobody('garbage', '!!'),
    nobody('a key that is not known', `lk_test_${'A'.repeat(43)}`),
    nobody('a live key that is not known', `lk_live_${info.api_key.slice('lk_test_'.length)}`),
    nobody('a forged key', forged(info.api_key)),
    nobody('a revoked key', revoked.secret),
    nobody('an expired key', expired.secret),
    nobody('a forged capture token', forged(living.token)),
    nobody('a replaced capture token', dead.token),
    nobody('half a capture token', living.token.slice(0, 30)),
    nobody('staff, expired', await signer.sign({ ...officer, exp: inAnHour - 7200 })),
    nobody('staff, without an end', await signer.sign(officer)),
    nobody('staff, nobody', await signer.sign({ ...officer, sub: undefined, exp: inAnHour })),
    nobody(
      'staff, of another issuer',
      await signer.sign({ ...officer, exp: inAnHour, iss: 'https://issuer.example' }),
    ),
    nobody('staff, for another audience', await signer.sign({ ...officer, exp: inAnHour, aud: 'others' })),
    nobody('staff, not signed', signer.unsigned({ ...officer, exp: inAnHour })),
    nobody(
      'staff, signed with the public key',
      await signer.signWithPublicKey({ ...officer, exp: inAnHour }),
    ),
    nobody('staff, signed by a stranger', await signer.signAsStranger({ ...officer, exp: inAnHour })),

    key('the platform', info.api_key, SCOPES),
    ...(await Promise.all(
      SCOPES.map(async (scope) =>
        key(`a key with ${scope}`, (await newKey(...ours, '--scopes', scope)).secret, [scope]),
      ),
    )),
    key('a Member', info.member_api_key, ['outcomes:read']),
    key('the platform, live', (await newKey(...ours, '--live')).secret, SCOPES, 'live'),
    key('another platform', (await newKey('--tenant', 'other')).secret, SCOPES, 'elsewhere'),

    learner('a learner', LEARNER, (_id, token) => Promise.resolve(token)),
    learner('a learner on a phone', LEARNER, phone),
    learner('a learner whose phone took over', ['read'], async (id, token) => {
      await phone(id, token);
      return token;
    }),
    {
      name: 'a learner whose window has lapsed',
      kind: 'captureToken',
      grants: LEARNER,
      make: () => Promise.resolve({ id: lapsed.id, header: bearer(lapsed.token) }),
    },
    { ...learner('another learner', LEARNER, (_id, token) => Promise.resolve(token)), astray: true },

    ...(await Promise.all(ROLES.map((role) => staff(role, [role], [info.tenant], 'own')))),
    await staff('staff of no role', ['administrator'], [info.tenant], 'own'),
    await staff('staff of another tenant', ROLES, [otherTenant], 'elsewhere'),
    await staff('staff of no tenant', ROLES, [], 'nowhere'),
  ];
}

/** Signs as the sandbox's identity provider does, and as it never would. */
function makeStaffSigner(sandbox: Sandbox) {
  const file = path.join(sandbox.dataDir, 'issuer', 'staff.jwk');
  const secret = JSON.parse(readFileSync(file, 'utf8')) as JWK;
  const [head = '', claims = ''] = sandbox.info.tokens.auditor.split('.');
  const parse = (part: string) =>
    JSON.parse(Buffer.from(part, 'base64url').toString('utf8')) as Readonly<Record<string, string>>;
  const { kid = '' } = parse(head);
  const { iss, aud } = parse(claims);
  const defaults = { ...(iss === undefined ? {} : { iss }), ...(aud === undefined ? {} : { aud }) };
  const claimed = (alg: string, payload: JWTPayload | object) =>
    new SignJWT({ ...defaults, ...payload }).setProtectedHeader({ alg, kid });
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const { privateKey } = generateKeyPairSync('ed25519');
  return {
    sign: async (payload: object) => claimed('EdDSA', payload).sign(await importJWK(secret, 'EdDSA')),
    signAsStranger: (payload: object) => claimed('EdDSA', payload).sign(privateKey),
    /** The public key as if it were a shared secret (RFC 8725, 2.1). */
    signWithPublicKey: (payload: object) =>
      claimed('HS256', payload).sign(Buffer.from(secret.x ?? '', 'base64url')),
    unsigned: (payload: object) => `${encode({ alg: 'none', kid })}.${encode({ ...defaults, ...payload })}.`,
  };
}
