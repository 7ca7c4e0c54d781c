import fc from 'fast-check';
import type { Operation } from '../api-description.js';
import { IDS, valid, VERIFICATIONS, type Json } from './values.js';

/** Requests as data: they print as they are sent, and fast-check can shrink them. */

export interface Part {
  readonly name: string;
  readonly filename: string | null;
  /** Text, or `sample:NAME` for a picture of the sandbox. */
  readonly content: string;
}
export type Body =
  | { readonly kind: 'none' }
  | { readonly kind: 'json'; readonly value: Json }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'form'; readonly parts: readonly Part[]; readonly cut: number };

export interface FuzzRequest {
  readonly operation: string;
  readonly method: string;
  /** Of the path. With a `=` before it, as it goes over the wire; otherwise it is encoded. */
  readonly segments: readonly string[];
  readonly query: readonly (readonly [name: string, value: string])[];
  readonly headers: Readonly<Record<string, string>>;
  /** A name of the world's, or with a `=` before it the whole header. */
  readonly credential: string;
  readonly body: Body;
}

/** Stands for one verification of a request, until it is chosen which. */
const CHOSEN = '*';

/** Verifications at which an operation has something to do, where those are few. */
const AT_HOME: Readonly<Record<string, readonly (typeof VERIFICATIONS)[number][]>> = {
  appealVerification: ['declined'],
  revokeVerification: ['approved'],
  giveConsent: ['fresh', 'consented'],
  uploadImages: ['consented', 'pictured'],
  removeImage: ['pictured'],
  makeChallenge: ['pictured'],
  answerChallenge: ['pictured'],
  submitCapture: ['pictured'],
  simulateOutcome: ['fresh', 'consented'],
  getDeletionReceipt: ['redacted'],
  claimReview: ['in_review', 'claimed'],
  releaseReview: ['claimed'],
  getReviewImage: ['claimed'],
  decideReview: ['claimed'],
  confirmDecision: ['proposed'],
};

const STAFF_OF: Readonly<Record<string, readonly string[]>> = {
  reviewer: ['reviewer', 'reviewer', 'reviewer_2'],
  senior_reviewer: ['senior_reviewer'],
  privacy_officer: ['privacy_officer', 'privacy_officer_2'],
  auditor: ['auditor'],
};

/** Credentials that may call it. */
function credentialsOf({ security }: Operation): readonly string[] {
  if (security.length === 0) return ['none'];
  return security.flatMap((way) => [
    ...(way['captureToken'] ? [`capture:${CHOSEN}`] : []),
    ...(way['apiKey'] ? [way['apiKey'].includes('outcomes:read') ? 'memberKey' : 'key'] : []),
    ...(way['operatorJwt'] ?? []).flatMap((role) => STAFF_OF[role] ?? []),
  ]);
}

const picture = (sample: string, spoilt: string): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 1, arbitrary: fc.constant(`sample:${sample}`) },
    { weight: 3, arbitrary: fc.constant(spoilt) },
  );

const FORMS: Readonly<Record<string, fc.Arbitrary<readonly Part[]>>> = {
  uploadImages: fc
    .tuple(
      fc.subarray(['id_front', 'id_back', 'selfie'], { minLength: 1 }),
      picture('approve', 'spoilt'),
      fc.constantFrom('camera', 'upload', null),
    )
    .map(([slots, content, source]) => [
      ...slots.map((name) => ({
        name,
        filename: 'a.jpg',
        content: name === 'selfie' && content.startsWith('sample') ? 'sample:approve_selfie' : content,
      })),
      ...(source === null ? [] : [{ name: 'source', filename: null, content: source }]),
    ]),
  answerChallenge: fc
    .tuple(fc.integer({ min: 4, max: 6 }), picture('approve_selfie', 'spoilt'))
    .map(([count, content]) => [
      { name: 'challenge_id', filename: null, content: '{{challenge}}' },
      ...Array.from({ length: count }, (_, at) => [
        { name: 'frames', filename: 'f.jpg', content },
        { name: 'taken_at', filename: null, content: String(1000 * at) },
      ]).flat(),
    ]),
};

function bodyOf(operation: Operation): fc.Arbitrary<Body> {
  const form = FORMS[operation.id];
  if (form) return form.map((parts) => ({ kind: 'form', parts, cut: 0 }));
  const schema = operation.bodies['application/json'];
  if (!schema) return fc.constant({ kind: 'none' });
  return valid(schema).map((value) => ({ kind: 'json', value }));
}

function segmentOf(segment: string, operation: Operation): fc.Arbitrary<string> {
  const { template, parameters } = operation;
  const name = /\{(\w+)\}/.exec(segment)?.[1];
  if (name === undefined) return fc.constant(segment);
  if (name === 'id') {
    return IDS[template.split('/')[2] ?? ''] ?? fc.constant(`{{verification:${CHOSEN}}}`);
  }
  const schema = parameters.find((parameter) => parameter.in === 'path' && parameter.name === name)?.schema;
  return valid(schema ?? {}, name).map((value) =>
    segment.replace(`{${name}}`, () => (typeof value === 'string' ? value : JSON.stringify(value))),
  );
}

type Pairs = readonly (readonly [name: string, value: string])[];

function queryOf(operation: Operation): fc.Arbitrary<Pairs> {
  const pairs = operation.parameters
    .filter((parameter) => parameter.in === 'query')
    .map(({ name, required, schema }) => {
      const values = name === 'cursor' ? fc.constant(`{{cursor:${operation.id}}}`) : valid(schema, name);
      const given = values.map((value): Pairs => [
        [name, typeof value === 'string' ? value : JSON.stringify(value)],
      ]);
      return required === true
        ? given
        : fc.oneof({ weight: 2, arbitrary: fc.constant<Pairs>([]) }, { weight: 1, arbitrary: given });
    });
  return fc.tuple(...pairs).map((each) => each.flat());
}

const HEADER_VALUES: Readonly<Record<string, readonly (string | null)[]>> = {
  'Last-Event-ID': [null, '0', '999999999999999'],
  'If-Match': [null, null, null, '*', '"1"', 'W/"2"'],
  'Idempotency-Key': [null, 'key-{{new}}', 'a', 'b'],
};

function headersOf({ parameters }: Operation): fc.Arbitrary<Readonly<Record<string, string>>> {
  const each = parameters
    .filter((parameter) => parameter.in === 'header')
    .map(({ name }) =>
      fc
        .constantFrom(...(HEADER_VALUES[name] ?? [null]))
        .map((value) => (value === null ? {} : { [name]: value })),
    );
  return fc.tuple(...each).map((headers) => Object.assign({}, ...headers) as Record<string, string>);
}

/** Requests to an operation that are as its description wants them. */
export function validRequest(operation: Operation): fc.Arbitrary<FuzzRequest> {
  const segments = operation.template.slice(1).split('/');
  return fc
    .record({
      chosen: fc.oneof(
        fc.constantFrom(...VERIFICATIONS),
        fc.constantFrom(...(AT_HOME[operation.id] ?? VERIFICATIONS)),
      ),
      segments: fc.tuple(...segments.map((segment) => segmentOf(segment, operation))),
      query: queryOf(operation),
      headers: headersOf(operation),
      credential: fc.constantFrom(...credentialsOf(operation)),
      body: bodyOf(operation),
    })
    .map(({ chosen, ...request }) => ({
      operation: operation.id,
      method: operation.method,
      ...request,
      segments: request.segments.map((segment) => segment.replace(CHOSEN, chosen)),
      credential: request.credential.replace(CHOSEN, chosen),
    }));
}
