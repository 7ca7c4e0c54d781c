import fc from 'fast-check';
import { readApiDescription, type ApiOperation } from '../../src/http/api-description.js';
import { AppError, type FieldProblem } from '../../src/domain/errors.js';
import type { OperationId } from '../../src/http/operation.js';

const { document, operations } = readApiDescription();
const operation = (id: OperationId): ApiOperation => {
  const found = operations.find((candidate) => candidate.id === id);
  if (!found) throw new Error('no such operation');
  return found;
};

/** The refusal that a check ends with; `null` where it passes. */
function refusalOf(
  check: () => void,
): { code: string; status: number; errors: readonly FieldProblem[] } | null {
  try {
    check();
    return null;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { code: error.code, status: error.status, errors: error.more.errors ?? [] };
  }
}
const bodyRefusal = (id: OperationId, body: unknown) => refusalOf(() => operation(id).checkBody(body));
const parameterRefusal = (
  id: OperationId,
  values: {
    path?: Record<string, unknown>;
    query?: Record<string, unknown>;
    header?: Record<string, unknown>;
  },
) => refusalOf(() => operation(id).checkParameters({ path: {}, query: {}, header: {}, ...values }));

/** A body that is right, for each operation that takes JSON. */
const BODIES: Readonly<Partial<Record<OperationId, Readonly<Record<string, unknown>>>>> = {
  createVerification: {
    learner_ref: 'learner-1',
    expected: { full_name: 'Anna Maria Svensson', date_of_birth: '1990-02-28' },
    courses: ['course-v1:Org+C1+2026', 'course-v1:Org+C2+2026'],
    order_ref: 'order-1',
    minimum_age: 18,
    return_url: 'https://shop.example/back',
    locale: 'sv-SE',
    consent: {
      policy_version: '2026-01',
      given_at: '2026-01-05T10:00:00Z',
      biometrics: true,
      cross_border: true,
      processing_country: 'SE',
    },
  },
  updateVerification: { expected: { full_name: 'Anna Svensson' } },
  addCourse: { course_id: 'course-v1:Org+C3+2026' },
  cancelVerification: { reason: 'bought_elsewhere' },
  revokeVerification: { reason: 'fraud_reported' },
  appealVerification: { expected: { full_name: 'Anna Svensson' }, statement: 'I married.' },
  createErasureRequest: { learner_ref: 'learner-1' },
  placeLegalHold: {
    learner_ref: 'learner-1',
    authority: 'A court',
    reference: 'K 1/26',
    expires_at: '2030-01-01T00:00:00Z',
    notice: 'allowed',
  },
  giveConsent: { policy_version: '2026-01', biometrics: false, cross_border: true },
  decideReview: { decision: 'decline', reasons: ['name_mismatch'], note: 'Other person.' },
  confirmDecision: { agree: true },
  createRecipient: {
    name: 'Example University',
    kind: 'member',
    agreement_ref: 'file 7',
    agreement_expires_at: '2030-01-01T00:00:00Z',
    purposes: ['certificate'],
  },
  updateRecipient: { agreement_ref: 'file 8', purposes: ['certificate'], ended: true },
  createDisclosure: {
    verification_id: 'ver_01jd4z5m0q3v8x2c7k9n1b6r4t',
    recipient_id: 'rcp_01jd4z5m0q3v8x2c7k9n1b6r4t',
    purpose: 'certificate',
    fields: ['status'],
    notify_learner: true,
  },
  createWebhookEndpoint: { url: 'https://shop.example/lethe' },
  updateWebhookEndpoint: { url: 'https://shop.example/other', status: 'disabled' },
  resendEvent: { endpoint_id: 'whe_01jd4z5m0q3v8x2c7k9n1b6r4t' },
  advanceClock: { advance: 'P1DT36H' },
  simulateOutcome: { outcome: 'approved', reasons: [] },
};
const WITH_BODY = operations.filter(({ takesJson }) => takesJson).map(({ id }) => id);

