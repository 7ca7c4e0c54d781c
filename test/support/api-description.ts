import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { parse } from 'yaml';
import { projectRoot } from '../../src/project-root.js';

/** What `openapi.yaml` promises, read apart from the service: suites hold the answers against it. */

export interface Schema {
  readonly [keyword: string]: unknown;
}
export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required?: boolean;
  readonly schema: Schema;
}
interface Answer {
  readonly headers?: Readonly<Record<string, unknown>>;
  readonly content?: Readonly<Record<string, { readonly schema: Schema }>>;
}
export interface Operation {
  readonly id: string;
  readonly method: string;
  /** As it is described: `/v1/verifications/{id}`. */
  readonly template: string;
  /** Alternatives, each a kind of credential with scopes, roles or rights; none for what anyone may call. */
  readonly security: readonly Readonly<Record<string, readonly string[]>>[];
  readonly parameters: readonly Parameter[];
  /** Schemas of the body by media type. */
  readonly bodies: Readonly<Record<string, Schema>>;
  readonly answers: Readonly<Record<string, Answer>>;
  /** Every code that a problem of it may bear. */
  readonly problemCodes: ReadonlySet<string>;
}

export interface ReceivedAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Buffer;
}

const METHODS = ['get', 'post', 'patch', 'delete'];
type Node = Readonly<Record<string, never>>;
const document = parse(readFileSync(path.join(projectRoot, 'openapi.yaml'), 'utf8')) as Node;

/** The thing itself, where it is only referred to. */
export function resolve<T extends object>(value: T): T {
  const ref = '$ref' in value && typeof value.$ref === 'string' ? value.$ref : undefined;
  if (ref === undefined) return value;
  return resolve(
    ref
      .slice(2)
      .split('/')
      .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
      .reduce<Node>((node, key) => node[key]!, document) as unknown as T,
  );
}

interface ProblemExample {
  readonly type: string;
  readonly title: string;
  readonly status: number;
}
const PROBLEMS = new Map(
  Object.entries(
    document['components']!['responses']['Problem']['content']['application/problem+json'][
      'examples'
    ] as Readonly<Record<string, { readonly value: ProblemExample }>>,
  ).map(([code, { value }]) => [code, value]),
);

/** Codes that any call may meet, whatever it asks for. */
const ANYWHERE = ['unauthenticated', 'forbidden', 'too_many_requests', 'internal', 'unavailable'];

/** The codes that the reference lists at an operation: its own, and those that come with what it takes. */
function codesOf(operation: Node, parameters: readonly Parameter[], takesBody: boolean): Set<string> {
  const has = (name: string) => parameters.some((parameter) => parameter.name === name);
  return new Set([
    ...ANYWHERE,
    'unexpected_field',
    ...(parameters.some(({ in: place }) => place === 'path') || has('tenant') ? ['not_found'] : []),
    ...(takesBody ? ['invalid_request', 'payload_too_large', 'unsupported_media_type', 'invalid_field'] : []),
    ...(parameters.length > 0 ? ['invalid_field'] : []),
    ...(has('Idempotency-Key') ? ['idempotency_in_progress', 'idempotency_key_reused'] : []),
    ...(has('If-Match') ? ['stale_version'] : []),
    ...((operation['x-problem-codes'] as readonly string[] | undefined) ?? []),
  ]);
}

function readOperation(template: string, method: string, item: Node): Operation {
  const operation: Node = item[method]!;
  const parameters = [
    ...((item['parameters'] as readonly Parameter[] | undefined) ?? []),
    ...((operation['parameters'] as readonly Parameter[] | undefined) ?? []),
  ].map(resolve);
  const content = (operation['requestBody']?.['content'] ?? {}) as Answer['content'] & object;
  const bodies = Object.fromEntries(Object.entries(content).map(([type, { schema }]) => [type, schema]));
  return {
    id: operation['operationId'] as unknown as string,
    method: method.toUpperCase(),
    template,
    security: (operation['security'] as Operation['security'] | undefined) ?? [],
    parameters,
    bodies,
    answers: operation['responses'] as unknown as Operation['answers'],
    problemCodes: codesOf(operation, parameters, Object.keys(bodies).length > 0),
  };
}

export const operations: readonly Operation[] = Object.entries(
  document['paths'] as unknown as Readonly<Record<string, Node>>,
).flatMap(([template, item]) =>
  METHODS.filter((method) => Object.hasOwn(item, method)).map((method) =>
    readOperation(template, method, item),
  ),
);

const patternOf = (template: string) =>
  new RegExp(`^${template.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}$`);
const byPath = operations.map((operation) => ({ operation, pattern: patternOf(operation.template) }));

