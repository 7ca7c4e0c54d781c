import { fork, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { ALLOCATOR_ENVIRONMENT } from '../src/adapters/engines/host-command.js';

const hasTaskset = existsSync('/usr/bin/taskset') || existsSync('/bin/taskset');

/** The last core that this process may use: the first ones are busiest with everything else. `null` where none can be chosen. */
export function chooseCore(wanted?: number): number | null {
  if (!hasTaskset) return null;
  if (wanted !== undefined) return wanted;
  const list = spawnSync('taskset', ['-cp', String(process.pid)], { encoding: 'utf8' }).stdout;
  const last = /(\d+)\s*$/.exec(list)?.[1];
  return last === undefined ? availableParallelism() - 1 : Number(last);
}

/**
 * Another Node process with a module of this folder, bound to one core where one is given, with memory handed out as engine hosts have it.
 * Its messages are JSON.
 */
export function forkModule(url: URL, args: readonly string[], core: number | null): ChildProcess {
  const bound =
    core === null ? {} : { execPath: 'taskset', execArgv: ['-c', String(core), process.execPath] };
  return fork(fileURLToPath(url), [...args], {
    ...bound,
    env: { ...process.env, ...ALLOCATOR_ENVIRONMENT },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
}

/** The next message of a child. @throws Error `child_ended` where it ends first */
export function nextMessage<T>(child: ChildProcess): Promise<T> {
  return new Promise((resolve, reject) => {
    const ended = () => settle(() => reject(new Error('child_ended')));
    const arrived = (message: unknown) => settle(() => resolve(message as T));
    const settle = (then: () => void) => {
      child.off('exit', ended);
      child.off('message', arrived);
      then();
    };
    child.once('exit', ended);
    child.once('message', arrived);
    if (child.exitCode !== null || child.signalCode !== null) ended();
  });
}