describe('the description', () => {
  it('has each operation once, with a method and a path of its own', () => {
    expect(new Set(operations.map(({ id }) => id)).size).toBe(operations.length);
    expect(new Set(operations.map(({ method, path }) => `${method} ${path}`)).size).toBe(operations.length);
    expect(document).toHaveProperty('openapi', '3.1.0');
  });

  it('has the sandbox’s own routes under one path, and marks all of them', () => {
    for (const { path, sandboxOnly } of operations) expect(sandboxOnly).toBe(path.startsWith('/v1/test/'));
  });

  it('asks for a credential everywhere but where CONTRACT lets anyone in', () => {
    const open = operations.filter(({ security, sandboxOnly }) => security.length === 0 && !sandboxOnly);
    expect(open.map(({ path }) => path).sort()).toEqual(
      [
        '/.well-known/jwks.json',
        '/healthz',
        '/openapi.json',
        '/readyz',
        '/v1/policy',
        '/v1/stats/public',
      ].sort(),
    );
  });
});

describe('a body', () => {
  it('is known here for each operation that takes one', () => {
    for (const id of WITH_BODY) expect(BODIES).toHaveProperty(id);
  });

  it.each(WITH_BODY)('of %s passes when it is right', (id) => {
    expect(bodyRefusal(id, BODIES[id])).toBeNull();
  });

  it.each(WITH_BODY)('of %s with a field that nobody asked for is refused, with its place', (id) => {
    for (const name of ['email', 'card_number', 'gender', 'address', '__proto__', 'constructor']) {
      const body: unknown = JSON.parse(`{"${name}":"x",${JSON.stringify(BODIES[id]).slice(1)}`);
      expect(bodyRefusal(id, body)).toEqual({
        code: 'unexpected_field',
        status: 422,
        errors: [{ pointer: `/${name}`, code: 'unexpected_field' }],
      });
    }
  });

  it.each(WITH_BODY)('of %s is refused when it is no object', (id) => {
    for (const body of [null, [], 'text', 1, true])
      expect(bodyRefusal(id, body)).toMatchObject({
        code: 'invalid_field',
        errors: [{ pointer: '/', code: 'invalid_type' }],
      });
  });

  it.each(WITH_BODY)('of %s is refused when any field is of another type', (id) => {
    for (const name of Object.keys(BODIES[id] ?? {}))
      for (const value of [null, { a: 1 }, [[]], 1.5]) {
        const refusal = bodyRefusal(id, { ...BODIES[id], [name]: value });
        expect(refusal?.status).toBe(422);
        for (const { pointer } of refusal?.errors ?? []) expect(pointer.startsWith(`/${name}`)).toBe(true);
      }
  });

  it.each(WITH_BODY)('of %s is refused with a NUL in any text', (id) => {
    for (const [name, value] of Object.entries(BODIES[id] ?? {})) {
      if (typeof value !== 'string') continue;
      const refusal = bodyRefusal(id, { ...BODIES[id], [name]: `${value}\u0000` });
      expect(refusal?.code).toBe('invalid_field');
      expect(refusal?.errors.map(({ pointer }) => pointer)).toEqual([`/${name}`]);
    }
  });

  it('says where a NUL stands that no pattern keeps out', () => {
    const body = {
      learner_ref: 'a\u0000b',
      expected: { full_name: 'Anna\u0000' },
      courses: ['fine', '\u0000'],
    };
    expect(bodyRefusal('createVerification', body)).toEqual({
      code: 'invalid_field',
      status: 422,
      errors: [
        { pointer: '/learner_ref', code: 'invalid_character' },
        { pointer: '/expected/full_name', code: 'invalid_character' },
        { pointer: '/courses/1', code: 'invalid_character' },
      ],
    });
  });

  it('points into nested fields, with the signs of a pointer escaped (RFC 6901)', () => {
    const body = { learner_ref: 'a', expected: { full_name: 'A B', 'a/b~c': 1 } };
    expect(bodyRefusal('createVerification', body)).toEqual({
      code: 'unexpected_field',
      status: 422,
      errors: [{ pointer: '/expected/a~1b~0c', code: 'unexpected_field' }],
    });
  });

  it('names all that is missing, and calls what is both unknown and wrong invalid', () => {
    expect(bodyRefusal('createVerification', { email: 'x' })).toEqual({
      code: 'invalid_field',
      status: 422,
      errors: expect.arrayContaining([
        { pointer: '/learner_ref', code: 'required' },
        { pointer: '/expected', code: 'required' },
        { pointer: '/email', code: 'unexpected_field' },
      ]) as unknown,
    });
  });

  it('is refused without a word of what was sent, but for the names of fields', () => {
    const secret = 'Anna-Maria-Svensson';
    const refusals = [
      bodyRefusal('createVerification', { ...BODIES.createVerification, expected: { full_name: [secret] } }),
      bodyRefusal('createVerification', { ...BODIES.createVerification, locale: secret }),
      bodyRefusal('createVerification', { ...BODIES.createVerification, minimum_age: secret }),
      bodyRefusal('decideReview', { decision: secret }),
      parameterRefusal('listVerifications', { query: { limit: secret } }),
      parameterRefusal('removeImage', { path: { id: 'ver_1', slot: secret } }),
    ];
    for (const refusal of refusals) {
      expect(refusal?.status).toBe(422);
      expect(JSON.stringify(refusal)).not.toContain('Svensson');
    }
  });

  it('lists twenty problems at most, with names cut short', () => {
    const body = Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`${'n'.repeat(300)}${i}`, 1]));
    const refusal = bodyRefusal('addCourse', { ...BODIES.addCourse, ...body });
    expect(refusal?.errors).toHaveLength(20);
    for (const { pointer } of refusal?.errors ?? []) expect(pointer.length).toBeLessThanOrEqual(65);
  });

  it.each<[string, (value: unknown) => unknown]>([
    ['in place of a text', (value) => ({ ...BODIES.createVerification, learner_ref: value })],
    ['in place of the whole', (value) => value],
    ['in a list', (value) => ({ ...BODIES.createVerification, courses: [value, value] })],
    ['in an unknown field', (value) => ({ ...BODIES.createVerification, more: value })],
  ])('nested as deep as a request can hold is refused like any other: %s', (_, place) => {
    const deep: unknown = JSON.parse('['.repeat(32_000) + ']'.repeat(32_000));
    expect(refusalOf(() => operation('createVerification').checkBody(place(deep)))?.status).toBe(422);
  });

  it('has its courses distinct, and no more of them than allowed', () => {
    const withCourses = (courses: readonly unknown[]) =>
      bodyRefusal('createVerification', { ...BODIES.createVerification, courses });
    expect(withCourses([])).toBeNull();
    expect(withCourses(['a', 'b', 'a'])?.errors).toEqual([
      { pointer: '/courses', code: 'invalid_uniqueItems' },
    ]);
    expect(withCourses(Array.from({ length: 50 }, (_, i) => `c${i}`))).toBeNull();
    expect(withCourses(Array.from({ length: 51 }, (_, i) => `c${i}`))?.errors).toEqual([
      { pointer: '/courses', code: 'invalid_maxItems' },
    ]);
  });

  it.each<[string, unknown]>([
    ['date_of_birth', '2026-02-30'],
    ['date_of_birth', '28.02.1990'],
    ['date_of_birth', '1990-02-28T00:00:00Z'],
    ['full_name', ''],
    ['full_name', '   '],
    ['full_name', 'x'.repeat(201)],
  ])('is refused with %s %j', (name, value) => {
    const body = { learner_ref: 'a', expected: { full_name: 'A B', [name]: value } };
    const places = bodyRefusal('createVerification', body)?.errors.map(({ pointer }) => pointer);
    expect([...new Set(places)]).toEqual([`/expected/${name}`]);
  });

  it.each(['P', 'PT', 'P1DT', '36H', 'PT-1H', 'PT1.5H', 'P1Y', '', 'PT36H\n'])(
    'is refused with a clock moved by %j',
    (advance) => {
      expect(bodyRefusal('advanceClock', { advance })?.status).toBe(422);
    },
  );

  it('of any shape is either taken or refused, and never fails otherwise', () => {
    fc.assert(
      fc.property(fc.constantFrom(...WITH_BODY), fc.jsonValue(), (id, body) => {
        const refusal = bodyRefusal(id, body);
        if (refusal) expect(refusal.errors.length).toBeGreaterThan(0);
      }),
    );
  });
});

