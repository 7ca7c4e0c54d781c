/**
 * Runs a TypeScript program of bench/ or eval/: `node bench/compiled.mjs bench/main.ts ARGUMENTS…`.
 * It is compiled beside, into .cache/compiled/, and started in a process of its own: what it prints of memory is then its own, and not a
 * compiler's. Types are not looked at: `npm run check` does.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ensure } from '../scripts/lib/ensure.mjs';
import { withLock } from '../scripts/lib/lock.mjs';
import { explain } from '../scripts/lib/progress.mjs';
import { filesUnder } from '../scripts/lib/source-state.mjs';

const root = path.resolve(import.meta.dirname, '..');
const outDir = path.join(root, '.cache/compiled');
const SOURCES = ['src', 'bench', 'eval', 'test/support'];
const WEB = path.join('src', 'web');

const modified = (file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;

/** Writes aside and renames, so that another run never imports half a file. */
function write(target, text) {
  const part = `${target}.${process.pid}`;
  mkdirSync(path.dirname(target), { recursive: true });
  writeFileSync(part, text);
  renameSync(part, target);
}

async function compile() {
  const sources = filesUnder(root, SOURCES, (file) => file !== WEB).filter(
    (file) => file.endsWith('.ts') && !file.endsWith('.d.ts'),
  );
  const targets = new Map(sources.map((file) => [file, path.join(outDir, file.replace(/\.ts$/, '.js'))]));
  const kept = new Set(targets.values());
  // What was compiled of a source that is gone would still be importable.
  for (const old of filesUnder(outDir, ['.'])) {
    const file = path.join(outDir, old);
    if (file.endsWith('.js') && !kept.has(file)) rmSync(file, { force: true });
  }
  const stale = sources.filter(
    (file) =>
      modified(path.join(root, file)) > modified(targets.get(file)) || modified(targets.get(file)) === 0,
  );
  if (stale.length === 0) return;
  const { default: ts } = await import('typescript');
  for (const file of stale) {
    const { outputText } = ts.transpileModule(readFileSync(path.join(root, file), 'utf8'), {
      fileName: file,
      compilerOptions: {
        target: ts.ScriptTarget.ES2022,
        module: ts.ModuleKind.ESNext,
        verbatimModuleSyntax: true,
      },
    });
    write(targets.get(file), outputText);
  }
}

const [program, ...args] = process.argv.slice(2);
try {
  if (!program?.endsWith('.ts')) throw new Error('usage: node bench/compiled.mjs PROGRAM.ts [ARGUMENTS…]');
  const found = await ensure({ root, needs: ['modules', 'font'] });
  // Two runs at once would compile, and clear away, the same files.
  await withLock(path.join(root, '.cache/compiled.lock'), compile);
  const child = spawn(process.execPath, [path.join(outDir, program.replace(/\.ts$/, '.js')), ...args], {
    stdio: 'inherit',
    env: { ...process.env, ...found },
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  process.exitCode = await new Promise((resolve) => {
    child.once('error', () => resolve(1));
    child.once('exit', (code, signal) => resolve(code ?? 128 + os.constants.signals[signal]));
  });
} catch (error) {
  explain(error);
  process.exitCode = 1;
}
