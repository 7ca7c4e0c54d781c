import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { SandboxError } from '../sandbox-error.js';
import { endInSteps, launch, type Launched, type LaunchOptions, type User } from './launch.js';
import { preparePostgresBinaries } from './postgres-binaries.js';
import { endLeftover, isRunning, readRecord, recordOf, removeRecord, writeRecord } from './process-record.js';
import type { EmbeddedServer, ServerHooks } from './server.js';
import { ensureSocketDir, removeSocketDir } from './socket-dir.js';

export interface PostgresOptions extends ServerHooks {
  /** The sandbox's data directory; the server keeps to `postgres/` in it. */
  readonly dataDir: string;
}

/** Postgres refuses to run as root. This user (nobody, nogroup in Debian) needs no account to be made. */
const UNPRIVILEGED: User = { uid: 65534, gid: 65534 };
const ROLE = 'lethe';
const DATABASE = 'lethe';
const SUPERUSER = 'postgres';
/** Names the socket file; nothing listens on TCP. */
const PORT = '5432';
const SOCKET = `.s.PGSQL.${PORT}`;
const POLL_MS = 40;
/** Crash recovery replays the write-ahead log before it lets anybody in. */
const START_MS = 120_000;
const LEFTOVER_MS = 15_000;
/** Fast shutdown, then immediate (recovers at the next start). */
const STOP_STEPS = [
  { signal: 'SIGINT', ms: 20_000 },
  { signal: 'SIGQUIT', ms: 5_000 },
] as const;
/** Above the largest process number that Linux gives (proc(5), pid_max): nobody's. */
const NOBODYS_PID = 4_194_305;
/** A backend that outlives its killed postmaster by moments keeps the shared memory, and a new server refuses until it is gone. */
const START_TRIES = 5;
const RETRY_MS = 1_000;

const SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: '',
  port: PORT,
  unix_socket_permissions: '0700',
  password_encryption: 'scram-sha-256',
  max_connections: '100',
  shared_buffers: '64MB',
  fsync: 'on',
  synchronous_commit: 'on',
  timezone: 'UTC',
  log_timezone: 'UTC',
  // A statement or the detail of a constraint ("Key (name)=(…)") would bring what people entered into the log.
  log_statement: 'none',
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
  log_min_duration_statement: '-1',
};

interface Cluster {
  readonly home: string;
  readonly data: string;
  readonly native: string;
  readonly run: string;
  readonly memo: string;
  readonly record: string;
  readonly passwords: Passwords;
  readonly user: User | undefined;
  readonly passClosedFolders: boolean;
}

interface Passwords {
  readonly superuser: string;
  readonly role: string;
}

/**
 * Starts a Postgres of its own for the sandbox: programs from npm, a Unix socket only, a random password (SCRAM), full durability.
 * Makes the cluster, the role and the database at the first start; recovers at a start after a kill. As root it runs as an unprivileged
 * user.
 * @throws SandboxError `postgres_missing`, `postgres_failed`, `data_dir_too_new`
 */
export async function startPostgres(options: PostgresOptions): Promise<EmbeddedServer> {
  const cluster = prepare(options.dataDir);
  await endPrevious(cluster);
  await initialise(cluster, options);
  for (let attempt = 1; ; attempt++) {
    const launched = await launchServer(cluster, options);
    if (await isReady(cluster, launched)) {
      await ensureDatabase(cluster);
      return watch(cluster, launched, options);
    }
    removeRecord(cluster.record);
    if (attempt === START_TRIES) throw new SandboxError('postgres_failed');
    await sleep(RETRY_MS);
  }
}

function prepare(dataDir: string): Cluster {
  const user = process.getuid?.() === 0 ? UNPRIVILEGED : undefined;
  const home = path.join(dataDir, 'postgres');
  mkdirSync(home, { recursive: true });
  // As root, the other user passes through but cannot look around; what is for us alone lies there with mode 0600.
  chmodSync(home, user ? 0o711 : 0o700);
  const { native, major } = preparePostgresBinaries(home);
  const memo = path.join(home, 'socket-dir');
  const run = ensureSocketDir({ preferred: path.join(home, 'run'), socketName: SOCKET, memo, owner: user });
  const data = path.join(home, 'data');
  checkVersion(data, major);
  return {
    home,
    data,
    native,
    run,
    memo,
    record: path.join(home, 'process.json'),
    passwords: ensurePasswords(path.join(home, 'passwords.json')),
    user,
    passClosedFolders: user !== undefined && ![home, path.dirname(run)].every(isOpenToAll),
  };
}

function checkVersion(data: string, major: string): void {
  const file = path.join(data, 'PG_VERSION');
  if (existsSync(file) && readFileSync(file, 'utf8').trim() !== major)
    throw new SandboxError('data_dir_too_new');
}

/** Whether any user can pass through a folder and all above it. */
function isOpenToAll(directory: string): boolean {
  let folder = realpathSync(directory);
  for (;;) {
    if ((statSync(folder).mode & 0o001) === 0) return false;
    const parent = path.dirname(folder);
    if (parent === folder) return true;
    folder = parent;
  }
}

function ensurePasswords(file: string): Passwords {
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as Passwords;
  const make = () => randomBytes(24).toString('base64url');
  const made: Passwords = { superuser: make(), role: make() };
  writeFileSync(`${file}.part`, JSON.stringify(made), { mode: 0o600 });
  renameSync(`${file}.part`, file);
  return made;
}