describe('parameters', () => {
  const id = 'ver_01jd4z5m0q3v8x2c7k9n1b6r4t';

  it('are read as what they are, with defaults', () => {
    const query: Record<string, unknown> = { limit: '5' };
    expect(parameterRefusal('listVerifications', { query })).toBeNull();
    expect(query).toEqual({ limit: 5 });
    const none: Record<string, unknown> = {};
    expect(parameterRefusal('listVerifications', { query: none })).toBeNull();
    expect(none).toEqual({ limit: 20 });
  });

  it.each<[OperationId, Parameters<typeof parameterRefusal>[1], FieldProblem]>([
    ['listVerifications', { query: { limit: '0' } }, { pointer: 'limit', code: 'invalid_minimum' }],
    ['listVerifications', { query: { limit: '101' } }, { pointer: 'limit', code: 'invalid_maximum' }],
    ['listVerifications', { query: { limit: 'ten' } }, { pointer: 'limit', code: 'invalid_type' }],
    [
      'listVerifications',
      { query: { learner_ref: ['a', 'b'] } },
      { pointer: 'learner_ref', code: 'invalid_type' },
    ],
    [
      'listVerifications',
      { query: { 'created_at[gte]': 'noon' } },
      { pointer: 'created_at[gte]', code: 'invalid_format' },
    ],
    [
      'listVerifications',
      { query: { learner_ref: 'a\u0000' } },
      { pointer: 'learner_ref', code: 'invalid_character' },
    ],
    ['getEligibility', { query: { learner_ref: 'a' } }, { pointer: 'course_id', code: 'required' }],
    ['listReviews', { query: { status: 'all' } }, { pointer: 'status', code: 'invalid_enum' }],
    ['removeImage', { path: { id, slot: 'id_side' } }, { pointer: 'slot', code: 'invalid_enum' }],
    ['getVerification', { path: { id: 'x'.repeat(65) } }, { pointer: 'id', code: 'invalid_maxLength' }],
    ['getVerification', { path: { id: 'ver\u0000' } }, { pointer: 'id', code: 'invalid_character' }],
    [
      'createVerification',
      { header: { 'idempotency-key': '' } },
      { pointer: 'idempotency-key', code: 'invalid_minLength' },
    ],
    [
      'streamEvents',
      { path: { id }, header: { 'last-event-id': '1;2' } },
      { pointer: 'last-event-id', code: 'invalid_pattern' },
    ],
  ])('of %s are refused by name: %j', (operationId, values, problem) => {
    expect(parameterRefusal(operationId, values)).toEqual({
      code: 'invalid_field',
      status: 422,
      errors: [problem],
    });
  });

  it('that are misspelt are refused rather than passed over', () => {
    expect(parameterRefusal('listVerifications', { query: { learner: 'a' } })).toEqual({
      code: 'unexpected_field',
      status: 422,
      errors: [{ pointer: 'learner', code: 'unexpected_field' }],
    });
  });

  it('in headers may be others', () => {
    expect(
      parameterRefusal('createVerification', { header: { 'user-agent': 'x', accept: '*/*' } }),
    ).toBeNull();
  });
});
