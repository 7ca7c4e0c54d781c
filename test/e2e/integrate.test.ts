import { spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { startSandbox, type Sandbox } from '../support/sandbox.js';

const root = path.resolve(import.meta.dirname, '../..');
const tsc = path.join(root, 'node_modules/typescript/bin/tsc');

type Language = 'ts' | 'sh';

/** The fenced blocks of the guide, in their order: what runs, and what it prints. */
function readGuide(): Readonly<Record<Language, { readonly program: string; readonly prints: string }>> {
  const guide = readFileSync(path.join(root, 'docs/integrate.md'), 'utf8');
  const blocks = [...guide.matchAll(/^```(\w*)\n(.*?)^```$/gms)].map(([, kind, text]) => ({
    kind,
    text: text!,
  }));
  const found = { ts: { program: '', prints: '' }, sh: { program: '', prints: '' } };
  let last: Language | undefined;
  for (const { kind, text } of blocks) {
    if (kind === 'ts' || kind === 'sh') {
      last = kind;
      found[kind].program += text;
    } else if (kind === 'text' && last) found[last].prints += text;
    else throw new Error(`nobody runs a block of the kind “${kind}”`);
  }
  return found;
}

let sandbox: Sandbox;
let scratch: string;
let env: Record<string, string>;

async function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = net.createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as net.AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

beforeAll(async () => {
  sandbox = await startSandbox();
  // Below the checkout, so that what the client depends on is found.
  mkdirSync(path.join(root, '.cache'), { recursive: true });
  scratch = mkdtempSync(path.join(root, '.cache/integrate-'));
  const { base_url, api_key, tokens } = sandbox.info;
  env = {
    PATH: `${path.dirname(process.execPath)}${path.delimiter}${process.env['PATH'] ?? ''}`,
    LETHE_URL: base_url,
    LETHE_API_KEY: api_key,
    LETHE_PRIVACY_TOKEN: tokens.privacy_officer,
    CURL_STAND_IN: path.join(root, 'test/support/curl.mjs'),
    SHOP_WEBHOOK_URL: `http://127.0.0.1:${await freePort()}/lethe`,
  };
}, 180_000);
afterAll(async () => {
  await sandbox?.dispose();
  rmSync(scratch, { recursive: true, force: true });
});

/** Runs a program to its end. What it says of errors is told with them. */
function run(command: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: scratch, env });
    let printed = '';
    let complaint = '';
    child.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString('utf8')));
    child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString('utf8')));
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve(printed);
      else reject(new Error(`${command} ended with ${code}\n${printed}\n${complaint}`));
    });
  });
}

/** Puts the client where a platform has it after `npm install`, and the program beside it. */
async function install(program: string): Promise<string> {
  const client = path.join(scratch, 'node_modules/@lethe/client');
  mkdirSync(client, { recursive: true });
  copyFileSync(path.join(root, 'clients/typescript/package.json'), path.join(client, 'package.json'));
  const sources = path.join(root, 'clients/typescript/tsconfig.json');
  await run(process.execPath, [tsc, '-p', sources, '--outDir', path.join(client, 'dist')]);

  writeFileSync(path.join(scratch, 'package.json'), JSON.stringify({ type: 'module', private: true }));
  const compilerOptions = {
    target: 'ES2022',
    module: 'NodeNext',
    strict: true,
    skipLibCheck: true,
    types: ['node'],
  };
  writeFileSync(
    path.join(scratch, 'tsconfig.json'),
    JSON.stringify({ compilerOptions, files: ['purchase.ts'] }),
  );
  writeFileSync(path.join(scratch, 'purchase.ts'), program);
  await run(process.execPath, [tsc, '-p', scratch]);
  return path.join(scratch, 'purchase.js');
}

/** A bare machine has none; what the guide shows is run all the same. */
const hasCurl = (): Promise<boolean> =>
  run('curl', ['--version']).then(
    () => true,
    () => false,
  );

describe('docs/integrate.md', () => {
  const { ts, sh } = readGuide();

  it('has TypeScript that compiles, runs, and prints what it says', async () => {
    const file = await install(ts.program);
    expect(await run(process.execPath, [file])).toBe(ts.prints);
  }, 240_000);

  it('has shell that runs, and prints what it says', async () => {
    const own = 'curl() { node "$CURL_STAND_IN" "$@"; }\n';
    const prelude = (await hasCurl()) ? '' : own;
    expect(await run('bash', ['-euo', 'pipefail', '-c', prelude + sh.program])).toBe(sh.prints);
  }, 120_000);

  it('shows every step in both', () => {
    const steps = readFileSync(path.join(root, 'docs/integrate.md'), 'utf8')
      .split(/^## \d+\. /m)
      .slice(1);
    expect(steps).toHaveLength(10);
    for (const step of steps) for (const kind of ['ts', 'sh']) expect(step).toContain(`\`\`\`${kind}\n`);
  });
});
