import { createRemoteJWKSet, jwtVerify } from 'jose';
import { makeApi, type Api } from '../support/api.js';
import { startSandbox, type Sandbox } from '../support/sandbox.js';

let sandbox: Sandbox;
let api: Api;
beforeAll(async () => {
  sandbox = await startSandbox();
  api = makeApi(sandbox.info);
}, 180_000);
afterAll(() => sandbox.dispose());

const expected = { full_name: 'Anna Maria Eriksson' };
const create = (body: unknown, headers: Record<string, string> = {}) =>
  api.platform('POST', '/v1/verifications', body, headers);

describe('creating a verification', () => {
  it('answers with everything the purchase flow needs', async () => {
    const learner = api.newLearner();
    const { status, body, headers } = await create({
      learner_ref: learner,
      expected,
      courses: ['c1'],
      order_ref: 'o1',
    });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      livemode: false,
      learner_ref: learner,
      order_ref: 'o1',
      courses: ['c1'],
      status: 'requires_input',
      attempt: 1,
      attempts_left: 2,
      required: ['id_front', 'selfie'],
      received: [],
      consent: null,
      purchase: { eligible: false, refund: 'not_applicable' },
      redaction: { status: 'none' },
    });
    expect(body.id).toMatch(/^ver_[0-9a-hjkmnp-tv-z]{26}$/);
    expect(body.capture.url).toBe(`${sandbox.info.base_url}/capture#${body.capture.token}`);
    expect(headers.get('etag')).toMatch(/^"\d+"$/);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(JSON.stringify(body)).not.toContain('Eriksson');
  });

  it.each([
    ['an unknown field', { learner_ref: 'x', expected, email: 'a@b.c' }, 'unexpected_field', '/email'],
    ['payment data', { learner_ref: 'x', expected, card_number: '4111' }, 'unexpected_field', '/card_number'],
    [
      'gender inside expected',
      { learner_ref: 'x', expected: { ...expected, gender: 'f' } },
      'unexpected_field',
      '/expected/gender',
    ],
    [
      'an e-mail address as reference',
      { learner_ref: 'a@b.c', expected },
      'learner_ref_not_opaque',
      '/learner_ref',
    ],
    ['no name', { learner_ref: 'x', expected: {} }, 'invalid_field', '/expected/full_name'],
    [
      'an empty name',
      { learner_ref: 'x', expected: { full_name: ' ' } },
      'invalid_field',
      '/expected/full_name',
    ],
    [
      'a date that does not exist',
      { learner_ref: 'x', expected: { ...expected, date_of_birth: '1999-02-30' } },
      'invalid_field',
      '/expected/date_of_birth',
    ],
    [
      'a foreign return address',
      { learner_ref: 'x', expected, return_url: 'https://evil.example/' },
      'return_url_not_allowed',
      '/return_url',
    ],
    [
      'a script as return address',
      { learner_ref: 'x', expected, return_url: 'javascript:alert(1)' },
      'return_url_not_allowed',
      '/return_url',
    ],
    ['a NUL character', { learner_ref: 'x\u0000', expected }, 'invalid_field', '/learner_ref'],
  ])('refuses %s', async (_what, body, code, pointer) => {
    const answer = await create(body);
    expect(answer.status).toBe(422);
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(answer.body).toMatchObject({ code, status: 422 });
    expect(answer.body.errors.map((error: { pointer: string }) => error.pointer)).toContain(pointer);
  });

  it.each([
    ['no JSON', '{', {}, 400, 'invalid_request'],
    ['a form', 'a=b', { 'Content-Type': 'application/x-www-form-urlencoded' }, 415, 'unsupported_media_type'],
    ['too much', JSON.stringify({ learner_ref: 'x'.repeat(70_000) }), {}, 413, 'payload_too_large'],
  ])('refuses %s', async (_what, body, headers, status, code) => {
    expect(await create(body, headers)).toMatchObject({ status, body: { code } });
  });

  it('takes consent given at the shop, for the version in force only', async () => {
    const consent = {
      policy_version: sandbox.info.policy_version,
      given_at: new Date().toISOString(),
      biometrics: false,
      cross_border: true,
    };
    const { body } = await create({ learner_ref: api.newLearner(), expected, consent });
    expect(body).toMatchObject({
      method: 'manual',
      consent: { collected_by: 'platform', biometrics: false },
    });
    expect(
      await create({
        learner_ref: api.newLearner(),
        expected,
        consent: { ...consent, policy_version: '1999' },
      }),
    ).toMatchObject({
      status: 422,
      body: { code: 'policy_version_unknown', current_version: sandbox.info.policy_version },
    });
    expect(
      (
        await create({
          learner_ref: api.newLearner(),
          expected,
          consent: { ...consent, cross_border: false },
        })
      ).status,
    ).toBe(422);
  });
});

