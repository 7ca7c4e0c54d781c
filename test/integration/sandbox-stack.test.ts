import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import pg from 'pg';
import {
  isRunning,
  recordOf,
  waitForEnd,
  type ProcessRecord,
} from '../../src/sandbox/embedded/process-record.js';
import { startPostgres } from '../../src/sandbox/embedded/postgres.js';
import { startRedis } from '../../src/sandbox/embedded/redis.js';
import { runSupervisor, type SandboxPids, type SupervisorOptions } from '../../src/sandbox/supervisor.js';

const TEST_MS = 120_000;
const root = path.resolve(import.meta.dirname, '../..');
const found = process.env['LETHE_REDIS_SERVER'] ?? '/usr/bin/redis-server';
const libraryPath = process.env['LETHE_REDIS_LIBRARY_PATH'];
const redis = { binary: found, ...(libraryPath === undefined ? {} : { libraryPath }) };
const ignoreExit = () => undefined;

let scratch: string;

beforeAll(() => {
  if (!existsSync(redis.binary)) throw new Error('No redis-server: start the tests with npm test');
});

beforeEach(async () => {
  // A folder that other users cannot enter, as mkdtemp makes it: the harder case for a Postgres that may not run as root.
  scratch = await mkdtemp(path.join(os.tmpdir(), 'lethe-stack-'));
});

afterEach(async () => {
  await rm(scratch, { recursive: true, force: true });
});

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', ignoreExit);
  await client.connect();
  try {
    const { rows } = await client.query<Record<string, unknown>>({ text: sql });
    return rows.flatMap((row) => Object.values(row));
  } finally {
    await client.end();
  }
}

