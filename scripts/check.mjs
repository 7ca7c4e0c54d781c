/**
 * Everything that can be said of the code without running it: format, types, lint, layers, dead code, the API description and what is
 * generated from it. Ends with 1 at the first that fails.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from './lib/run.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const bin = (name) => path.join(root, 'node_modules', '.bin', name);

async function apiTypesAreCurrent() {
  const { default: generate, astToString } = await import('openapi-typescript');
  const fresh = astToString(await generate(new URL('../openapi.yaml', import.meta.url)));
  const committed = readFileSync(path.join(root, 'src/http/api-types.ts'), 'utf8');
  // The command line adds a banner before what the library makes.
  return committed.endsWith(fresh)
    ? ''
    : 'src/http/api-types.ts is not what openapi.yaml gives: npm run generate';
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
  ['lint', command('eslint', '.')],
  ['layers', command('depcruise', '--config', '.dependency-cruiser.cjs', 'src', 'workers', 'test')],
  ['dead code', command('knip', '--no-progress')],
  ['API description', command('redocly', 'lint', 'openapi.yaml')],
  ['API types', apiTypesAreCurrent],
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
