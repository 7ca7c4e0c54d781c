import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

const root = path.resolve(import.meta.dirname, '../..');
const script = (name: string) => path.join(root, 'scripts', name);
const run = promisify(execFile);

/** The set-up is plain JavaScript, since it runs before there is a compiler; these are the shapes that the tests rely on. */
const load = async <T>(name: string): Promise<T> => (await import(script(`lib/${name}`))) as T;

let scratch: string;

beforeEach(async () => {
  scratch = await mkdtemp(path.join(os.tmpdir(), 'lethe-bootstrap-'));
});

afterEach(async () => {
  await rm(scratch, { recursive: true, force: true });
});

const put = async (name: string, content: string) => {
  const file = path.join(scratch, name);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, content);
  return file;
};

describe('the Node version', () => {
  it.each(['20.19.0', '20.20.2', '22.0.0', '24.11.1'])('%s will do', async (version) => {
    const { checkNode } = await load<{ checkNode: (version: string) => void }>('node-version.mjs');
    expect(() => checkNode(version)).not.toThrow();
  });

  it.each(['18.20.4', '20.18.3', '16.0.0'])('%s is refused', async (version) => {
    const { checkNode } = await load<{ checkNode: (version: string) => void }>('node-version.mjs');
    expect(() => checkNode(version)).toThrow(/too old/);
    expect(() => checkNode(version)).toThrow(version);
  });
});

describe('bootstrap.mjs', () => {
  it('explains its use on standard error alone and exits with 2 when it does not know the command', async () => {
    const [code, stdout, stderr] = await run(process.execPath, [script('bootstrap.mjs'), 'toString']).then(
      () => [0, '', ''] as const,
      (error: { code: number; stdout: string; stderr: string }) =>
        [error.code, error.stdout, error.stderr] as const,
    );
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain('start|test|ensure');
  });
});

describe('what Debian’s apt would add', () => {
  it('leaves alone what is installed, though in an older version', async () => {
    const { packagesToAdd } = await load<{ packagesToAdd: (text: string) => string[] }>('debian.mjs');
    const simulation = [
      'Reading package lists...',
      'Inst liblzf1 (3.6-3 Debian:12.15/oldstable [amd64])',
      'Inst libc6 [2.36-9] (2.36-10 Debian:12.15/oldstable [amd64]) []',
      'Inst redis-server (5:7.0.15-1 Debian:12.15/oldstable [amd64])',
      'Conf liblzf1 (3.6-3 Debian:12.15/oldstable [amd64])',
    ].join('\n');
    expect(packagesToAdd(simulation)).toEqual(['liblzf1', 'redis-server']);
  });
});

describe('node_modules', () => {
  const entry = (version: string, more = {}) => ({ version, integrity: `sha512-${version}`, ...more });
  const lock = (packages: Record<string, object>) => JSON.stringify({ packages });
  const isFresh = async () => {
    const { modulesAreFresh } = await load<{ modulesAreFresh: (root: string) => boolean }>(
      'node-modules.mjs',
    );
    return modulesAreFresh(scratch);
  };

  it('counts as fresh when npm has left there what the lock file names, save for other platforms', async () => {
    const a = { 'node_modules/a': entry('1.0.0') };
    const other = { 'node_modules/other-platform': entry('1.0.0', { optional: true }) };
    await put('package-lock.json', lock({ '': {}, ...a, ...other }));
    expect(await isFresh()).toBe(false);
    await put('node_modules/.package-lock.json', lock(a));
    expect(await isFresh()).toBe(true);
    expect(existsSync(path.join(scratch, 'node_modules/.lethe-stamp'))).toBe(true);
  });

  it('is stale once the lock file asks for something else, and fresh again once that is there', async () => {
    await put('package-lock.json', lock({ 'node_modules/a': entry('1.0.0') }));
    await put('node_modules/.package-lock.json', lock({ 'node_modules/a': entry('1.0.0') }));
    expect(await isFresh()).toBe(true);
    await put('package-lock.json', lock({ 'node_modules/a': entry('1.0.1') }));
    expect(await isFresh()).toBe(false);
    await put('node_modules/.package-lock.json', lock({ 'node_modules/a': entry('1.0.1') }));
    expect(await isFresh()).toBe(true);
    await rm(path.join(scratch, 'node_modules'), { recursive: true });
    expect(await isFresh()).toBe(false);
  });
});

