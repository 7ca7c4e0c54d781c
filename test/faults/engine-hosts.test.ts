import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'pg';
import { makeApi, type Api } from '../support/api.js';
import { startSandbox, type Sandbox } from '../support/sandbox.js';
import { openDatabase } from '../support/stack-access.js';

let sandbox: Sandbox;
let api: Api;
let database: Client;
beforeAll(async () => {
  // Two hosts, so that one is left; and longer than two learners take, so that they are seen to come first.
  sandbox = await startSandbox({ env: { ENGINE_HOSTS: '2', ENGINE_TIMEOUT_MS: '60000' } });
  api = makeApi(sandbox.info);
  database = await openDatabase(sandbox.dataDir);
}, 180_000);
afterAll(async () => {
  await database.end();
  await sandbox.dispose();
});

const read = (file: string): string => {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
};

/** Processes with native engines that the worker has started and that are still there. */
function hosts(): readonly number[] {
  const worker = sandbox.pids().worker;
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => {
      // pid (name) state ppid …: proc(5)
      const [state, parent] = read(`/proc/${pid}/stat`)
        .replace(/^.*\) /s, '')
        .split(' ');
      return (
        Number(parent) === worker && state !== 'Z' && read(`/proc/${pid}/cmdline`).includes('engine-host')
      );
    });
}

const signal = (pids: readonly number[], name: 'SIGSTOP' | 'SIGCONT' | 'SIGKILL') =>
  pids.forEach((pid) => process.kill(pid, name));

/** Bytes of address space that a process may have from now on; what it has, it keeps. */
const limitMemory = (pid: number, bytes: string) =>
  execFileSync('prlimit', [`--pid=${pid}`, `--as=${bytes}:`], { stdio: 'ignore' });

/** Both pictures are there, and they are sent in. */
async function submitted(): Promise<string> {
  const [sample] = (await api.samples()).filter(({ name }) => name === 'approve');
  const v = await api.create({ full_name: sample!.full_name });
  await api.consent(v.id, v.token);
  await api.upload(v.id, v.token, { id_front: 'approve', selfie: 'approve_selfie' });
  const { status } = await api.call('POST', `/v1/verifications/${v.id}/submit`, { token: v.token });
  expect(status).toBe(202);
  return v.id;
}

const decided = (id: string) => api.until(id, ({ status }) => status !== 'processing', 180_000);

/** States of the two engine tasks of a verification; without an entry once it is forgotten. */
async function tasksOf(id: string): Promise<Readonly<Partial<Record<string, string>>>> {
  const { rows } = await database.query<{ kind: string; state: string }>(
    'select kind, state from tasks where verification_id = $1',
    [id],
  );
  return Object.fromEntries(rows.map(({ kind, state }) => [kind, state]));
}

/** A verification whose pictures are being compared, and whose document is being read, by hosts that stand still. */
async function caughtInComparison(): Promise<string> {
  for (let attempt = 0; attempt < 20; attempt++) {
    const id = await submitted();
    let tasks = await tasksOf(id);
    while (tasks['match_face'] === 'ready') tasks = await tasksOf(id);
    const stopped = hosts();
    signal(stopped, 'SIGSTOP');
    // What they had answered before is dealt with.
    await sleep(500);
    const { match_face: comparing, read_document: reading } = await tasksOf(id);
    if (stopped.length === 2 && comparing === 'running' && reading === 'running') return id;
    signal(stopped, 'SIGCONT');
    await decided(id);
  }
  throw new Error('no comparison was caught');
}

/** As {@link caughtInComparison}, but only the host that compares stands still. */
async function caughtAlone(): Promise<string> {
  for (let attempt = 0; attempt < 20; attempt++) {
    const id = await caughtInComparison();
    const [first, second] = hosts();
    signal([first!], 'SIGCONT');
    let tasks = await tasksOf(id);
    while (tasks['match_face'] === 'running' && tasks['read_document'] === 'running') {
      await sleep(50);
      tasks = await tasksOf(id);
    }
    if (tasks['match_face'] === 'running') return id;
    signal([second!], 'SIGCONT');
    await decided(id);
  }
  throw new Error('no comparison was caught alone');
}

interface LogLine {
  readonly msg?: string;
  readonly verification_id?: string;
  readonly kind?: string;
  readonly code?: string;
}

/** Codes with which comparisons of a verification were given up for another try, or for good. */
const failures = (id: string): readonly (string | undefined)[] =>
  read(path.join(sandbox.dataDir, 'logs', 'worker.log'))
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as LogLine)
    .filter(({ verification_id, kind, code }) => verification_id === id && kind === 'match_face' && code)
    .map(({ code }) => code);

/** A verification that was decided after a comparison of it had failed for want of memory. */
async function starvedInComparison(): Promise<string> {
  for (let attempt = 0; attempt < 10; attempt++) {
    // Fresh hosts have yet to load what they compare with; others may have all that they need.
    signal(hosts(), 'SIGKILL');
    const id = await caughtInComparison();
    const starved = hosts();
    for (const pid of starved) limitMemory(pid, String(64 * 2 ** 20));
    signal(starved, 'SIGCONT');
    await decided(id);
    // Those that only went without for a while may serve on.
    for (const pid of hosts().filter((one) => starved.includes(one))) limitMemory(pid, 'unlimited');
    if (failures(id).length > 0) return id;
  }
  throw new Error('no comparison was starved');
}

async function expectDecidedOnce(ids: readonly string[]): Promise<void> {
  const { rows } = await database.query<{ count: string }>(
    `select count(*) from events
     where verification_id = any($1) and type in ('verification.approved', 'verification.in_review')
     group by verification_id`,
    [ids],
  );
  expect(rows.map(({ count }) => Number(count))).toEqual(ids.map(() => 1));
}

describe('a host that compares', () => {
  it('and is killed costs a try: another host finishes its job, and the worker lives on', async () => {
    const { worker } = sandbox.pids();
    const id = await caughtInComparison();
    signal(hosts(), 'SIGKILL');
    const other = await submitted();
    expect((await decided(id)).status).toBe('approved');
    expect((await decided(other)).status).toBe('approved');
    expect(failures(id)).toContain('engine_crashed');
    expect(sandbox.pids().worker).toBe(worker);
    await expectDecidedOnce([id, other]);
  }, 300_000);

  it('and hangs holds up nobody else, and its job is finished by another', async () => {
    const id = await caughtAlone();
    const others = [await submitted(), await submitted()];
    for (const other of others) expect((await decided(other)).status).toBe('approved');
    expect((await tasksOf(id))['match_face']).toBe('running');
    expect((await decided(id)).status).toBe('approved');
    expect(failures(id)).toEqual(['engine_timeout']);
    await expectDecidedOnce([id, ...others]);
  }, 400_000);

  it('and gets no more memory fails alone: finished by another, or left to a person', async () => {
    const id = await starvedInComparison();
    const { status, reasons } = (await api.get(id)) as {
      readonly status: string;
      readonly reasons: readonly { readonly code: string }[];
    };
    if (status !== 'approved') {
      expect(status).toBe('in_review');
      expect(reasons.map(({ code }) => code)).toContain('system_error');
    }
    const other = await submitted();
    expect((await decided(other)).status).toBe('approved');
    await expectDecidedOnce([id, other]);
  }, 400_000);
});
