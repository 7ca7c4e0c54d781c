import fc from 'fast-check';
import type { FuzzRequest, Part } from './requests.js';
import { oddText, oddValue, PLANTED, type Json } from './values.js';

/** What may be wrong with a request. */
type Breakage = (request: FuzzRequest) => FuzzRequest;

type Member = readonly [name: string, value: Json];
/** Changes the members of the object that holds the one at `index`. */
type Change = (members: readonly Member[], index: number) => readonly Member[];

const isObject = (value: Json): value is { readonly [member: string]: Json } =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

const membersIn = (value: Json): number =>
  Array.isArray(value)
    ? value.reduce((sum: number, item: Json) => sum + membersIn(item), 0)
    : isObject(value)
      ? Object.values(value).reduce<number>((sum, member) => sum + 1 + membersIn(member), 0)
      : 0;

/** Applies `change` to the member at a place, counted over all members at any depth. */
function changeMember(value: Json, place: number, change: Change): Json {
  let seen = 0;
  const walk = (node: Json): Json => {
    if (Array.isArray(node)) return node.map(walk);
    if (!isObject(node)) return node;
    const entries = Object.entries(node);
    const index = place - seen;
    seen += entries.length;
    const walked = entries.map(([name, member]): Member => [name, walk(member)]);
    // A member that is named `__proto__` becomes a member like any other.
    return Object.fromEntries(index >= 0 && index < entries.length ? change(walked, index) : walked);
  };
  return walk(value);
}

const inBody =
  (place: number, change: Change): Breakage =>
  (request) => {
    const { body } = request;
    const count = body.kind === 'json' ? membersIn(body.value) : 0;
    if (body.kind !== 'json' || count === 0) return request;
    return { ...request, body: { kind: 'json', value: changeMember(body.value, place % count, change) } };
  };

const place = fc.nat(30);
const inMember = fc.oneof(
  fc
    .tuple(place, oddValue)
    .map(([at, value]) =>
      inBody(at, (members, index) => members.map(([name, old], i) => [name, i === index ? value : old])),
    ),
  place.map((at) => inBody(at, (members, index) => members.filter((_, i) => i !== index))),
  fc
    .tuple(
      place,
      fc.constantFrom('email', '__proto__', 'constructor', 'toString', '', '~/~0', 'é\ud800'),
      oddValue,
    )
    .map(([at, name, value]) => inBody(at, (members) => [...members, [name, value]])),
);

const wholeBody = fc.oneof(
  fc.constant<Breakage>((request) => ({ ...request, body: { kind: 'none' } })),
  oddValue.map((value): Breakage => (request) => ({ ...request, body: { kind: 'json', value } })),
  fc
    .constantFrom(
      '{',
      'null',
      '{"a":1,"a":2}',
      '{"__proto__":{"polluted":true}}',
      '{"learner_ref":"\\ud800","expected":{"full_name":"\\udfff"}}',
      `{"learner_ref":"${PLANTED}"`,
      '{"learner_ref":1e400}',
      '\ufeff{}',
      '['.repeat(30_000),
      `{"learner_ref":"${'x'.repeat(70_000)}"}`,
      `--fuzz\r\nContent-Disposition: form-data; name="selfie"; filename="${PLANTED}"\r\n\r\n`,
      '--fuzz--\r\n',
    )
    .map((text): Breakage => (request) => ({ ...request, body: { kind: 'text', text } })),
);

const inForm = fc.oneof(
  fc
    .constantFrom<Part>(
      { name: 'selfie', filename: `${PLANTED}.svg`, content: '<svg xmlns="http://www.w3.org/2000/svg"/>' },
      { name: 'id_front', filename: null, content: PLANTED },
      { name: 'frames', filename: '../../../etc/passwd', content: '%PDF-1.4' },
      { name: 'source', filename: null, content: PLANTED },
      { name: 'source', filename: 'a', content: 'camera' },
      { name: 'taken_at', filename: null, content: PLANTED },
      { name: 'challenge_id', filename: null, content: 'x'.repeat(100) },
      { name: 'selfie[a][b]', filename: 'a', content: 'a' },
      { name: '__proto__', filename: null, content: 'a' },
      { name: '', filename: '', content: '' },
      { name: 'x'.repeat(200), filename: null, content: 'a' },
      { name: 'id_back', filename: 'a', content: 'x'.repeat(200_000) },
      { name: 'é\u202e', filename: 'a\u0000b', content: '\u0000' },
    )
    .map(
      (part): Breakage =>
        (request) =>
          request.body.kind === 'form'
            ? { ...request, body: { ...request.body, parts: [...request.body.parts, part] } }
            : request,
    ),
  fc.nat(400).map(
    (cut): Breakage =>
      (request) =>
        request.body.kind === 'form' ? { ...request, body: { ...request.body, cut } } : request,
  ),
);

