import { readFileSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { CompactSign, exportJWK, generateKeyPair, type JSONWebKeySet } from 'jose';
import { Webhook } from 'standardwebhooks';
import {
  checkEligibilityToken,
  LetheError,
  paginate,
  verifyWebhook,
} from '../../clients/typescript/src/index.js';

const codeOf = async (work: () => unknown): Promise<string> => {
  try {
    await work();
  } catch (error) {
    if (error instanceof LetheError) return error.code;
    throw error;
  }
  return 'nothing was thrown';
};

describe('paginate', () => {
  const pages = [
    { data: [1, 2], next_cursor: 'a' },
    { data: [], next_cursor: 'b' },
    { data: [3], next_cursor: null },
  ];

  it('gives the items of all pages in their order, also behind an empty page', async () => {
    const cursors: (string | undefined)[] = [];
    const items: number[] = [];
    const all = paginate((page) => {
      cursors.push(page.cursor);
      return Promise.resolve({ data: pages[cursors.length - 1]! });
    });
    for await (const item of all) items.push(item);
    expect(items).toEqual([1, 2, 3]);
    expect(cursors).toEqual([undefined, 'a', 'b']);
  });

  it('reads no page that is not asked for', async () => {
    let read = 0;
    for await (const item of paginate(() => Promise.resolve({ data: pages[read++]! }))) if (item === 2) break;
    expect(read).toBe(1);
  });
});

describe('verifyWebhook', () => {
  const secret = `whsec_${Buffer.alloc(32, 1).toString('base64')}`;
  const other = `whsec_${Buffer.alloc(32, 2).toString('base64')}`;
  const body = JSON.stringify({
    type: 'verification.approved',
    timestamp: '2026-11-28T05:13:29.000Z',
    data: { id: 'ver_1', sequence: 5, status: 'approved', reasons: [], purchase: { eligible: true } },
  });
  const signed = (raw = body, at = new Date(), by = secret) => ({
    'webhook-id': 'evt_1',
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': new Webhook(by).sign('evt_1', at, raw),
  });

  it('gives the event with its id, from text or bytes, from headers of Node or of fetch', () => {
    const expected = { id: 'evt_1', ...(JSON.parse(body) as object) };
    expect(verifyWebhook(body, signed(), secret)).toEqual(expected);
    expect(verifyWebhook(Buffer.from(body), new Headers(signed()), secret)).toEqual(expected);
  });

  it('takes any of several secrets', () => {
    expect(verifyWebhook(body, signed(body, new Date(), other), [secret, other]).id).toBe('evt_1');
  });

  const minutes = (n: number) => new Date(new Date().getTime() + n * 60_000);
  it.each([
    ['another body', () => verifyWebhook(body.replace('true', 'false'), signed(), secret)],
    [
      'a body that was written anew',
      () => verifyWebhook(JSON.stringify(JSON.parse(body), null, 1), signed(), secret),
    ],
    ['another id', () => verifyWebhook(body, { ...signed(), 'webhook-id': 'evt_2' }, secret)],
    ['a secret that is not ours', () => verifyWebhook(body, signed(), other)],
    ['no secret', () => verifyWebhook(body, signed(), [])],
    ['a message of ten minutes ago', () => verifyWebhook(body, signed(body, minutes(-10)), secret)],
    ['a message of the future', () => verifyWebhook(body, signed(body, minutes(10)), secret)],
    ['no signature', () => verifyWebhook(body, { ...signed(), 'webhook-signature': undefined }, secret)],
    ['no headers', () => verifyWebhook(body, {}, secret)],
    ['a signed body that is no JSON', () => verifyWebhook('{', signed('{'), secret)],
  ])('refuses %s', async (_name, verify) => {
    expect(await codeOf(verify)).toBe('webhook_invalid');
  });
});

describe('checkEligibilityToken', () => {
  const audience = 'course-v1:Arcadia+Statistics+2026';
  let jwks: JSONWebKeySet;
  let sign: (claims?: object, header?: object) => Promise<string>;

  beforeAll(async () => {
    const { privateKey, publicKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
    jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: 'key-1', alg: 'EdDSA', use: 'sig' }] };
    sign = (claims = {}, header = {}) => {
      const iat = Math.floor(new Date().getTime() / 1000);
      const all = {
        iss: 'https://lethe.example',
        sub: 'learner-1',
        aud: audience,
        iat,
        exp: iat + 300,
        jti: 'ver_1',
        livemode: true,
        ...claims,
      };
      return new CompactSign(Buffer.from(JSON.stringify(all)))
        .setProtectedHeader({ alg: 'EdDSA', kid: 'key-1', typ: 'lethe-eligibility+jwt', ...header })
        .sign(privateKey);
    };
  });

  it('says whom and what a token is for', async () => {
    const options = {
      jwks,
      issuer: 'https://lethe.example',
      audience,
      learnerRef: 'learner-1',
      livemode: true,
    };
    const claims = await checkEligibilityToken(await sign(), options);
    expect(claims).toMatchObject({
      learnerRef: 'learner-1',
      courseId: audience,
      verificationId: 'ver_1',
      livemode: true,
      issuer: 'https://lethe.example',
    });
    expect(claims.expiresAt.getTime()).toBeGreaterThan(new Date().getTime());
  });

  const past = Math.floor(new Date().getTime() / 1000) - 600;
  it.each([
    ['has expired', { exp: past }, {}, {}],
    ['never expires', { exp: undefined }, {}, {}],
    ['is for another course', { aud: 'course-v1:Arcadia+Algebra+2026' }, {}, {}],
    ['is for another learner', { sub: 'learner-2' }, {}, {}],
    ['is for nobody', { sub: undefined }, {}, {}],
    ['comes from another service', { iss: 'https://other.example' }, {}, {}],
    ['was made in test mode', { livemode: false }, {}, {}],
    ['says nothing of its mode', { livemode: undefined }, {}, {}],
    ['is something else that the service signed', {}, { typ: 'lethe-deletion-receipt+jwt' }, {}],
    ['has no type', {}, { typ: undefined }, {}],
    ['names a key that is not published', {}, { kid: 'key-2' }, {}],
    ['meets no key at all', {}, {}, { jwks: { keys: [] } }],
  ])('refuses a token that %s', async (_name, claims, header, options) => {
    const asked = {
      jwks,
      issuer: 'https://lethe.example',
      audience,
      learnerRef: 'learner-1',
      livemode: true,
    };
    const token = await sign(claims, header);
    expect(await codeOf(() => checkEligibilityToken(token, { ...asked, ...options }))).toBe(
      'eligibility_token_invalid',
    );
  });

  it('refuses what was signed otherwise than with EdDSA, or changed', async () => {
    const token = await sign();
    const [header, payload, signature] = token.split('.') as [string, string, string];
    const none = Buffer.from('{"alg":"none","typ":"lethe-eligibility+jwt"}').toString('base64url');
    const changed = Buffer.from(
      Buffer.from(payload, 'base64url').toString('utf8').replace('learner-1', 'learner-2'),
    ).toString('base64url');
    for (const wrong of [`${none}.${payload}.`, `${header}.${changed}.${signature}`, 'no token', ''])
      expect(await codeOf(() => checkEligibilityToken(wrong, { jwks, audience }))).toBe(
        'eligibility_token_invalid',
      );
  });

  it('reads the keys of the issuer once', async () => {
    let asked = 0;
    const server = http.createServer((req, res) => {
      asked++;
      res.writeHead(req.url === '/.well-known/jwks.json' ? 200 : 404).end(JSON.stringify(jwks));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    try {
      for (let i = 0; i < 3; i++)
        await checkEligibilityToken(await sign({ iss: issuer }), { issuer, audience });
      expect(asked).toBe(1);
    } finally {
      server.close();
    }
  });
});

describe('keys that cannot be read', () => {
  it.each([
    ['do not come', null],
    ['are none', 404],
  ])('are not held against the token: they %s', async (_name, status) => {
    const server = http.createServer((_req, res) =>
      status === null ? res.destroy() : res.writeHead(status).end(),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const header = Buffer.from('{"alg":"EdDSA","typ":"lethe-eligibility+jwt"}').toString('base64url');
    const check = () => checkEligibilityToken(`${header}.e30.c2ln`, { issuer, audience: 'course' });
    expect(await codeOf(check)).toBe('network_error');
    server.close();
  });
});

describe('the package', () => {
  it('depends on three packages, at the versions that it is built and tested with', () => {
    type Manifest = Readonly<Record<'dependencies' | 'devDependencies', Readonly<Record<string, string>>>>;
    const read = (file: string) => readFileSync(path.resolve(import.meta.dirname, '../..', file), 'utf8');
    const ours = JSON.parse(read('package.json')) as Manifest;
    const { dependencies } = JSON.parse(read('clients/typescript/package.json')) as Manifest;
    const installed = { ...ours.devDependencies, ...ours.dependencies };
    for (const [name, version] of Object.entries(dependencies))
      expect([name, installed[name]]).toEqual([name, version]);
    expect(Object.keys(dependencies).sort()).toEqual(['jose', 'openapi-fetch', 'standardwebhooks']);
  });
});
