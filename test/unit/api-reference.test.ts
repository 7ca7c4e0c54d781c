import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse, stringify } from 'yaml';
import { PROBLEMS } from '../../src/domain/errors.js';

interface Problem {
  readonly code: string;
}
interface Operation {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly problems: readonly Problem[];
}
interface Reference {
  readonly groups: readonly { readonly operations: readonly Operation[] }[];
  readonly generalProblems: readonly Problem[];
}

const root = path.resolve(import.meta.dirname, '../..');
/** Plain JavaScript, like all of scripts/. */
const load = async <T>(name: string) =>
  (await import(path.join(root, 'scripts/lib/api-reference', name))) as T;
const { readReference } = await load<{ readReference: (yaml: string) => Reference }>('read-reference.mjs');
const { writeMarkdown } = await load<{ writeMarkdown: (of: Reference) => string }>('write-markdown.mjs');
const { writeHtml } = await load<{ writeHtml: (of: Reference) => string }>('write-html.mjs');

const yaml = readFileSync(path.join(root, 'openapi.yaml'), 'utf8');
const reference = readReference(yaml);
const operations = reference.groups.flatMap((group) => group.operations);
const markdown = writeMarkdown(reference);

describe('the reference of the API', () => {
  it('tells of every operation once, in both forms', () => {
    const { paths } = parse(yaml) as { paths: Record<string, Record<string, { operationId?: string }>> };
    const ids = Object.values(paths).flatMap((item) =>
      Object.values(item).flatMap(({ operationId }) => operationId ?? []),
    );
    expect(operations.map(({ id }) => id).sort()).toEqual(ids.sort());
    const html = writeHtml(reference);
    for (const { id, method, path: route } of operations) {
      expect(markdown.split(`\n\`${method} ${route}\` ·`)).toHaveLength(2);
      expect(html.split(`<h3 id="${id}">`)).toHaveLength(2);
    }
  });

  it('names a call for every problem that there is', () => {
    const told = [...reference.generalProblems, ...operations.flatMap(({ problems }) => problems)];
    expect([...new Set(told.map(({ code }) => code))].sort()).toEqual(Object.keys(PROBLEMS).sort());
  });

  it('tells of what follows from the form of a call', () => {
    const codesOf = (id: string) =>
      operations.find((each) => each.id === id)?.problems.map(({ code }) => code);
    expect(codesOf('addCourse')).toEqual(
      expect.arrayContaining([
        'not_found',
        'stale_version',
        'idempotency_key_reused',
        'unsupported_media_type',
      ]),
    );
    expect(codesOf('getHealth')).toEqual([]);
    expect(codesOf('createVerification')).not.toContain('not_found');
  });

  it('has links of Markdown that lead to headings, none of which stands twice', () => {
    const anchors = [...markdown.matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
      heading!
        .toLowerCase()
        .replaceAll(/[^\w -]/g, '')
        .replaceAll(' ', '-'),
    );
    const links = [...markdown.matchAll(/\]\(#([^)]+)\)/g)].map(([, anchor]) => anchor!);
    expect(links.filter((link) => !anchors.includes(link))).toEqual([]);
    const linkedTwice = links.filter((link) => anchors.filter((anchor) => anchor === link).length > 1);
    expect(linkedTwice).toEqual([]);
  });

  it('takes nothing of the description for markup', () => {
    const changed = parse(yaml) as {
      tags: { description: string }[];
      paths: Record<string, { get: object }>;
    };
    changed.tags[0]!.description = '<script>alert(1)</script> & "quotes" `a<b`';
    changed.paths['/healthz']!.get = {
      ...changed.paths['/healthz']!.get,
      parameters: [{ name: 'a|b', in: 'query', schema: { type: 'string' }, description: 'one | two\nthree' }],
    };
    const other = readReference(stringify(changed, { aliasDuplicateObjects: false }));
    const html = writeHtml(other);
    expect(html).not.toContain('<script>');
    expect(html).toContain(
      '&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;quotes&quot; <code>a&lt;b</code>',
    );
    expect(writeMarkdown(other)).toContain('| `a\\|b` | query | string | one \\| two three |');
  });
});
