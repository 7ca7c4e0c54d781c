import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';

const root = path.resolve(import.meta.dirname, '../..');
/** Plain JavaScript, like all of scripts/. */
const { breakingChanges } = (await import(path.join(root, 'scripts/lib/breaking-changes.mjs'))) as {
  readonly breakingChanges: (before: object, after: object) => string[];
};

/** Written over and over, so that each test may change its own. */
const small = () => ({
  paths: {
    '/things/{id}': {
      parameters: [{ $ref: '#/components/parameters/Id' }],
      get: {
        security: [{ apiKey: ['read'] }, { token: [] }],
        parameters: [{ name: 'kind', in: 'query', schema: { type: 'string', enum: ['a', 'b'] } }],
        responses: {
          '200': { content: { 'application/json': { schema: { $ref: '#/components/schemas/Thing' } } } },
          '404': {},
        },
      },
      post: {
        security: [],
        requestBody: {
          required: true,
          content: { 'application/json': { schema: { $ref: '#/components/schemas/Order' } } },
        },
        responses: { '201': { $ref: '#/components/responses/Made' } },
      },
    },
  },
  components: {
    parameters: { Id: { name: 'id', in: 'path', required: true, schema: { type: 'string', maxLength: 64 } } },
    responses: {
      Made: {
        content: {
          'application/json': {
            schema: {
              allOf: [
                { $ref: '#/components/schemas/Thing' },
                { type: 'object', required: ['secret'], properties: { secret: { type: 'string' } } },
              ],
            },
          },
        },
      },
    },
    schemas: {
      Thing: {
        type: 'object',
        required: ['id', 'parts', 'size'],
        properties: {
          id: { type: 'string' },
          kind: { type: 'string', enum: ['a', 'b'] },
          size: { type: ['integer', 'null'] },
          parts: { type: 'array', items: { $ref: '#/components/schemas/Part' } },
        },
      },
      Part: {
        type: 'object',
        required: ['name'],
        properties: { name: { type: 'string' }, inside: { $ref: '#/components/schemas/Part' } },
      },
      Order: {
        type: 'object',
        additionalProperties: false,
        required: ['name'],
        properties: {
          name: { type: 'string', minLength: 1, maxLength: 10 },
          note: { type: ['string', 'null'] },
          colour: { enum: ['red', 'blue'] },
          tags: { type: 'array', items: { type: 'string' } },
        },
      },
    },
  },
});
/** Something to do to a description at a place: words that lead there, the first of them short for several. */
type Edit = readonly [what: 'set' | 'remove' | 'add', place: string, value?: unknown];
const PATH = '/things/{id}';
const SHORT: Readonly<Record<string, readonly string[]>> = {
  PATH: ['paths', PATH],
  GET: ['paths', PATH, 'get'],
  POST: ['paths', PATH, 'post'],
  Thing: ['components', 'schemas', 'Thing'],
  Part: ['components', 'schemas', 'Part'],
  Order: ['components', 'schemas', 'Order'],
};

function edit(description: object, [what, place, value]: Edit): void {
  const [first = '', ...rest] = place.split(' ');
  const way = [...(SHORT[first] ?? [first]), ...rest];
  const last = way.pop() ?? '';
  const holder = way.reduce<unknown>((node, key) => (node as Record<string, unknown>)[key], description);
  const members = holder as Record<string, unknown>;
  if (what === 'add') (members[last] as unknown[]).push(value);
  else if (what === 'set') members[last] = value;
  else if (Array.isArray(holder)) holder.splice(Number(last), 1);
  else delete members[last];
}
const after = (...edits: readonly Edit[]): string[] => {
  const changed = small();
  for (const each of edits) edit(changed, each);
  return breakingChanges(small(), changed);
};

