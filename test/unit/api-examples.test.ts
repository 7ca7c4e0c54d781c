import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { parse } from 'yaml';
import { PROBLEMS } from '../../src/domain/errors.js';

type Node = Readonly<Record<string, unknown>>;

const description = parse(
  readFileSync(path.resolve(import.meta.dirname, '../../openapi.yaml'), 'utf8'),
) as Node;
const ajv = new Ajv2020({ strict: false, allErrors: true });
formats.default(ajv);
ajv.addSchema({ ...description, $id: 'api' }, undefined, undefined, false);

const escape = (part: string) => part.replaceAll('~', '~0').replaceAll('/', '~1');
const at = (pointer: string) =>
  pointer
    .slice(2)
    .split('/')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<unknown>((node, key) => (node as Node)[key], description);
const resolve = (node: Node): Node => (typeof node['$ref'] === 'string' ? (at(node['$ref']) as Node) : node);

interface Media {
  /** Where it stands, as a JSON pointer. */
  readonly place: string;
  readonly type: string;
  readonly examples: readonly unknown[];
}

/** Every body that the description knows of: media types with a schema, wherever they stand. */
function mediaIn(node: unknown, place: string): Media[] {
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([key, value]) => {
    const here = `${place}/${escape(key)}`;
    if (key !== 'content') return mediaIn(value, here);
    return Object.entries(value as Node).map(([type, media]) => {
      const { example, examples } = media as { example?: unknown; examples?: Readonly<Record<string, Node>> };
      return {
        place: `${here}/${escape(type)}`,
        type,
        examples: [
          ...(example === undefined ? [] : [example]),
          ...Object.values(examples ?? {}).map((named) => resolve(named)['value']),
        ],
      };
    });
  });
}

const { components, paths, webhooks } = description as Record<string, Node>;
const { responses } = components as { responses: Node };
const media = [
  ...mediaIn(paths, '#/paths'),
  ...mediaIn(webhooks, '#/webhooks'),
  ...mediaIn(responses, '#/components/responses'),
];
const problemExamples = Object.entries(
  at('#/components/responses/Problem/content/application~1problem+json/examples') as Readonly<
    Record<string, { readonly value: Readonly<Record<string, unknown>> }>
  >,
);
const operations = Object.values(paths as Node).flatMap((item) =>
  Object.entries(item as Node).filter(([method]) => method !== 'parameters'),
) as unknown as [string, { readonly operationId: string; readonly 'x-problem-codes'?: readonly string[] }][];

describe('the examples of openapi.yaml', () => {
  it.each(
    media.flatMap(({ place, examples }) => examples.map((example, index) => ({ place, index, example }))),
  )('are as their schema says: $place, $index', ({ place, example }) => {
    const validate = ajv.compile({ $ref: `api${encodeURI(place)}/schema` });
    validate(example);
    expect(validate.errors).toBeNull();
  });

  it('stand at every body of text; pictures, forms and archives go without', () => {
    const without = media.filter(({ examples }) => examples.length === 0).map(({ type }) => type);
    expect([...new Set(without)].sort()).toEqual(['application/zip', 'image/jpeg', 'multipart/form-data']);
  });

  it('are all used', () => {
    const text = JSON.stringify([paths, webhooks, responses]);
    const unused = Object.keys(components!['examples'] as Node).filter(
      (name) => !text.includes(`"#/components/examples/${name}"`),
    );
    expect(unused).toEqual([]);
  });

  it('show each problem with the status and the title that it has', () => {
    expect(
      problemExamples.map(([code, { value }]) => [code, value['code'], value['status'], value['title']]),
    ).toEqual(Object.entries(PROBLEMS).map(([code, [status, title]]) => [code, code, status, title]));
  });
});

describe('the problem codes of operations', () => {
  it.each(operations.map(([, operation]) => operation))('are known: $operationId', (operation) => {
    const codes = operation['x-problem-codes'] ?? [];
    expect(codes.filter((code) => !Object.hasOwn(PROBLEMS, code))).toEqual([]);
    expect(new Set(codes).size).toBe(codes.length);
  });
});