describe('the build', () => {
  interface BuildSteps {
    build: (root: string) => Promise<string[]>;
    buildIsFresh: (root: string) => boolean;
  }

  beforeEach(async () => {
    await symlink(path.join(root, 'node_modules'), path.join(scratch, 'node_modules'));
    await put('package.json', '{"type":"module"}');
    await put('tsconfig.json', await readFile(path.join(root, 'tsconfig.json'), 'utf8'));
    await put('src/kept.ts', 'export const kept: number = 1;\n');
    await put('src/dropped.ts', 'export const dropped = 2;\n');
    await put('src/table.txt', 'asset');
    await put('src/web/page.ts', 'this is not looked at');
  });

  const built = (name: string) => path.join(scratch, 'dist', name);

  it('runs only for what has changed, copies assets, and removes what has lost its source', async () => {
    const { build, buildIsFresh } = await load<BuildSteps>('build-steps.mjs');
    expect(buildIsFresh(scratch)).toBe(false);
    expect(await build(scratch)).toContain('TypeScript');
    expect(buildIsFresh(scratch)).toBe(true);
    expect(await build(scratch)).toEqual([]);
    expect(await readFile(built('src/table.txt'), 'utf8')).toBe('asset');
    const module = (await import(pathToFileURL(built('src/kept.js')).href)) as { kept: number };
    expect(module.kept).toBe(1);

    await rm(path.join(scratch, 'src/dropped.ts'));
    expect(await build(scratch)).toEqual(['TypeScript']);
    expect(existsSync(built('src/dropped.js'))).toBe(false);
    expect(existsSync(built('src/kept.js'))).toBe(true);

    await utimes(path.join(scratch, 'src/table.txt'), 1, 1);
    expect(await build(scratch)).toEqual(['assets']);
  });

  it('writes all outputs again when dist/ was removed in part', async () => {
    const { build } = await load<BuildSteps>('build-steps.mjs');
    await build(scratch);
    await rm(built('src'), { recursive: true });
    await rm(built('.built-typescript.json'));
    await rm(built('.built-assets.json'));
    await build(scratch);
    expect(existsSync(built('src/kept.js'))).toBe(true);
    expect(existsSync(built('src/table.txt'))).toBe(true);
  });

  it('fails with the compiler’s words, and stays stale', async () => {
    const { build, buildIsFresh } = await load<BuildSteps>('build-steps.mjs');
    await put('src/kept.ts', 'export const kept: number = "one";\n');
    await expect(build(scratch)).rejects.toThrow('TS2322');
    expect(buildIsFresh(scratch)).toBe(false);
  });
});

describe('the set-up lock', () => {
  /** Runs a process that holds the lock for a moment and notes when it enters and leaves. */
  function holder(name: string): Promise<number | null> {
    const notes = JSON.stringify(path.join(scratch, 'notes'));
    const source = `
      import { appendFileSync } from 'node:fs';
      import { withLock } from ${JSON.stringify(script('lib/lock.mjs'))};
      await withLock(${JSON.stringify(path.join(scratch, 'lock'))}, async () => {
        appendFileSync(${notes}, 'in ${name}\\n');
        await new Promise((resolve) => setTimeout(resolve, 30));
        appendFileSync(${notes}, 'out ${name}\\n');
      });`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', source], {
      stdio: 'ignore',
      env: { ...process.env, NODE_OPTIONS: '' },
    });
    return new Promise((resolve) => child.once('exit', resolve));
  }

  async function expectInTurn(holders: number): Promise<void> {
    const notes = (await readFile(path.join(scratch, 'notes'), 'utf8')).trim().split('\n');
    expect(notes).toHaveLength(2 * holders);
    for (let index = 0; index < notes.length; index += 2) {
      expect(notes[index + 1]).toBe(notes[index]?.replace('in ', 'out '));
    }
  }

  it('lets in one process after another', async () => {
    const codes = await Promise.all(['a', 'b', 'c', 'd'].map(holder));
    expect(codes).toEqual([0, 0, 0, 0]);
    await expectInTurn(4);
    expect(existsSync(path.join(scratch, 'lock'))).toBe(false);
  });

  it.each([
    ['of a process that is gone', { pid: 4_194_305, birth: 'boot/1' }],
    ['of a process whose number another one has now', { pid: process.pid, birth: 'boot/1' }],
    ['half written', '{"pid":'],
  ])('is taken over: %s', async (_name, content) => {
    await put('lock', typeof content === 'string' ? content : JSON.stringify(content));
    expect(await Promise.all([holder('a'), holder('b')])).toEqual([0, 0]);
    await expectInTurn(2);
  });
});
