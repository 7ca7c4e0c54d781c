import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SandboxError } from '../sandbox-error.js';
import { endInSteps, launch, type Launched } from './launch.js';
import { endLeftover, readRecord, recordOf, removeRecord, writeRecord } from './process-record.js';
import type { EmbeddedServer, ServerHooks } from './server.js';
import { ensureSocketDir, removeSocketDir } from './socket-dir.js';

export interface RedisOptions extends ServerHooks {
  /** The redis-server program. */
  readonly binary: string;
  /** LD_LIBRARY_PATH for one that was unpacked and not installed. */
  readonly libraryPath?: string;
  /** The sandbox's data directory; the server keeps to `redis/` in it. */
  readonly dataDir: string;
}

const SOCKET = 'redis.sock';
const POLL_MS = 20;
const START_MS = 30_000;
const STOP_STEPS = [{ signal: 'SIGTERM', ms: 10_000 }] as const;

interface Places {
  readonly home: string;
  readonly record: string;
  readonly memo: string;
}

/**
 * Starts a Redis that listens on a Unix socket only, appends every write to its log and never evicts (a queue must not lose entries to
 * memory pressure). `url` is the socket's path, which ioredis and, as `connection: { url }`, BullMQ take as it is.
 * @throws SandboxError `redis_failed`
 */
export async function startRedis(options: RedisOptions): Promise<EmbeddedServer> {
  const home = path.join(options.dataDir, 'redis');
  const places = { home, record: path.join(home, 'process.json'), memo: path.join(home, 'socket-dir') };
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const leftover = readRecord(places.record);
  if (leftover) await endLeftover(leftover, 'SIGTERM', 10_000);

  const first = await startOnce(options, places);
  if (first) return first;
  // It does not read its own log again. Redis may be emptied at any time (Postgres holds the truth), so it starts afresh, and the old
  // log is kept for a look.
  setAside(home);
  const second = await startOnce(options, places);
  if (second) return second;
  throw new SandboxError('redis_failed');
}

async function startOnce(options: RedisOptions, places: Places): Promise<EmbeddedServer | null> {
  const run = ensureSocketDir({
    preferred: path.join(places.home, 'run'),
    socketName: SOCKET,
    memo: places.memo,
  });
  const socket = path.join(run, SOCKET);
  // One left by a killed server would be answered by nobody, and hides that the new one is not up yet.
  rmSync(socket, { force: true });
  const launched = await launch({
    command: options.binary,
    args: serverArguments(places.home, socket),
    env: { PATH: '/usr/bin:/bin', LC_ALL: 'C', LD_LIBRARY_PATH: options.libraryPath },
    cwd: places.home,
    deathSignal: 'SIGTERM',
    ...(options.onOutput ? { onOutput: options.onOutput } : {}),
  });
  writeRecord(places.record, recordOf(launched.pid));
  if (!(await answers(socket, launched))) {
    removeRecord(places.record);
    return null;
  }
  return watch(launched, socket, options, places);
}

function watch(launched: Launched, url: string, options: RedisOptions, places: Places): EmbeddedServer {
  let stopping: Promise<void> | undefined;
  void launched.exited.then((exit) => {
    if (!stopping) options.onExit(exit);
  });
  const stop = async () => {
    await endInSteps(launched, STOP_STEPS);
    removeRecord(places.record);
    removeSocketDir(places.memo);
  };
  return { url, pid: launched.pid, stop: () => (stopping ??= stop()) };
}

const serverArguments = (home: string, socket: string): string[] => [
  ...['--port', '0', '--unixsocket', socket, '--unixsocketperm', '700'],
  ...['--dir', home, '--appendonly', 'yes', '--appendfsync', 'everysec', '--save', ''],
  ...['--maxmemory-policy', 'noeviction', '--daemonize', 'no', '--loglevel', 'notice'],
];

/** Waits until PING is answered; `false` when the server ends first. @throws SandboxError when it takes too long */
async function answers(socket: string, launched: Launched): Promise<boolean> {
  let ended = false;
  void launched.exited.then(() => (ended = true));
  for (let waited = 0; waited < START_MS; waited += POLL_MS) {
    if (await ping(socket)) return true;
    if (ended) return false;
    await sleep(POLL_MS);
  }
  await endInSteps(launched, STOP_STEPS);
  throw new SandboxError('redis_failed');
}

/** One PING. While it still loads its log, Redis answers `-LOADING`. */
function ping(socket: string): Promise<boolean> {
  return new Promise((resolve) => {
    const client = connect(socket);
    client.setTimeout(1_000, () => client.destroy());
    client.once('connect', () => client.write('PING\r\n'));
    client.once('data', (reply) => {
      resolve(reply.toString('latin1').startsWith('+PONG'));
      client.destroy();
    });
    client.once('error', () => client.destroy());
    client.once('close', () => resolve(false));
  });
}

function setAside(home: string): void {
  const log = path.join(home, 'appendonlydir');
  const old = path.join(home, 'appendonlydir.unreadable');
  try {
    rmSync(old, { recursive: true, force: true });
    renameSync(log, old);
  } catch {
    // There was no log: then it was something else, and the second start says so.
  }
}
