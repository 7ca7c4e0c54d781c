import fc from 'fast-check';
import { resolve, type Schema } from '../api-description.js';

/** Values for what `openapi.yaml` asks for, right and wrong. A text in double braces stands for what `world.ts` has made. */

export type Json = null | boolean | number | string | readonly Json[] | { readonly [member: string]: Json };

/** Stands in texts that are sent; it must never come back in an error. */
export const PLANTED = 'zq7Xplanted9vK';

const ref = (...names: readonly string[]) => fc.constantFrom(...names.map((name) => `{{${name}}}`));
const within = (fromDays: number, toDays: number) =>
  fc.integer({ min: fromDays, max: toDays }).map((days) => `{{day:${days}}}`);

/** Names of the verifications that the world holds, by what became of them. */
export const VERIFICATIONS = [
  'fresh',
  'consented',
  'pictured',
  'submitted',
  'in_review',
  'claimed',
  'proposed',
  'approved',
  'declined',
  'canceled',
  'expired',
  'revoked',
  'redacted',
  'appealed',
  'held',
  'other_tenant',
  'live',
  'unknown',
] as const;

const verification = ref(...VERIFICATIONS.map((name) => `verification:${name}`));

/** What a path's `{id}` names where it is no verification, by the room that it stands in. */
export const IDS: Readonly<Record<string, fc.Arbitrary<string>>> = {
  legal_holds: ref('hold:pending', 'hold:active', 'hold:unknown'),
  erasure_requests: ref('erasure:done', 'erasure:unknown'),
  recipients: ref('recipient:active', 'recipient:spare', 'recipient:unknown'),
  webhook_endpoints: ref('endpoint:first', 'endpoint:spare', 'endpoint:unknown'),
  events: ref('event:own', 'event:unknown'),
};

const freeText = fc.oneof(
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }).map((text) => PLANTED + text),
  fc.constant(PLANTED),
);

/** Members whose schema says less than the service needs to take them; by name, wherever they stand. */
const MEANINGS: Readonly<Record<string, fc.Arbitrary<Json>>> = {
  learner_ref: fc.oneof(
    fc.constant('learner-{{new}}'),
    ref('learner:approved', 'learner:declined', 'learner:other_tenant'),
  ),
  full_name: fc.oneof(fc.constantFrom('Anna Maria Eriksson', 'Ngô Thị Hồng', "O'Brien-Łukasz"), freeText),
  date_of_birth: fc.constantFrom('1994-03-17', '2000-02-29', '1900-01-01'),
  policy_version: ref('policy'),
  return_url: fc.constant('https://shop.example/done'),
  processing_country: ref('country'),
  given_at: within(-1, 0),
  verification_id: verification,
  recipient_id: ref('recipient:active', 'recipient:unknown'),
  endpoint_id: ref('endpoint:first', 'endpoint:unknown'),
  challenge_id: ref('challenge'),
  tenant: ref('tenant', 'tenant', 'tenant', 'tenant:other'),
  course_id: fc.oneof(ref('course'), freeText),
  subject: verification,
  status: fc.constantFrom(
    'open',
    'claimed',
    'decided',
    'approved',
    'requires_input,in_review',
    'enabled',
    'disabled',
  ),
  type: fc.constantFrom('verification.approved', 'verification.created,verification.declined'),
  // Only loopback, where nobody listens: what is generated must not call anybody.
  url: fc.constantFrom('http://127.0.0.1:9/hook', 'http://127.0.0.1:9/hook?a=b'),
  reasons: fc.subarray(['name_mismatch', 'document_blurry', 'face_mismatch'], { minLength: 1 }),
  purpose: fc.constant('certificate'),
  fields: fc.subarray(['learner_ref', 'status', 'submitted_at', 'decided_at', 'valid_until'], {
    minLength: 1,
  }),
  kind: fc.constant('member'),
  purposes: fc.subarray(['certificate', 'honor_code', 'research'], { minLength: 1 }),
  expires_at: within(10, 80),
  agreement_expires_at: within(1, 2000),
  safeguards_attested_at: within(-300, -1),
  cross_border: fc.constant(true),
  // Business time may only creep, or everything would be over.
  advance: fc.constantFrom('PT0S', 'PT1S', 'PT2S'),
  name: fc.constantFrom('approve', 'approve_selfie', 'nothing_like_it'),
};

/** Never as the schema would have it, for what they do reaches beyond the call. */
const ONLY_AS_MEANT = new Set(['advance', 'url']);

/** Right by their format, and yet not every calendar knows them. */
const ODD_TIMES = [
  '2016-12-31T23:59:60Z',
  '0000-01-01T00:00:00Z',
  '9999-12-31T23:59:59-23:59',
  '2024-02-29t12:00:00z',
  '1969-12-31T23:59:59.999999999+14:00',
];

