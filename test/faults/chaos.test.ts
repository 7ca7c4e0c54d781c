import { setTimeout as sleep } from 'node:timers/promises';
import { makeApi, type Api } from '../support/api.js';
import { startSandbox, type Sandbox } from '../support/sandbox.js';
import { openDatabase, openRedis } from '../support/stack-access.js';

let sandbox: Sandbox;
let api: Api;
beforeAll(async () => {
  sandbox = await startSandbox();
  api = makeApi(sandbox.info);
}, 180_000);
afterAll(() => sandbox.dispose());

const COUNT = 50;

/** Consent and both pictures; ready to submit. */
async function prepared(name: string) {
  const v = await api.create({ full_name: name });
  await api.consent(v.id, v.token);
  const { status } = await api.upload(v.id, v.token, { id_front: 'approve', selfie: 'approve_selfie' });
  expect(status).toBe(200);
  return v;
}

const killed = new Set<number>();

/** Ends a process; one that was ended before has to be replaced first. */
async function kill(name: 'worker' | 'redis' | 'postgres'): Promise<void> {
  const end = performance.now() + 30_000;
  while (performance.now() < end) {
    const pid = sandbox.pids()[name];
    if (pid && !killed.has(pid)) {
      killed.add(pid);
      process.kill(pid, 'SIGKILL');
      return;
    }
    await sleep(20);
  }
  throw new Error(`no ${name} ran`);
}

/** Runs `query` on a fresh connection: the server may have been ended meanwhile. */
async function rows<T extends object>(query: string, values: unknown[] = []): Promise<T[]> {
  const database = await openDatabase(sandbox.dataDir);
  try {
    return (await database.query<T>(query, values)).rows;
  } finally {
    await database.end();
  }
}

async function untilTask(kind: string): Promise<void> {
  const end = performance.now() + 30_000;
  while (performance.now() < end) {
    const running = await rows("select 1 from tasks where kind = $1 and state = 'running'", [kind]);
    if (running.length > 0) return;
    await sleep(20);
  }
  throw new Error(`no ${kind} ran`);
}

describe('whatever falls', () => {
  it(`${COUNT} waiting verifications reach the right end, each decided once`, async () => {
    const [sample] = (await api.samples()).filter(({ name }) => name === 'approve');
    const waiting: { id: string; token: string; right: boolean }[] = [];
    for (let index = 0; index < COUNT; index++) {
      const right = index % 5 !== 0;
      waiting.push({ ...(await prepared(right ? sample!.full_name : 'Somebody Else')), right });
    }
    const submitting = waiting.map(({ id, token }) =>
      api.call('POST', `/v1/verifications/${id}/submit`, { token }),
    );
    for (const { status } of await Promise.all(submitting)) expect(status).toBe(202);

    const redis = openRedis(sandbox.dataDir);
    redis.on('error', () => undefined);
    await untilTask('read_document');
    await kill('worker');
    await redis.flushall();
    await untilTask('match_face');
    await kill('worker');
    await sleep(1_500);
    await redis.flushall().catch(() => undefined);
    await kill('redis');
    await sleep(2_000);
    await kill('postgres');
    await sleep(3_000);
    await untilTask('forget').catch(() => undefined);
    await kill('worker');
    redis.disconnect();

    for (const { id, right } of waiting) {
      const v = await api.until(id, ({ status }) => status !== 'processing', 240_000);
      expect([id, v.status]).toEqual([id, right ? 'approved' : 'in_review']);
      expect(v.attempts).toHaveLength(1);
    }
    const ids = waiting.map(({ id }) => id);
    const decided = await rows<{ verification_id: string; count: string }>(
      `select verification_id, count(*) from events
       where verification_id = any($1) and type in ('verification.approved', 'verification.in_review')
       group by verification_id`,
      [ids],
    );
    expect(decided).toHaveLength(COUNT);
    for (const { count } of decided) expect(Number(count)).toBe(1);
    for (const { id } of waiting.filter(({ right }) => right)) {
      await api.until(id, ({ redaction }) => redaction.status === 'done', 120_000);
    }
    const left = await rows('select 1 from data_keys where verification_id = any($1)', [ids]);
    expect(left).toHaveLength(waiting.filter((v) => !v.right).length);
  }, 600_000);

  it('a killed sandbox starts again on the same data dir with nothing lost', async () => {
    const v = await prepared('Somebody Else');
    await api.call('POST', `/v1/verifications/${v.id}/submit`, { token: v.token });
    await sandbox.crashAndRestart();
    expect((await api.until(v.id, ({ status }) => status !== 'processing', 120_000)).status).toBe(
      'in_review',
    );
    expect(await sandbox.stop()).toBe(0);
  }, 300_000);
});