describe('idempotency', () => {
  it('answers a repeated call with the same resource, its capture token included', async () => {
    const key = { 'Idempotency-Key': 'key-1' };
    const body = { learner_ref: api.newLearner(), expected };
    const [first, second] = [
      await create(body, key),
      await create({ expected, learner_ref: body.learner_ref }, key),
    ];
    expect(second.status).toBe(201);
    expect(second.body).toEqual(first.body);
    expect(await create({ ...body, order_ref: 'other' }, key)).toMatchObject({
      status: 422,
      body: { code: 'idempotency_key_reused' },
    });
  });

  it('makes one of many calls at once', async () => {
    const key = { 'Idempotency-Key': 'key-2' };
    const body = { learner_ref: api.newLearner(), expected };
    const answers = await Promise.all(Array.from({ length: 8 }, () => create(body, key)));
    const made = answers.filter(({ status }) => status === 201);
    expect(new Set(made.map((answer) => answer.body.id)).size).toBe(1);
    for (const { status, body: problem } of answers)
      expect(status === 201 || problem.code === 'idempotency_in_progress').toBe(true);
  });

  it('forgets a refused call, so that it can be put right', async () => {
    const key = { 'Idempotency-Key': 'key-3' };
    const learner = api.newLearner();
    const first = await create({ learner_ref: learner, expected });
    const refused = await create({ learner_ref: learner, expected }, key);
    expect(refused.status).toBe(409);
    await api.platform('POST', `/v1/verifications/${first.body.id}/cancel`, {});
    expect((await create({ learner_ref: learner, expected }, key)).status).toBe(201);
  });
});

describe('one learner, one open verification', () => {
  it('holds under a race', async () => {
    const learner = api.newLearner();
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => create({ learner_ref: learner, expected })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409, 409]);
  });
});

describe('changes', () => {
  it('refuses a stale one', async () => {
    const { id } = await api.create();
    const { headers } = await api.platform('GET', `/v1/verifications/${id}`);
    const version = { 'If-Match': headers.get('etag')! };
    const patch = () => api.platform('PATCH', `/v1/verifications/${id}`, { expected }, version);
    expect((await patch()).status).toBe(200);
    expect(await patch()).toMatchObject({ status: 412, body: { code: 'stale_version' } });
  });

  it('kills the old capture token when a fresh one is made', async () => {
    const { id, token } = await api.create();
    const { body } = await api.platform('POST', `/v1/verifications/${id}/capture_tokens`);
    expect((await api.call('GET', `/v1/verifications/${id}/capture`, { token })).status).toBe(401);
    expect(
      (await api.call('GET', `/v1/verifications/${id}/capture`, { token: body.capture.token })).status,
    ).toBe(200);
  });
});

describe('lists', () => {
  it('pages newest first, by learner and status', async () => {
    const learner = api.newLearner();
    const made: string[] = [];
    for (let i = 0; i < 5; i++) {
      const { body } = await create({ learner_ref: learner, expected });
      made.unshift(body.id as string);
      if (i < 4) await api.platform('POST', `/v1/verifications/${body.id}/cancel`, {});
    }
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const next: string = cursor === '' ? '' : `&cursor=${cursor}`;
      const { body } = await api.platform('GET', `/v1/verifications?learner_ref=${learner}&limit=2${next}`);
      seen.push(...body.data.map(({ id }: { id: string }) => id));
      cursor = body.next_cursor as string | null;
    }
    expect(seen).toEqual(made);
    const canceled = await api.platform(
      'GET',
      `/v1/verifications?learner_ref=${learner}&status=canceled,declined`,
    );
    expect(canceled.body.data).toHaveLength(4);
  });

  it.each([
    'limit=0',
    'limit=101',
    'limit=x',
    'cursor=nonsense',
    'status=bogus',
    'statsu=approved',
    'created_at[gte]=yesterday',
  ])('refuses ?%s', async (query) => {
    expect((await api.platform('GET', `/v1/verifications?${query}`)).status).toBe(422);
  });
});

describe('eligibility', () => {
  it('is proven by a token that anyone can check', async () => {
    const { id, learner } = await api.create(undefined, { courses: ['c1'] });
    const ask = async (course: string) =>
      (await api.platform('GET', `/v1/eligibility?learner_ref=${learner}&course_id=${course}`)).body;
    expect(await ask('c1')).toMatchObject({ eligible: false, reason: 'not_approved' });
    await api.platform('POST', `/v1/test/verifications/${id}/simulate`, { outcome: 'approved' });
    expect(await ask('c2')).toMatchObject({ eligible: false, reason: 'course_not_bound' });
    const { token } = await ask('c1');
    const keys = createRemoteJWKSet(new URL(`${sandbox.info.base_url}/.well-known/jwks.json`));
    const { payload } = await jwtVerify(token, keys, {
      audience: 'c1',
      subject: learner,
      typ: 'lethe-eligibility+jwt',
    });
    expect(payload).toMatchObject({ jti: id, livemode: false });
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(300);
    await api.platform('POST', `/v1/verifications/${id}/courses`, { course_id: 'c2' });
    expect(await ask('c2')).toMatchObject({ eligible: true });
    await api.platform('POST', `/v1/verifications/${id}/revoke`, { reason: 'honor_code' });
    expect(await ask('c1')).toMatchObject({ eligible: false, reason: 'revoked' });
  });
});