describe('a change of the description breaks clients', () => {
  it.each<[string, readonly Edit[], readonly string[]]>([
    ['a path goes', [['remove', 'PATH']], [`${PATH}: the path is gone`]],
    ['a method goes', [['remove', 'POST']], [`POST ${PATH}: the method is gone`]],
    ['a parameter goes', [['remove', 'GET parameters 0']], [`GET ${PATH}: the query parameter kind is gone`]],
    [
      'a parameter becomes required',
      [['set', 'GET parameters 0 required', true]],
      [`GET ${PATH}: the query parameter kind is required now`],
    ],
    [
      'a new parameter is required',
      [['add', 'GET parameters', { name: 'x', in: 'header', required: true, schema: {} }]],
      [`GET ${PATH}: the header parameter x is required now`],
    ],
    [
      'a value of a parameter goes',
      [['remove', 'GET parameters 0 schema enum 1']],
      [`GET ${PATH}, query parameter kind: no longer takes the value b`],
    ],
    [
      'a shared parameter takes less',
      [['set', 'components parameters Id schema maxLength', 32]],
      [
        `GET ${PATH}, path parameter id: maxLength is lower now`,
        `POST ${PATH}, path parameter id: maxLength is lower now`,
      ],
    ],
    [
      'a credential is no longer taken',
      [['remove', 'GET security 1']],
      [`GET ${PATH}: the credential token is no longer taken`],
    ],
    [
      'a credential is needed where none was',
      [['add', 'POST security', { apiKey: [] }]],
      [`POST ${PATH}: a credential is needed now`],
    ],
    ['an answer goes', [['remove', 'GET responses 404']], [`GET ${PATH}: answer 404 is gone`]],
    [
      'a member of an answer goes',
      [['remove', 'Thing properties kind']],
      [`GET ${PATH}, answer 200: kind is gone`, `POST ${PATH}, answer 201: kind is gone`],
    ],
    [
      'a member of a member of an answer goes',
      [['remove', 'Part properties name']],
      [`GET ${PATH}, answer 200: parts[].name is gone`, `POST ${PATH}, answer 201: parts[].name is gone`],
    ],
    [
      'a member that was always there may be missing',
      [['remove', 'Thing required 2']],
      [
        `GET ${PATH}, answer 200: size may be missing now`,
        `POST ${PATH}, answer 201: size may be missing now`,
      ],
    ],
    [
      'a member may be null where it was not',
      [['set', 'Thing properties id type', ['string', 'null']]],
      [`GET ${PATH}, answer 200, id: may be null now`, `POST ${PATH}, answer 201, id: may be null now`],
    ],
    [
      'a part of an answer goes',
      [['remove', 'components responses Made content application/json schema allOf 1']],
      [`POST ${PATH}, answer 201: secret is gone`],
    ],
    [
      'a member of a body becomes required',
      [['add', 'Order required', 'note']],
      [`POST ${PATH}, body: note is required now`],
    ],
    [
      'a new member of a body is required',
      [
        ['set', 'Order properties size', { type: 'integer' }],
        ['add', 'Order required', 'size'],
      ],
      [`POST ${PATH}, body: size is required now`],
    ],
    [
      'a member of a body goes, and what is unknown is refused',
      [['remove', 'Order properties note']],
      [`POST ${PATH}, body: note is no longer taken`],
    ],
    [
      'a value of a body goes',
      [['remove', 'Order properties colour enum 0']],
      [`POST ${PATH}, body, colour: no longer takes the value red`],
    ],
    [
      'certain values are asked for where any was taken',
      [['set', 'Order properties name enum', ['x']]],
      [`POST ${PATH}, body, name: takes certain values only now`],
    ],
    [
      'null is no longer taken',
      [['set', 'Order properties note type', 'string']],
      [`POST ${PATH}, body, note: no longer takes null`],
    ],
    [
      'a limit comes',
      [['set', 'Order properties tags maxItems', 3]],
      [`POST ${PATH}, body, tags: maxItems is lower now`],
    ],
    [
      'a longer text is asked for',
      [['set', 'Order properties name minLength', 2]],
      [`POST ${PATH}, body, name: minLength is higher now`],
    ],
    [
      'a pattern comes, within a list as well',
      [['set', 'Order properties tags items pattern', '^x']],
      [`POST ${PATH}, body, tags[]: pattern is another now`],
    ],
  ])('where %s', (_name, edits, expected) => {
    expect(after(...edits)).toEqual(expected);
  });

  it('and does not where nothing is changed', () => {
    expect(after()).toEqual([]);
  });

  it.each<[string, Edit]>([
    ['a path', ['set', 'paths /more', { get: { responses: {} } }]],
    ['a parameter that may be left out', ['add', 'GET parameters', { name: 'x', in: 'query', schema: {} }]],
    ['a value that a parameter takes', ['add', 'GET parameters 0 schema enum', 'c']],
    ['a credential', ['add', 'GET security', { jwt: [] }]],
    ['a member of an answer', ['set', 'Thing properties more', { type: 'string' }]],
    ['a value that is answered, for enums are open', ['add', 'Thing properties kind enum', 'c']],
    ['a member of a body', ['set', 'Order properties more', { type: 'string' }]],
    ['null as a value', ['set', 'Order properties name type', ['string', 'null']]],
    ['room', ['set', 'Order properties name maxLength', 20]],
    ['leave to leave something out', ['remove', 'Order required 0']],
  ])('and does not where it adds %s', (_name, added) => {
    expect(after(added)).toEqual([]);
  });

  it('is seen in the description itself', () => {
    const read = () => parse(readFileSync(path.join(root, 'openapi.yaml'), 'utf8')) as object;
    const changed = read();
    edit(changed, ['remove', 'components schemas Verification properties purchase']);
    edit(changed, ['add', 'components schemas CreateVerification required', 'courses']);
    const found = breakingChanges(read(), changed);
    expect(found).toContain('POST /v1/verifications, body: courses is required now');
    expect(found).toContain('GET /v1/verifications/{id}, answer 200: purchase is gone');
    expect(breakingChanges(read(), read())).toEqual([]);
  });
});