async function until<T>(look: () => T | undefined | Promise<T | undefined>): Promise<T> {
  for (;;) {
    const value = await look();
    if (value !== undefined) return value;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe('embedded Postgres', () => {
  it(
    'keeps committed rows over a kill and over a stop, at the same address, for a role that is no superuser',
    async () => {
      const options = { dataDir: scratch, onExit: ignoreExit };
      const first = await startPostgres(options);
      await query(first.url, 'CREATE TABLE kept (n int)');
      await query(first.url, 'INSERT INTO kept VALUES (1)');
      expect(await query(first.url, 'SELECT rolsuper FROM pg_roles WHERE rolname = current_user')).toEqual([
        false,
      ]);
      expect(await query(first.url, "SELECT lower('ÄÖ')")).toEqual(['äö']);
      const killed = recordOf(first.pid);
      process.kill(first.pid, 'SIGKILL');
      await waitForEnd(killed, 10_000);

      const second = await startPostgres(options);
      expect(second.url).toBe(first.url);
      await query(second.url, 'INSERT INTO kept VALUES (2)');
      const stopped = recordOf(second.pid);
      await second.stop();
      expect(isRunning(stopped)).toBe(false);

      const third = await startPostgres(options);
      expect(await query(third.url, 'SELECT n FROM kept ORDER BY n')).toEqual([1, 2]);
      await third.stop();
    },
    TEST_MS,
  );

  it(
    'starts though its old process number is another’s now, and ends a server that was left running',
    async () => {
      const options = { dataDir: scratch, onExit: ignoreExit };
      const first = await startPostgres(options);
      const left = recordOf(first.pid);
      // The record of a run that was killed: the server it names is still there.
      const second = await startPostgres(options);
      expect(isRunning(left)).toBe(false);
      process.kill(second.pid, 'SIGKILL');
      await waitForEnd(recordOf(second.pid), 10_000);

      const record = path.join(scratch, 'postgres/process.json');
      const lock = path.join(scratch, 'postgres/data/postmaster.pid');
      const { birth } = JSON.parse(await readFile(record, 'utf8')) as ProcessRecord;
      // This very test has the number now, as some process often has after a restart of a container.
      await writeFile(record, JSON.stringify({ pid: process.pid, birth }));
      await writeFile(lock, (await readFile(lock, 'utf8')).replace(/^\d+/, String(process.pid)));
      const third = await startPostgres(options);
      expect(await query(third.url, 'SELECT 1')).toEqual([1]);
      await third.stop();
    },
    TEST_MS,
  );

  it(
    'tells when it falls, keeps its passwords private, and logs no value',
    async () => {
      let log = '';
      const exits: unknown[] = [];
      const server = await startPostgres({
        dataDir: scratch,
        onExit: (exit) => exits.push(exit),
        onOutput: (chunk) => (log += chunk.toString()),
      });
      expect((await stat(path.join(scratch, 'postgres/passwords.json'))).mode & 0o777).toBe(0o600);
      await query(server.url, 'CREATE TABLE t (n text PRIMARY KEY)');
      await query(server.url, "INSERT INTO t VALUES ('Ottilie Geheim')");
      const again = query(server.url, "INSERT INTO t VALUES ('Ottilie Geheim')");
      await expect(again).rejects.toThrow('duplicate key');
      await until(() => (log.includes('duplicate key') ? true : undefined));
      expect(log).not.toContain('Ottilie');
      process.kill(server.pid, 'SIGKILL');
      await until(() => (exits.length > 0 ? true : undefined));
      expect(exits).toEqual([{ code: null, signal: 'SIGKILL' }]);
    },
    TEST_MS,
  );

  it(
    'finds a socket path that the kernel takes when the data directory’s is too long',
    async () => {
      const dataDir = path.join(scratch, 'd'.repeat(120));
      await mkdir(dataDir);
      const postgres = await startPostgres({ dataDir, onExit: ignoreExit });
      const queue = await startRedis({ ...redis, dataDir, onExit: ignoreExit });
      expect(await query(postgres.url, 'SELECT 1')).toEqual([1]);
      const client = new Redis(queue.url);
      expect(await client.ping()).toBe('PONG');
      expect((await stat(path.dirname(queue.url))).mode & 0o777).toBe(0o700);
      await client.quit();
      await postgres.stop();
      await queue.stop();
      expect(existsSync(path.dirname(queue.url))).toBe(false);
    },
    TEST_MS,
  );
});

describe('embedded Redis', () => {
  it('keeps what was written over a kill, never evicts, and serves ioredis and BullMQ by its url', async () => {
    const first = await startRedis({ ...redis, dataDir: scratch, onExit: ignoreExit });
    const client = new Redis(first.url);
    expect(await client.config('GET', 'maxmemory-policy')).toEqual(['maxmemory-policy', 'noeviction']);
    await client.set('kept', '1');
    await client.quit();
    const queue = new Queue('q', { connection: { url: first.url } });
    await queue.add('x', {});
    await queue.close();
    const killed = recordOf(first.pid);
    process.kill(first.pid, 'SIGKILL');
    await waitForEnd(killed, 10_000);

    const second = await startRedis({ ...redis, dataDir: scratch, onExit: ignoreExit });
    const reader = new Redis(second.url);
    expect(await reader.get('kept')).toBe('1');
    expect(await reader.llen('bull:q:wait')).toBe(1);
    await reader.quit();
    await second.stop();
  });

  it('starts afresh when it cannot read its own log', async () => {
    const first = await startRedis({ ...redis, dataDir: scratch, onExit: ignoreExit });
    await first.stop();
    await writeFile(path.join(scratch, 'redis/appendonlydir/appendonly.aof.manifest'), 'no manifest\n');
    const second = await startRedis({ ...redis, dataDir: scratch, onExit: ignoreExit });
    const client = new Redis(second.url);
    expect(await client.dbsize()).toBe(0);
    await client.quit();
    await second.stop();
  });
});

describe('supervisor', () => {
  /** A child that says what it got and ends on SIGTERM after a moment, leaving a line in a file. */
  const child = (name: 'api' | 'worker'): SupervisorOptions['children'][number] => ({
    name,
    argv: [
      process.execPath,
      '-e',
      `const fs = require('node:fs'); const file = ${JSON.stringify(path.join(scratch, 'order'))};
       process.on('SIGTERM', () => setTimeout(() => { fs.appendFileSync(file, '${name} '); process.exit(0); }, 50));
       console.log('${name} runs', process.env.DATABASE_URL?.split(':')[0], process.env.S3_BUCKET, process.env.EXTRA);
       setInterval(() => {}, 1000);`,
    ],
  });

  const logOf = (part: string) => path.join(scratch, 'data/logs', `${part}.log`);

  /** Waits until either child has come so far as to answer signals, so many times in all. */
  async function runs(times: number): Promise<void> {
    for (const part of ['api', 'worker']) {
      await until(async () => {
        const lines = (await readFile(logOf(part), 'utf8')).split('\n').length - 1;
        return lines >= times ? true : undefined;
      });
    }
  }

  function startSandbox(more: Partial<SupervisorOptions> = {}) {
    const stop = new AbortController();
    let pids: SandboxPids | undefined;
    const done = runSupervisor({
      dataDir: path.join(scratch, 'data'),
      port: 1,
      env: { PATH: process.env['PATH'], S3_BUCKET: 'somebody-elses' },
      redis,
      children: [child('api'), child('worker')],
      signal: stop.signal,
      prepare: () => Promise.resolve({ EXTRA: 'extra' }),
      onPids: (latest) => {
        pids = latest;
      },
      ...more,
    });
    const parts = ['api', 'worker', 'postgres', 'redis'] as const;
    return {
      parts,
      done,
      stop: () => stop.abort(),
      pids: () => pids,
      up: (but: Partial<Record<(typeof parts)[number], number>> = {}) =>
        until(() => {
          const now = pids;
          if (!now) return undefined;
          return parts.every((part) => now[part] !== null && now[part] !== but[part]) ? now : undefined;
        }),
    };
  }

  it(
    'brings all up, starts again whatever falls, refuses a second run, drains in order and leaves nothing',
    async () => {
      const sandbox = startSandbox();
      const pids = await sandbox.up();
      expect(pids.supervisor).toBe(process.pid);
      await expect(startSandbox().done).rejects.toMatchObject({ code: 'already_running' });

      await runs(1);
      const before = Object.fromEntries(sandbox.parts.map((part) => [part, pids[part] ?? 0]));
      for (const part of sandbox.parts) process.kill(before[part] ?? 0, 'SIGKILL');
      const after = await sandbox.up(before);
      const records = sandbox.parts.map((part) => recordOf(after[part] ?? 0));
      await runs(2);

      sandbox.stop();
      expect(await sandbox.done).toBe(0);
      expect(records.filter(isRunning)).toEqual([]);
      expect(sandbox.pids()).toMatchObject({ api: null, worker: null, postgres: null, redis: null });
      expect(await readFile(path.join(scratch, 'order'), 'utf8')).toBe('api worker ');
      const line = 'worker runs postgresql undefined extra\n';
      expect(await readFile(logOf('worker'), 'utf8')).toBe(line + line);
    },
    TEST_MS,
  );

  it(
    'stops at once when asked to while it still prepares, and takes all down when preparing fails',
    async () => {
      const waiting = startSandbox({
        prepare: () => {
          waiting.stop();
          return new Promise(() => undefined);
        },
      });
      expect(await waiting.done).toBe(0);
      expect(waiting.pids()).toMatchObject({ postgres: null, redis: null });

      const failing = startSandbox({ prepare: () => Promise.reject(new Error('migration failed')) });
      await expect(failing.done).rejects.toThrow('migration failed');
      expect(failing.pids()).toMatchObject({ postgres: null, redis: null, api: null });
    },
    TEST_MS,
  );

  it(
    'leaves no process behind when it is killed, and recovers from that',
    async () => {
      const dataDir = path.join(scratch, 'data');
      const loader = path.join(root, 'test/support/ts-loader.mjs');
      const source = `
        import { runSupervisor } from ${JSON.stringify(path.join(root, 'src/sandbox/supervisor.ts'))};
        await runSupervisor({
          dataDir: ${JSON.stringify(dataDir)}, port: 1, env: process.env, redis: ${JSON.stringify(redis)},
          children: [{ name: 'api', argv: [process.execPath, '-e', 'setInterval(() => {}, 1000)'] }],
          onStarted: (pids) => { console.log(JSON.stringify(pids)); return Promise.resolve(); },
        });`;
      const supervisor = spawn(process.execPath, ['--import', loader, '--input-type=module', '-e', source], {
        stdio: ['ignore', 'pipe', 'inherit'],
        env: { ...process.env, NODE_OPTIONS: '' },
      });
      let output = '';
      supervisor.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
      await until(() => (output.includes('\n') ? true : undefined));
      const pids = JSON.parse(output) as SandboxPids;
      const records = [pids.api, pids.postgres, pids.redis].map((pid) => recordOf(pid ?? 0));
      expect(records.filter(isRunning)).toHaveLength(3);

      supervisor.kill('SIGKILL');
      for (const record of records) expect(await waitForEnd(record, 20_000)).toBe(true);

      const again = startSandbox({ children: [] });
      await until(() => again.pids()?.redis ?? undefined);
      again.stop();
      expect(await again.done).toBe(0);
    },
    TEST_MS,
  );
});