const ajv = new Ajv2020({ strict: false, allErrors: true });
formats.default(ajv);
ajv.addSchema({ ...document, $id: 'api' }, undefined, undefined, false);
const validators = new Map<string, ValidateFunction>();
const escape = (part: string) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'));

const mediaType = (headers: Headers) => (headers.get('content-type') ?? '').split(';')[0]!.trim();

/** What is wrong with an answer, by `openapi.yaml` and by the conventions that hold for all of them; empty where it is as promised. */
export function violationsOf(method: string, url: string, answer: ReceivedAnswer): string[] {
  const pathname = url.split('?')[0] ?? '';
  // HEAD is GET without the body (RFC 9110, 9.3.2).
  const wanted = method === 'HEAD' ? 'GET' : method;
  const operation = byPath.find(
    ({ pattern, operation: { method: described } }) => described === wanted && pattern.test(pathname),
  )?.operation;
  if (!operation && !pathname.startsWith('/v1/')) return [];
  const found = convention(answer);
  if (answer.status >= 400 && mediaType(answer.headers) === 'application/problem+json')
    found.push(...(method === 'HEAD' ? [] : problemViolations(answer, operation)));
  else if (!operation) found.push(`${answer.status} where nothing is described`);
  if (operation) found.push(...descriptionViolations(operation, answer, method === 'HEAD'));
  return found;
}

function convention({ status, headers }: ReceivedAnswer): string[] {
  const found: string[] = [];
  const need = (name: string, pattern: RegExp) => {
    if (!pattern.test(headers.get(name) ?? '')) found.push(`${status} without a right ${name}`);
  };
  need('x-request-id', /^[A-Za-z0-9._-]{1,64}$/);
  need('cache-control', /^no-store$/);
  if (status === 429 || status === 503) need('retry-after', /^[1-9]\d*$/);
  if (status === 401) need('www-authenticate', /^Bearer/);
  if (status === 405) need('allow', /^[A-Z]+(, [A-Z]+)*$/);
  return found;
}

/** A problem document has the members, the status and the words of its code, and the code is one of those that are listed. */
function problemViolations(
  { status, headers, bytes }: ReceivedAnswer,
  operation: Operation | undefined,
): string[] {
  const body = JSON.parse(bytes.toString('utf8')) as Readonly<Record<string, unknown>>;
  const code = String(body['code']);
  const example = PROBLEMS.get(code);
  if (!example) return [`the code ${code} is not documented`];
  const found: string[] = [];
  for (const member of ['type', 'title', 'status'] as const)
    if (body[member] !== example[member]) found.push(`${code} with another ${member}`);
  if (status !== example.status) found.push(`${code} with the status ${status}`);
  if (body['request_id'] !== headers.get('x-request-id')) found.push(`${code} with another request_id`);
  const described = resolve(document['components']!['schemas']['Problem'] as { readonly properties: Node });
  for (const member of Object.keys(body))
    if (!Object.hasOwn(described.properties, member)) found.push(`${code} with the member ${member}`);
  // A path may be unknown, or not know the method, or not decode.
  const listed = operation?.problemCodes.has(code) ?? ['method_not_allowed', 'not_found'].includes(code);
  if (!listed) found.push(`${code} is not listed at ${operation?.id ?? 'a path that is not described'}`);
  return found;
}

function descriptionViolations(
  { id, template, method, answers }: Operation,
  { status, headers, bytes }: ReceivedAnswer,
  bodiless: boolean,
): string[] {
  const key = Object.hasOwn(answers, String(status)) ? String(status) : 'default';
  if (key === 'default' && status < 400) return [`${status} is not described at ${id}`];
  const found: string[] = [];
  const described = resolve(answers[key] as Answer & { readonly $ref?: string });
  for (const header of Object.keys(described.headers ?? {}))
    if (!/^"\d+"$/.test(headers.get(header) ?? '')) found.push(`${status} without ${header}`);
  const types = Object.keys(described.content ?? {});
  const type = mediaType(headers);
  if (types.length === 0) {
    if (bytes.length > 0) found.push(`${status} with a body`);
    return found;
  }
  if (!types.includes(type)) return [...found, `${status} as ${type || 'no media type'}`];
  if (bodiless || !type.endsWith('json')) return found;
  const place =
    (answers[key] as { readonly $ref?: string }).$ref ??
    `#/paths/${escape(template)}/${method.toLowerCase()}/responses/${key}`;
  const ref = `api${place}/content/${escape(type)}/schema`;
  const validate = validators.get(ref) ?? ajv.compile({ $ref: ref });
  validators.set(ref, validate);
  if (!validate(JSON.parse(bytes.toString('utf8'))))
    found.push(`${status} not by its schema: ${ajv.errorsText(validate.errors)}`);
  return found;
}
