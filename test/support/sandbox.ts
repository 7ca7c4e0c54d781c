import { spawn, type ChildProcess } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { projectRoot } from '../../src/project-root.js';

/** Drawn once a run of the suites, then given to each further sandbox: drawing takes longer than starting. */
const drawnSamples = path.join(projectRoot, '.cache', 'test-samples');

export interface SandboxInfo {
  readonly base_url: string;
  readonly metrics_url: string;
  readonly worker_metrics_url: string;
  readonly tenant: string;
  readonly api_key: string;
  readonly member_api_key: string;
  readonly member_course_ids: readonly string[];
  readonly tokens: Readonly<
    Record<
      'reviewer' | 'reviewer_2' | 'senior_reviewer' | 'privacy_officer' | 'privacy_officer_2' | 'auditor',
      string
    >
  >;
  readonly policy_version: string;
  readonly pids: Readonly<Record<'supervisor' | 'api' | 'worker' | 'postgres' | 'redis', number>>;
}

export interface Sandbox {
  readonly dataDir: string;
  readonly info: SandboxInfo;
  /** As they are now: a part that fell has another number. */
  pids(): SandboxInfo['pids'];
  /** Everything it has printed. */
  output(): string;
  /** SIGTERM; the exit code. */
  stop(): Promise<number | null>;
  /** The same data dir again, after a stop. */
  restart(): Promise<void>;
  /** SIGKILL to the supervisor, and the same data dir again. */
  crashAndRestart(): Promise<void>;
  /** Stops it and removes what it has written. */
  dispose(): Promise<void>;
}

async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

/** Keeps what was drawn for the next sandbox, unless the same is kept already. */
function keepSamples(samples: string): void {
  const manifest = (dir: string) => {
    const file = path.join(dir, 'manifest.json');
    return existsSync(file) ? readFileSync(file, 'utf8') : null;
  };
  if (manifest(drawnSamples) === manifest(samples)) return;
  mkdirSync(path.dirname(drawnSamples), { recursive: true });
  const aside = `${drawnSamples}.${process.pid}`;
  cpSync(samples, aside, { recursive: true });
  try {
    // Another suite may be doing the same at this moment; either's will do.
    rmSync(drawnSamples, { recursive: true, force: true });
    renameSync(aside, drawnSamples);
  } catch {
    rmSync(aside, { recursive: true, force: true });
  }
}

/** Starts the real stack as its user would, on a data dir of its own. */
export async function startSandbox(
  options: { readonly env?: Readonly<Record<string, string>>; readonly args?: readonly string[] } = {},
): Promise<Sandbox> {
  const dataDir = mkdtempSync(path.join(os.tmpdir(), 'lethe-test-'));
  const port = await freePort();
  const samples = path.join(dataDir, 'samples');
  if (existsSync(drawnSamples)) cpSync(drawnSamples, samples, { recursive: true });

  let child: ChildProcess | undefined;
  let printed = '';
  const launch = async () => {
    printed = '';
    const { NODE_OPTIONS: _jest, ...inherited } = process.env;
    const started = spawn(
      process.execPath,
      [
        path.join(projectRoot, 'bin', 'lethe'),
        'dev',
        '--data-dir',
        dataDir,
        '--port',
        String(port),
        ...(options.args ?? ['--no-sample']),
      ],
      { cwd: projectRoot, env: { ...inherited, ...options.env }, stdio: ['ignore', 'pipe', 'pipe'] },
    );
    child = started;
    for (const stream of [started.stdout, started.stderr])
      stream.on('data', (chunk: Buffer) => {
        printed += chunk.toString('utf8');
      });
    while (!printed.includes('Lethe is ready')) {
      if (started.exitCode !== null) throw new Error(`the sandbox did not start: ${printed}`);
      await sleep(50);
    }
  };
  const read = () => JSON.parse(readFileSync(path.join(dataDir, 'sandbox.json'), 'utf8')) as SandboxInfo;
  const ended = (process: ChildProcess) =>
    new Promise<number | null>((resolve) => {
      if (process.exitCode !== null || process.signalCode !== null) resolve(process.exitCode);
      else process.once('exit', (code) => resolve(code));
    });

  await launch();
  keepSamples(samples);

  const stop = async () => {
    if (!child) return 0;
    const exit = ended(child);
    child.kill('SIGTERM');
    return exit;
  };
  return {
    dataDir,
    info: read(),
    pids: () => read().pids,
    output: () => printed,
    stop,
    restart: launch,
    async crashAndRestart() {
      const exit = ended(child!);
      child!.kill('SIGKILL');
      await exit;
      await launch();
    },
    async dispose() {
      await stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
