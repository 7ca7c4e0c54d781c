import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { openBoundedLog, type BoundedLog } from './bounded-log.js';
import { lockDataDir } from './data-dir-lock.js';
import { endInSteps, launch, type Exit } from './embedded/launch.js';
import { startPostgres } from './embedded/postgres.js';
import { startRedis } from './embedded/redis.js';
import { SandboxError } from './sandbox-error.js';

type Environment = Readonly<Record<string, string | undefined>>;

export interface SupervisorChild {
  readonly name: 'api' | 'worker';
  /** Program and arguments. */
  readonly argv: readonly [string, ...string[]];
  /** What only this child gets, over the common environment. */
  readonly env?: Environment;
}

/** Numbers of what runs; `null` while it is down or, for Redis, where a given one is used. */
export interface SandboxPids {
  readonly supervisor: number;
  readonly api: number | null;
  readonly worker: number | null;
  readonly postgres: number | null;
  readonly redis: number | null;
}

export interface SupervisorOptions {
  readonly dataDir: string;
  /** Of the API, on loopback. */
  readonly port: number;
  /** What the children inherit; the supervisor's own settings come on top. */
  readonly env: Environment;
  /** The redis-server to run; without one, `redisUrl` is used. */
  readonly redis?: { readonly binary: string; readonly libraryPath?: string };
  readonly redisUrl?: string;
  /** Started in this order after `prepare`, drained in this order at the end. */
  readonly children: readonly SupervisorChild[];
  /**
   * Runs once Postgres and Redis answer and before the first child: migrations, seeds.
   * @param env what the children will get
   * @param stopping aborted when the sandbox is asked to stop meanwhile
   * @returns more of it, for example the directory of the samples
   */
  readonly prepare?: (env: Environment, stopping: AbortSignal) => Promise<Environment>;
  /** Called, one call after another, whenever a number changes. */
  readonly onPids?: (pids: SandboxPids) => void | Promise<void>;
  /** Called once the children have been started (not: are ready); a failure ends the sandbox. */
  readonly onStarted?: (pids: SandboxPids, stopping: AbortSignal) => Promise<void>;
  /** Asks it to stop as SIGTERM does. */
  readonly signal?: AbortSignal;
  /** One line for a person. */
  readonly say?: (line: string) => void;
}

const FIRST_RESTART_MS = 200;
const LONGEST_RESTART_MS = 10_000;
/** One that ran for so long is taken to be well, and its next fall for a first one. */
const WELL_AFTER_MS = 60_000;
const DRAIN_MS: Readonly<Record<SupervisorChild['name'], number>> = { api: 15_000, worker: 30_000 };

/** Settings of a real deployment's storage and keys, which the sandbox must not touch. */
const FOREIGN_PREFIXES = ['S3_', 'KMS_'];

type PartName = 'postgres' | 'redis' | SupervisorChild['name'];

/** Something that runs until it is stopped or falls. */
interface Running {
  readonly pid: number;
  stop(): Promise<void>;
}

type Start = (onExit: (exit: Exit) => void) => Promise<Running>;

/** Keeps one part running: started again when it falls, at growing intervals. */
function makeKeeper(name: PartName, start: Start, changed: () => void, say: (line: string) => void) {
  let running: Running | null = null;
  let stopped = false;
  let falls = 0;
  let timer: NodeJS.Timeout | undefined;
  let starting: Promise<void> = Promise.resolve();
  let startedAt = 0;

  const launchOnce = async () => {
    startedAt = performance.now();
    let ended = false;
    const started = await start((exit) => {
      ended = true;
      fell(exit);
    });
    // It may have fallen before we hear that it had started.
    running = ended ? null : started;
    changed();
  };
  const fell = (exit: Exit) => {
    running = null;
    changed();
    if (stopped) return;
    if (performance.now() - startedAt > WELL_AFTER_MS) falls = 0;
    say(`${name} ended (${exit.signal ?? `code ${String(exit.code)}`}); it is started again`);
    again();
  };
  const again = () => {
    const delay = Math.min(FIRST_RESTART_MS * 2 ** falls++, LONGEST_RESTART_MS);
    timer = setTimeout(() => {
      starting = launchOnce().catch((error: unknown) => {
        say(`${name}: ${error instanceof SandboxError ? error.message : 'it could not be started'}`);
        if (!stopped) again();
      });
    }, delay);
  };

  return {
    pid: () => running?.pid ?? null,
    /** The first start: a failure is the caller's to handle. */
    start: () => (starting = launchOnce()),
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await starting.catch(() => undefined);
      await running?.stop();
      running = null;
      changed();
    },
  };
}

type Keeper = ReturnType<typeof makeKeeper>;

/** Passes the numbers on, one call after another, and never fails for the receiver's sake. */
function makePidReport(keepers: ReadonlyMap<PartName, Keeper>, onPids: SupervisorOptions['onPids']) {
  let last: Promise<void> = Promise.resolve();
  const pids = (): SandboxPids => {
    const of = (name: PartName) => keepers.get(name)?.pid() ?? null;
    return {
      supervisor: process.pid,
      api: of('api'),
      worker: of('worker'),
      postgres: of('postgres'),
      redis: of('redis'),
    };
  };
  return {
    pids,
    changed: () => {
      last = last.then(() => onPids?.(pids())).catch(() => undefined);
    },
    settled: () => last,
  };
}