const FORMATS: Readonly<Record<string, fc.Arbitrary<string>>> = {
  'date-time': fc.oneof(
    fc
      .date({ min: new Date('1970-01-01'), max: new Date('2100-01-01'), noInvalidDate: true })
      .map((date) => date.toISOString()),
    fc.constantFrom(...ODD_TIMES),
  ),
  date: fc.constantFrom('1988-06-14', '0000-01-01', '9999-12-31', '2024-02-29'),
  uri: fc.constantFrom(
    'https://shop.example/done',
    `https://elsewhere.example/${PLANTED}`,
    'urn:a:b',
    'data:,x',
  ),
};

function textOf(schema: Schema): fc.Arbitrary<string> {
  const {
    pattern,
    format,
    minLength = 0,
    maxLength = 100,
  } = schema as {
    readonly pattern?: string;
    readonly format?: string;
    readonly minLength?: number;
    readonly maxLength?: number;
  };
  if (format !== undefined && FORMATS[format]) return FORMATS[format];
  if (pattern !== undefined && pattern !== String.raw`\S`) return fc.stringMatching(new RegExp(pattern));
  const cut = (text: string) => [...text].slice(0, maxLength).join('');
  const longest = fc.constant('x'.repeat(maxLength));
  return minLength === 0
    ? fc.oneof(freeText.map(cut), longest, fc.constant(''))
    : fc.oneof(freeText.map(cut), longest);
}

/** Values that the schema allows; most of them such that the service can do something with them. */
export function valid(described: Schema, name = ''): fc.Arbitrary<Json> {
  const schema = resolve(described);
  const meant = MEANINGS[name];
  if (!meant) return shapeOf(schema);
  if (ONLY_AS_MEANT.has(name)) return meant;
  return fc.oneof({ weight: 5, arbitrary: meant }, { weight: 1, arbitrary: shapeOf(schema) });
}

function shapeOf(schema: Schema): fc.Arbitrary<Json> {
  if ('const' in schema) return fc.constant(schema['const'] as Json);
  if (Array.isArray(schema['enum'])) return fc.constantFrom(...(schema['enum'] as Json[]));
  const types = ([] as unknown[]).concat(schema['type']);
  return fc.oneof(...types.map((type) => ofType(String(type), schema)));
}

function ofType(type: string, schema: Schema): fc.Arbitrary<Json> {
  switch (type) {
    case 'string':
      return textOf(schema);
    case 'boolean':
      return fc.boolean();
    case 'integer':
      return fc.integer({
        min: (schema['minimum'] as number | undefined) ?? 0,
        max: (schema['maximum'] as number | undefined) ?? 1_000_000,
      });
    case 'null':
      return fc.constant(null);
    case 'array': {
      const bounds = {
        minLength: (schema['minItems'] as number | undefined) ?? 0,
        maxLength: Math.min((schema['maxItems'] as number | undefined) ?? 5, 5),
      };
      const items = valid(schema['items'] as Schema);
      return schema['uniqueItems'] === true ? fc.uniqueArray(items, bounds) : fc.array(items, bounds);
    }
    case 'object':
      return objectOf(schema);
    default:
      throw new Error(`no values for the type ${type}`);
  }
}

function objectOf(schema: Schema): fc.Arbitrary<Json> {
  const properties = Object.entries((schema['properties'] ?? {}) as Readonly<Record<string, Schema>>);
  const required = (schema['required'] ?? []) as readonly string[];
  return fc
    .record(Object.fromEntries(properties.map(([name, member]) => [name, valid(member, name)])), {
      requiredKeys: [...required],
    })
    .filter((value) => Object.keys(value).length >= ((schema['minProperties'] as number | undefined) ?? 0));
}

/** Texts that somebody has stumbled over somewhere. */
export const oddText: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    '',
    ' ',
    '\u0000',
    `${PLANTED}\u0000`,
    '\ud800',
    `${PLANTED}\udfff\ud800`,
    '\u202e\u2066' + PLANTED,
    '\ufeff',
    '\r\nSet-Cookie: a=b',
    "'; drop table verifications; --",
    '../../../etc/passwd',
    '..\\..\\x',
    '__proto__',
    'constructor',
    '%00',
    '%',
    '${jndi:ldap://127.0.0.1/a}',
    'NaN',
    '-0',
    '1e999',
    'e\u0301'.repeat(60),
    '👩‍👩‍👧‍👦'.repeat(20),
    'ver_01jd4z5m0q3v8x2c7k9n1b6r4t',
    'VER_01JD4Z5M0Q3V8X2C7K9N1B6R4T',
  ),
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.string({ unit: 'binary', maxLength: 30 }).map((text) => PLANTED + text),
);

const nested = (depth: number): Json => {
  let value: Json = PLANTED;
  for (let at = 0; at < depth; at++) value = at % 2 === 0 ? [value] : { a: value };
  return value;
};

/** Values of no particular type. */
export const oddValue: fc.Arbitrary<Json> = fc.oneof(
  oddText,
  fc.constantFrom<Json>(null, true, 0, -1, 1.5, 1e308, 2 ** 53, [], {}, [[]], 'x'.repeat(65_536)),
  fc.constantFrom(20, 2_000).map(nested),
  verification,
  fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<Json>,
);