/** As far as Node sends it. */
const headerText = oddText.map((text) => text.replaceAll(/[^\t\x20-\x7e\x80-\xff]/g, '?'));
const HEADERS: Readonly<Record<string, fc.Arbitrary<string>>> = {
  'If-Match': fc.oneof(headerText, fc.constantFrom('"999999999"', '"-1"', '1', '"1", "2"', 'x'.repeat(65))),
  'Idempotency-Key': fc.oneof(headerText, fc.constantFrom('x'.repeat(255), 'x'.repeat(256), 'é')),
  'Last-Event-ID': fc.oneof(headerText, fc.constantFrom('-1', '1.5', '1e3', '9'.repeat(16))),
  // One that is well-formed is taken, and so comes back.
  'X-Request-Id': fc.constantFrom(`${PLANTED} ${PLANTED}`, `${PLANTED}/`, 'x'.repeat(65), 'é', 'fine'),
  'Content-Type': fc.constantFrom(
    '',
    'text/plain',
    'application/xml',
    'application/x-www-form-urlencoded',
    'application/json; charset=utf-16',
    'application/json; charset=nonsense',
    'application/merge-patch+json',
    'multipart/form-data',
    'multipart/form-data; boundary=',
    'multipart/form-data; boundary=other',
    'multipart/mixed; boundary=fuzz',
    PLANTED,
  ),
  Range: fc.constantFrom('bytes=0-0', 'bytes=-1', 'bytes=5-1,7-', 'pages=1'),
  Accept: fc.constantFrom('text/html', 'application/xml;q=0.1', '*/*;q=0', 'nonsense', ''),
  'Accept-Encoding': fc.constantFrom('gzip', 'br;q=1', 'nonsense'),
  'Content-Encoding': fc.constantFrom('gzip', 'deflate', 'br', 'nonsense'),
  'If-None-Match': fc.constantFrom('*', '"1"'),
  'If-Modified-Since': fc.constantFrom('Thu, 01 Jan 2099 00:00:00 GMT', 'nonsense'),
  'Transfer-Encoding': fc.constant('chunked'),
  'X-HTTP-Method-Override': fc.constantFrom('DELETE', 'GET'),
  'X-Forwarded-For': headerText,
  Origin: fc.constantFrom('https://elsewhere.example', 'null'),
  Cookie: headerText,
};
const inHeaders = fc.oneof(
  ...Object.entries(HEADERS).map(([name, values]) =>
    values.map((value): Breakage => (request) => ({
      ...request,
      headers: { ...request.headers, [name]: value },
    })),
  ),
);

const inCredential = fc
  .constantFrom(
    'none',
    '=Bearer',
    '=Bearer ',
    '=bearer {{credential:key}}',
    '=Basic dXNlcjpwYXNz',
    '=Bearer {{credential:key}} {{credential:key}}',
    '=Bearer {{credential:key}}, Bearer {{credential:auditor}}',
    `=Bearer lk_test_${PLANTED}`,
    `=Bearer lk_live_${PLANTED}`,
    `=Bearer lct_${PLANTED}`,
    '=Bearer lct_1t01m8g91kj7d5w6k2nz1wmzc0zt_0000000002_Zm9yIGEgcGhvbmU',
    `=Bearer ${PLANTED}.${PLANTED}.${PLANTED}`,
    '=Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.',
    `=Bearer ${'x'.repeat(5_000)}`,
    'key',
    'otherKey',
    'liveKey',
    'memberKey',
    'reviewer',
    'senior_reviewer',
    'privacy_officer',
    'auditor',
    'stranger',
    'capture:fresh',
    'capture:approved',
  )
  .map((credential): Breakage => (request) => ({ ...request, credential }));

const inPath = fc
  .tuple(
    place,
    fc.oneof(
      oddText,
      fc.constantFrom(
        '=%',
        '=%E0%A4%A',
        '=%00',
        '=%2e%2e',
        '=%2F',
        '=..',
        '=.',
        '=',
        '=%ff%fe',
        '=%C0%AE',
        '=;a=b',
        '=*',
      ),
      fc.constant('x'.repeat(3_000)),
    ),
  )
  .map(([at, text]): Breakage => (request) => {
    // Of the last segments rather than of `v1`: there the ids stand.
    const index = request.segments.length - 1 - (at % Math.min(3, request.segments.length));
    return { ...request, segments: request.segments.map((old, i) => (i === index ? text : old)) };
  });

const inQuery = fc.oneof(
  fc
    .tuple(
      fc.constantFrom(
        'limit',
        'cursor',
        'tenant',
        'status',
        'created_at[gte]',
        'format',
        'a[]',
        '__proto__',
        '',
      ),
      fc.oneof(oddText, fc.constantFrom('0', '101', '1e1', '0x10', 'json', 'true', 'eyJhIjoxfQ', 'dmVyXw')),
    )
    .map((pair): Breakage => (request) => ({ ...request, query: [...request.query, pair] })),
  fc.constant<Breakage>((request) => ({ ...request, query: [...request.query, ...request.query] })),
);

const inMethod = fc
  .constantFrom('GET', 'HEAD', 'PUT', 'POST', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND')
  .map((method): Breakage => (request) => ({ ...request, method }));

/** Breaks a request at up to three places, or leaves it. */
export const breakages: fc.Arbitrary<Breakage> = fc
  .oneof(
    { weight: 5, arbitrary: fc.constant<readonly Breakage[]>([]) },
    {
      weight: 6,
      arbitrary: fc.array(
        fc.oneof(
          { weight: 5, arbitrary: inMember },
          { weight: 2, arbitrary: wholeBody },
          { weight: 1, arbitrary: inForm },
          { weight: 3, arbitrary: inHeaders },
          { weight: 2, arbitrary: inCredential },
          { weight: 2, arbitrary: inPath },
          { weight: 2, arbitrary: inQuery },
          { weight: 1, arbitrary: inMethod },
        ),
        { minLength: 1, maxLength: 3 },
      ),
    },
  )
  .map(
    (chosen: readonly Breakage[]): Breakage =>
      (request) =>
        chosen.reduce<FuzzRequest>((broken, breakOnce) => breakOnce(broken), request),
  );
