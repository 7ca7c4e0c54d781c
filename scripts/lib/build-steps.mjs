import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { SetupError } from './progress.mjs';
import { run } from './run.mjs';
import { filesUnder, fingerprint } from './source-state.mjs';

const isWebSource = (file) =>
  file === path.join('src', 'web') || file.startsWith(path.join('src', 'web') + path.sep);
const isServerSource = (file) => !isWebSource(file);

/** TypeScript of service and workers → dist/. */
const compile = {
  name: 'TypeScript',
  inputs: (root) => [
    ...filesUnder(root, ['src', 'workers'], isServerSource).filter((file) => file.endsWith('.ts')),
    ...filesUnder(root, ['tsconfig.json', 'package-lock.json']),
  ],
  async run(root, { fresh }) {
    // Without its outputs the compiler's memory of having written them is a lie.
    if (fresh) rmSync(path.join(root, 'dist/.tsbuildinfo'), { force: true });
    const tsc = path.join(root, 'node_modules/typescript/bin/tsc');
    const { code, stdout } = await run(process.execPath, [tsc, '-p', 'tsconfig.json'], { cwd: root });
    if (code !== 0)
      throw new SetupError(`TypeScript does not compile:\n${stdout}`, 'mend the sources named above');
  },
  outputsOf: (file) =>
    file.endsWith('.ts') ? [file.replace(/\.ts$/, '.js'), file.replace(/\.ts$/, '.js.map')] : [],
};

/** Whatever else lies beside the sources and openapi.yaml, so that paths relative to a module hold in dist/ as in the tree. */
const assets = {
  name: 'assets',
  inputs: (root) => [
    ...filesUnder(root, ['src', 'workers'], isServerSource).filter((file) => !file.endsWith('.ts')),
    ...filesUnder(root, ['openapi.yaml']),
  ],
  async run(root) {
    for (const file of assets.inputs(root)) {
      const target = path.join(root, 'dist', file);
      mkdirSync(path.dirname(target), { recursive: true });
      // Written aside and renamed: a running service never reads half a file.
      copyFileSync(path.join(root, file), `${target}.part`);
      renameSync(`${target}.part`, target);
    }
  },
  outputsOf: (file) => [file],
};

/** The pages, where there are any: vite, by the configuration at the root. */
const pages = {
  name: 'pages',
  inputs: (root) => {
    const config = filesUnder(root, ['vite.config.mjs', 'vite.config.ts']);
    // The page at /docs is written from the description.
    const sources = ['src/web', 'openapi.yaml', 'scripts/lib/api-reference', 'package-lock.json'];
    return config.length === 0 ? [] : [...config, ...filesUnder(root, sources)];
  },
  async run(root) {
    if (pages.inputs(root).length === 0) return;
    const vite = path.join(root, 'node_modules/vite/bin/vite.js');
    const target = path.join(root, 'dist/web');
    // Built aside and renamed: a running service goes on giving whole pages.
    const [part, old] = [`${target}.part`, `${target}.old`];
    const options = ['--logLevel', 'warn', '--outDir', part, '--emptyOutDir'];
    const { code, stdout, stderr } = await run(process.execPath, [vite, 'build', ...options], { cwd: root });
    if (code !== 0)
      throw new SetupError(`The pages do not build:\n${stdout}${stderr}`, 'mend the sources named above');
    rmSync(old, { recursive: true, force: true });
    if (existsSync(target)) renameSync(target, old);
    renameSync(part, target);
    rmSync(old, { recursive: true, force: true });
  },
  outputsOf: () => [],
};

export const STEPS = [compile, assets, pages];

const stampFile = (root, step) => path.join(root, 'dist', `.built-${step.name.toLowerCase()}.json`);

function readStamp(root, step) {
  try {
    return JSON.parse(readFileSync(stampFile(root, step), 'utf8'));
  } catch {
    return null;
  }
}

/** @returns {boolean} whether a step's inputs have changed since it last ran */
export function isStale(root, step) {
  const stamp = readStamp(root, step);
  return stamp === null || stamp.fingerprint !== fingerprint(root, step.inputs(root));
}

export const buildIsFresh = (root) => STEPS.every((step) => !isStale(root, step));

/** Runs the steps whose inputs have changed. @returns {Promise<string[]>} names of those that ran @throws SetupError */
export async function build(root) {
  const ran = [];
  for (const step of STEPS) {
    if (!isStale(root, step)) continue;
    const inputs = step.inputs(root);
    // Taken before the run: what is written while it runs makes the next one run again.
    const taken = fingerprint(root, inputs);
    const before = readStamp(root, step);
    await step.run(root, { fresh: before === null });
    removeOrphans(root, step, before?.inputs ?? [], inputs);
    mkdirSync(path.join(root, 'dist'), { recursive: true });
    const stamp = stampFile(root, step);
    writeFileSync(`${stamp}.part`, JSON.stringify({ fingerprint: taken, inputs }));
    renameSync(`${stamp}.part`, stamp);
    ran.push(step.name);
  }
  return ran;
}

/** Outputs of sources that are gone would still be importable. */
function removeOrphans(root, step, before, now) {
  const kept = new Set(now);
  for (const file of before.filter((name) => !kept.has(name))) {
    for (const output of step.outputsOf(file)) {
      const target = path.join(root, 'dist', output);
      if (existsSync(target)) rmSync(target);
    }
  }
}
