/**
 * Everything that can be said of the code without running it: format, types, lint, layers, dead code, the API description and what is
 * generated from it. Ends with 1 at the first that fails.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { apiMarkdown } from './lib/api-reference/api-docs.mjs';
import { breakingChanges } from './lib/breaking-changes.mjs';
import { run } from './lib/run.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const bin = (name) => path.join(root, 'node_modules', '.bin', name);

const API_TYPES = ['src/http/api-types.ts', 'clients/typescript/src/api-types.ts'];

async function apiTypesAreCurrent() {
  const { default: generate, astToString } = await import('openapi-typescript');
  const fresh = astToString(await generate(new URL('../openapi.yaml', import.meta.url)));
  // The command line adds a banner before what the library makes.
  const stale = API_TYPES.filter((file) => !readFileSync(path.join(root, file), 'utf8').endsWith(fresh));
  return stale.length === 0 ? '' : `not what openapi.yaml gives: ${stale.join(', ')}; npm run generate`;
}

function apiReferenceIsCurrent() {
  return readFileSync(path.join(root, 'docs/api.md'), 'utf8') === apiMarkdown(root)
    ? ''
    : 'docs/api.md is not what openapi.yaml gives: npm run generate';
}

/** Against the description that was released last: the file with the highest version. */
function clientsAreNotBroken() {
  const folder = path.join(root, 'docs/released');
  const read = (file) => parse(readFileSync(file, 'utf8'));
  const byVersion = new Intl.Collator('en', { numeric: true });
  const last = readdirSync(folder).sort(byVersion.compare).at(-1);
  const changes = breakingChanges(read(path.join(folder, last)), read(path.join(root, 'openapi.yaml')));
  return changes.length === 0 ? '' : `breaks clients of ${last}:\n${changes.join('\n')}`;
}

const command =
  (name, ...args) =>
  async () => {
    const { code, stdout, stderr } = await run(bin(name), args, { cwd: root });
    return code === 0 ? '' : `${stdout ?? ''}${stderr ?? ''}`.trim() || `${name} failed`;
  };

const CHECKS = [
  ['format', command('prettier', '--check', '--log-level', 'warn', '.')],
  ['types', command('tsc', '--noEmit', '-p', 'tsconfig.lint.json')],
  ['types of the pages', command('tsc', '-p', 'src/web/tsconfig.json')],
  ['types of the client', command('tsc', '--noEmit', '-p', 'clients/typescript/tsconfig.json')],
  ['lint', command('eslint', '.')],
  [
    'layers',
    command('depcruise', '--config', '.dependency-cruiser.cjs', 'src', 'workers', 'test', 'clients'),
  ],
  ['dead code', command('knip', '--no-progress')],
  ['API description', command('redocly', 'lint', 'openapi.yaml')],
  ['API types', apiTypesAreCurrent],
  ['API reference', apiReferenceIsCurrent],
  ['breaking changes', clientsAreNotBroken],
];

for (const [name, check] of CHECKS) {
  const begun = performance.now();
  const problem = await check();
  const seconds = ((performance.now() - begun) / 1000).toFixed(1);
  process.stdout.write(`${problem === '' ? 'ok    ' : 'FAILED'} ${name} (${seconds} s)\n`);
  if (problem !== '') {
    process.stdout.write(`${problem}\n`);
    process.exit(1);
  }
}