function baseEnvironment(options: SupervisorOptions, urls: { databaseUrl: string; redisUrl: string }) {
  const { dataDir, port, env } = options;
  const foreign = (name: string) => FOREIGN_PREFIXES.some((prefix) => name.startsWith(prefix));
  return {
    ...Object.fromEntries(Object.entries(env).filter(([name]) => !foreign(name))),
    LETHE_SANDBOX: '1',
    DATABASE_URL: urls.databaseUrl,
    REDIS_URL: urls.redisUrl,
    KEY_DIR: path.join(dataDir, 'keys'),
    HOST: '127.0.0.1',
    PORT: String(port),
    PUBLIC_BASE_URL: env['PUBLIC_BASE_URL'] ?? `http://127.0.0.1:${String(port)}`,
    BLOB_DIR: path.join(dataDir, 'blobs'),
  };
}

/** A child of ours: drained by SIGTERM within its time. */
async function startChild(
  child: SupervisorChild,
  env: Environment,
  log: BoundedLog,
  onExit: (exit: Exit) => void,
): Promise<Running> {
  const [command, ...args] = child.argv;
  const launched = await launch({
    command,
    args,
    env: { ...env, ...child.env },
    deathSignal: 'SIGTERM',
    onOutput: (chunk) => log.write(chunk),
  });
  let stopping = false;
  void launched.exited.then((exit) => {
    if (!stopping) onExit(exit);
  });
  return {
    pid: launched.pid,
    stop: () => {
      stopping = true;
      return endInSteps(launched, [{ signal: 'SIGTERM', ms: DRAIN_MS[child.name] }]);
    },
  };
}

/** Aborted at the first SIGTERM, SIGINT or SIGHUP, or with the caller's signal. */
function watchForStop(given: AbortSignal | undefined) {
  const signals = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;
  const controller = new AbortController();
  const stop = () => controller.abort();
  for (const signal of signals) process.on(signal, stop);
  given?.addEventListener('abort', stop);
  if (given?.aborted) stop();
  const asked = new Promise<void>((resolve) => {
    if (controller.signal.aborted) resolve();
    controller.signal.addEventListener('abort', () => resolve());
  });
  return {
    stopping: controller.signal,
    asked,
    // The listeners stay until all is down: a second signal must not end us before the children.
    forget: () => {
      given?.removeEventListener('abort', stop);
      for (const signal of signals) process.off(signal, stop);
    },
  };
}

/**
 * Runs the embedded stack: Postgres, Redis, then the children. Whatever falls is started again. SIGTERM, SIGINT or SIGHUP drain in
 * order (children as given, Redis, Postgres), each within its time. Should this process be killed, the kernel ends the rest (see
 * {@link launch}), and the next start recovers.
 *
 * A database or Redis that the environment names is not used, save a Redis where none can be run: the sandbox must not touch what
 * belongs to something else.
 *
 * @returns the exit code, 0, after an orderly stop
 * @throws SandboxError `already_running`, or why a part did not start; what had been started is down again by then
 */
export async function runSupervisor(options: SupervisorOptions): Promise<number> {
  const { dataDir, say = () => undefined } = options;
  // Others may pass through but not look around: as root, Postgres runs as another user. What is private has its own mode.
  mkdirSync(dataDir, { recursive: true, mode: process.getuid?.() === 0 ? 0o711 : 0o700 });
  const unlock = lockDataDir(dataDir);
  const stop = watchForStop(options.signal);
  const keepers = new Map<PartName, Keeper>();
  const logs: BoundedLog[] = [];
  const report = makePidReport(keepers, options.onPids);
  const openLog = (name: PartName) => {
    const log = openBoundedLog(path.join(dataDir, 'logs', `${name}.log`));
    logs.push(log);
    return log;
  };
  const keep = async (name: PartName, start: Start) => {
    // Nothing new is started beside what is being taken down.
    if (stop.stopping.aborted) return;
    const keeper = makeKeeper(name, start, report.changed, say);
    keepers.set(name, keeper);
    await keeper.start();
  };

  const bringUp = async () => {
    const env = await startServers(options, keep, openLog);
    const more = (await options.prepare?.(env, stop.stopping)) ?? {};
    for (const child of options.children) {
      const log = openLog(child.name);
      await keep(child.name, (onExit) => startChild(child, { ...env, ...more }, log, onExit));
    }
    await options.onStarted?.(report.pids(), stop.stopping);
  };

  try {
    // A stop that comes while all is still being brought up counts as well.
    await Promise.race([bringUp().then(() => stop.asked), stop.asked]);
    return 0;
  } finally {
    for (const name of drainOrder(options)) await keepers.get(name)?.stop();
    await report.settled();
    for (const log of logs) log.close();
    stop.forget();
    unlock();
  }
}

const drainOrder = ({ children }: SupervisorOptions): PartName[] => [
  ...children.map(({ name }) => name),
  'redis',
  'postgres',
];

async function startServers(
  options: SupervisorOptions,
  keep: (name: PartName, start: Start) => Promise<void>,
  openLog: (name: PartName) => BoundedLog,
) {
  const { dataDir, redis } = options;
  let databaseUrl = '';
  const postgresLog = openLog('postgres');
  await keep('postgres', async (onExit) => {
    const server = await startPostgres({ dataDir, onExit, onOutput: (chunk) => postgresLog.write(chunk) });
    databaseUrl = server.url;
    return server;
  });
  if (!redis) {
    if (options.redisUrl === undefined) throw new SandboxError('redis_missing');
    return baseEnvironment(options, { databaseUrl, redisUrl: options.redisUrl });
  }
  let redisUrl = '';
  const redisLog = openLog('redis');
  await keep('redis', async (onExit) => {
    const server = await startRedis({
      ...redis,
      dataDir,
      onExit,
      onOutput: (chunk) => redisLog.write(chunk),
    });
    redisUrl = server.url;
    return server;
  });
  return baseEnvironment(options, { databaseUrl, redisUrl });
}