/** Ends a server that a killed run has left, and unmarks what only looks like one. */
async function endPrevious(cluster: Cluster): Promise<void> {
  const previous = readRecord(cluster.record);
  if (previous === null) return;
  await endLeftover(previous, 'SIGINT', LEFTOVER_MS);
  if (isRunning(previous)) throw new SandboxError('postgres_failed');
  disownLockFile(cluster, previous.pid);
  rmSync(path.join(cluster.run, SOCKET), { force: true });
  rmSync(path.join(cluster.run, `${SOCKET}.lock`), { force: true });
  removeRecord(cluster.record);
}

/**
 * Postgres takes its lock file for valid while any process has the number in it, and after a restart of a container some process
 * usually has. We know by the record that the server of that number is gone. Only the number is replaced: the file also names the
 * shared memory, by which Postgres finds orphaned backends and refuses to start beside them.
 */
function disownLockFile(cluster: Cluster, pid: number): void {
  const file = path.join(cluster.data, 'postmaster.pid');
  if (!existsSync(file)) return;
  const [first, ...rest] = readFileSync(file, 'utf8').split('\n');
  if (Number(first) === pid) writeFileSync(file, [String(NOBODYS_PID), ...rest].join('\n'));
}

function program(
  cluster: Cluster,
  name: string,
  args: readonly string[],
  onOutput?: (chunk: Buffer) => void,
) {
  const options: LaunchOptions = {
    command: path.join(cluster.native, 'bin', name),
    args,
    env: { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' },
    cwd: cluster.home,
    // Immediate shutdown: when we are gone there is nobody to wait for, and the next start recovers.
    deathSignal: 'SIGQUIT',
    passClosedFolders: cluster.passClosedFolders,
    ...(cluster.user ? { user: cluster.user } : {}),
    ...(onOutput ? { onOutput } : {}),
  };
  return launch(options);
}

/** Makes the cluster under another name first: a data directory that exists is complete. */
async function initialise(cluster: Cluster, { onOutput }: PostgresOptions): Promise<void> {
  if (existsSync(cluster.data)) return;
  const work = path.join(cluster.home, 'data.part');
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { mode: 0o700 });
  const passwordFile = path.join(cluster.run, 'initial-password');
  writeFileSync(passwordFile, cluster.passwords.superuser, { mode: 0o600 });
  if (cluster.user) {
    for (const place of [work, passwordFile]) chownSync(place, cluster.user.uid, cluster.user.gid);
  }
  const locale = ['--encoding=UTF8', '--locale-provider=builtin', '--locale=C.UTF-8'];
  const args = ['-D', work, '-U', SUPERUSER, '--auth=scram-sha-256', `--pwfile=${passwordFile}`, ...locale];
  const { code } = await (await program(cluster, 'initdb', args, onOutput)).exited;
  rmSync(passwordFile, { force: true });
  if (code !== 0) throw new SandboxError('postgres_failed');
  renameSync(work, cluster.data);
}

async function launchServer(cluster: Cluster, { onOutput }: PostgresOptions): Promise<Launched> {
  const settings = Object.entries({ ...SETTINGS, unix_socket_directories: cluster.run });
  const args = ['-D', cluster.data, ...settings.flatMap(([name, value]) => ['-c', `${name}=${value}`])];
  const launched = await program(cluster, 'postgres', args, onOutput);
  writeRecord(cluster.record, recordOf(launched.pid));
  return launched;
}

function clientFor(cluster: Cluster): pg.Client {
  return new pg.Client({
    host: cluster.run,
    port: Number(PORT),
    user: SUPERUSER,
    password: cluster.passwords.superuser,
    database: 'postgres',
    connectionTimeoutMillis: 5_000,
  });
}

async function withSuperuser<T>(cluster: Cluster, use: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = clientFor(cluster);
  // A server that goes away while we are connected is noticed by its exit; without a listener this would end the process.
  client.on('error', () => undefined);
  try {
    await client.connect();
    return await use(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Waits until a connection is let in; `false` when the server ends first. @throws SandboxError when it takes too long */
async function isReady(cluster: Cluster, launched: Launched): Promise<boolean> {
  let ended = false;
  void launched.exited.then(() => (ended = true));
  for (let waited = 0; waited < START_MS; waited += POLL_MS) {
    try {
      await withSuperuser(cluster, (client) => client.query('SELECT 1'));
      return true;
    } catch {
      if (ended) return false;
      await sleep(POLL_MS);
    }
  }
  await endInSteps(launched, STOP_STEPS);
  throw new SandboxError('postgres_failed');
}

/** The service's own role, which is no superuser, and its database. Each step can be repeated after a kill. */
async function ensureDatabase(cluster: Cluster): Promise<void> {
  await withSuperuser(cluster, async (client) => {
    const roles = await client.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [ROLE]);
    if (roles.rowCount === 0) {
      const password = client.escapeLiteral(cluster.passwords.role);
      await client.query(`CREATE ROLE ${ROLE} LOGIN CREATEDB PASSWORD ${password}`);
    }
    const databases = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [DATABASE]);
    if (databases.rowCount === 0) await client.query(`CREATE DATABASE ${DATABASE} OWNER ${ROLE}`);
  });
}

function watch(cluster: Cluster, launched: Launched, options: PostgresOptions): EmbeddedServer {
  let stopping: Promise<void> | undefined;
  void launched.exited.then((exit) => {
    if (!stopping) options.onExit(exit);
  });
  const stop = async () => {
    await endInSteps(launched, STOP_STEPS);
    removeRecord(cluster.record);
    removeSocketDir(cluster.memo);
  };
  // pg and libpq alike: a host that is a folder means the socket in it.
  const host = encodeURIComponent(cluster.run);
  return {
    url: `postgresql://${ROLE}:${cluster.passwords.role}@localhost:${PORT}/${DATABASE}?host=${host}`,
    pid: launched.pid,
    stop: () => (stopping ??= stop()),
  };
}
