import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { SandboxError } from '../sandbox-error.js';

export interface LaunchOptions {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  /** What the kernel sends the child when we die, even by SIGKILL. */
  readonly deathSignal: NodeJS.Signals;
  /** Run as this user; takes root. */
  readonly user?: User;
  /**
   * With `user`: keep the one capability of passing folders that are closed to that user (CAP_DAC_OVERRIDE). For a data directory
   * below, say, a root user's own 0700 home.
   */
  readonly passClosedFolders?: boolean;
  readonly onOutput?: (chunk: Buffer) => void;
}

export interface User {
  readonly uid: number;
  readonly gid: number;
}

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface Launched {
  readonly pid: number;
  /** Resolves when the process has ended and its output has been read. */
  readonly exited: Promise<Exit>;
  readonly kill: (signal: NodeJS.Signals) => void;
}

const SETPRIV = '/usr/bin/setpriv';

/** setpriv(1) of util-linux, an essential package in Debian. BusyBox has one without --pdeathsig. */
function canTieToParent(): boolean {
  return existsSync(SETPRIV) && spawnSync(SETPRIV, ['--pdeathsig', 'SIGTERM', '/bin/true']).status === 0;
}

function privileges({ user, passClosedFolders = false }: LaunchOptions): string[] {
  if (!user) return [];
  const identity = [`--reuid=${String(user.uid)}`, `--regid=${String(user.gid)}`, '--clear-groups'];
  if (!passClosedFolders) return identity;
  // access(2) asks with the real user and drops capabilities for it, unless the kernel is told to keep its hands off.
  const only = '-all,+dac_override';
  return [
    ...identity,
    `--inh-caps=${only}`,
    `--ambient-caps=${only}`,
    `--bounding-set=${only}`,
    '--securebits=+no_setuid_fixup',
  ];
}

/**
 * Starts a program whose life is tied to ours: the kernel ends it when we are gone (PR_SET_PDEATHSIG), which needs neither a watcher
 * process nor our own clean-up code to run. The program has a process group of its own, so that Ctrl-C in a terminal reaches only the
 * supervisor, which then ends its children in order.
 *
 * Without util-linux the tie is missing; leftovers are then ended at the next start by their records.
 * @throws SandboxError `spawn_failed`
 */
export async function launch(options: LaunchOptions): Promise<Launched> {
  const tie = canTieToParent();
  const command = tie ? SETPRIV : options.command;
  const args = tie
    ? [`--pdeathsig=${options.deathSignal}`, ...privileges(options), options.command, ...options.args]
    : [...options.args];
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: { ...options.env },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(tie || !options.user ? {} : options.user),
  });
  const exited = new Promise<Exit>((resolve) => {
    child.once('close', (code, signal) => resolve({ code, signal }));
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => options.onOutput?.(chunk));
  }
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', () => reject(new SandboxError('spawn_failed')));
  });
  if (child.pid === undefined) throw new SandboxError('spawn_failed');
  return {
    pid: child.pid,
    exited,
    kill: (signal) => {
      child.kill(signal);
    },
  };
}

/** Sends signals one after another, each with its time to work, until the process has ended. SIGKILL comes last. */
export async function endInSteps(
  launched: Launched,
  steps: readonly { readonly signal: NodeJS.Signals; readonly ms: number }[],
): Promise<void> {
  for (const { signal, ms } of steps) {
    launched.kill(signal);
    if (await endsWithin(launched, ms)) return;
  }
  launched.kill('SIGKILL');
  await launched.exited;
}

async function endsWithin(launched: Launched, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(resolve, ms, false);
  });
  const ended = await Promise.race([launched.exited.then(() => true), late]);
  clearTimeout(timer);
  return ended;
}