describe('who may call', () => {
  it('tells an unknown path, a wrong method, a missing and a wrong credential apart', async () => {
    const { id, token } = await api.create();
    const other = await api.create();
    const codeOf = async (method: string, url: string, credential?: string) => {
      const { status, body } = await api.call(
        method,
        url,
        credential === undefined ? {} : { token: credential },
      );
      return [status, body.code];
    };
    const { tokens, api_key } = sandbox.info;
    expect(await codeOf('GET', '/v1/nothing')).toEqual([404, 'not_found']);
    expect(await codeOf('PUT', `/v1/verifications/${id}`, api_key)).toEqual([405, 'method_not_allowed']);
    expect(await codeOf('GET', `/v1/verifications/${id}`)).toEqual([401, 'unauthenticated']);
    expect(await codeOf('GET', `/v1/verifications/${id}`, `lk_test_${'a'.repeat(43)}`)).toEqual([
      401,
      'unauthenticated',
    ]);
    expect(await codeOf('GET', `/v1/verifications/${id}`, token)).toEqual([403, 'forbidden']);
    expect(await codeOf('GET', `/v1/verifications/${id}`, tokens.reviewer)).toEqual([403, 'forbidden']);
    expect(await codeOf('GET', `/v1/verifications/${id}/capture`, other.token)).toEqual([404, 'not_found']);
    expect(await codeOf('GET', `/v1/verifications/${id}/capture`, api_key)).toEqual([403, 'forbidden']);
    expect(
      await codeOf(
        'GET',
        `/v1/verifications/${id}/capture`,
        token.slice(0, -1) + (token.endsWith('A') ? 'B' : 'A'),
      ),
    ).toEqual([401, 'unauthenticated']);
    expect(await codeOf('GET', '/v1/reviews', tokens.auditor)).toEqual([403, 'forbidden']);
    expect(await codeOf('GET', '/v1/reviews', api_key)).toEqual([403, 'forbidden']);
    expect(await codeOf('GET', '/v1/verifications/ver_00000000000000000000000000', api_key)).toEqual([
      404,
      'not_found',
    ]);
    expect(await codeOf('GET', `/v1/verifications/${id}/deletion_receipt`, tokens.auditor)).toEqual([
      404,
      'not_found',
    ]);
  });

  it('refuses staff tokens of another key, audience or algorithm', async () => {
    const [header, payload] = sandbox.info.tokens.reviewer.split('.');
    const none = Buffer.from('{"alg":"none"}').toString('base64url');
    for (const forged of [
      `${none}.${payload}.`,
      `${header}.${payload}.${'A'.repeat(86)}`,
      'abc',
      `${header}.${payload}`,
    ])
      expect((await api.call('GET', '/v1/reviews', { token: forged })).status).toBe(401);
  });
});

describe('the public side', () => {
  it('shows policy, retention, keys, health and its own description', async () => {
    const policy = await api.call('GET', '/v1/policy');
    expect(policy.body).toMatchObject({
      version: sandbox.info.policy_version,
      revised_notice: null,
      processing_country: 'US',
    });
    expect(policy.body.retention.map(({ kind }: { kind: string }) => kind)).toContain('face_template');
    expect((await api.call('GET', '/healthz')).body).toEqual({ status: 'ok' });
    expect((await api.call('GET', '/readyz')).body).toEqual({
      status: 'ready',
      parts: { postgres: 'ok', redis: 'ok', storage: 'ok', keys: 'ok' },
    });
    expect((await api.call('GET', '/openapi.json')).body.openapi).toBe('3.1.0');
    for (const key of (await api.call('GET', '/.well-known/jwks.json')).body.keys)
      expect(key).not.toHaveProperty('d');
    expect((await api.call('GET', '/v1/test/issuer/jwks.json')).body.keys[0]).not.toHaveProperty('d');
  });

  it('answers with the request id that it was given, or one of its own', async () => {
    const given = await api.call('GET', '/healthz', { headers: { 'X-Request-Id': 'abc-123' } });
    expect(given.headers.get('x-request-id')).toBe('abc-123');
    const odd = await api.call('GET', '/v1/nothing', { headers: { 'X-Request-Id': 'a b<c>' } });
    expect(odd.body.request_id).toMatch(/^[0-9a-f-]{36}$/);
  });
});
