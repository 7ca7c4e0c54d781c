import { makeApi, type Api } from '../support/api.js';
import { startSandbox, type Sandbox } from '../support/sandbox.js';
import { openRedis } from '../support/stack-access.js';
import { startReceiver, type Message, type Receiver } from '../support/webhook-receiver.js';

let sandbox: Sandbox;
let api: Api;
let to: Receiver;
beforeAll(async () => {
  sandbox = await startSandbox();
  api = makeApi(sandbox.info);
  to = await startReceiver();
  const { body } = await api.platform('POST', '/v1/webhook_endpoints', { url: to.url });
  to.verifyBy(body.secret as string);
}, 180_000);
afterAll(async () => {
  await to.stop();
  await sandbox.dispose();
});

const EVENTS = ['created', 'requires_input', 'processing', 'approved', 'redacted'].map(
  (name) => `verification.${name}`,
);

async function approved(): Promise<string> {
  const { id } = await api.create();
  await api.platform('POST', `/v1/test/verifications/${id}/simulate`, { outcome: 'approved' });
  return id;
}
const killWorker = () => process.kill(sandbox.pids().worker, 'SIGKILL');
/** In the order in which each came for the first time. */
const firsts = (id: string) => [...new Map(to.of(id).map((message) => [message.id, message])).values()];
const isWhole = (id: string) => firsts(id).length === EVENTS.length;

function expectInOrder(id: string): void {
  expect(firsts(id).map(({ type }) => type)).toEqual(EVENTS);
  expect(firsts(id).map(({ data }) => data['sequence'])).toEqual([1, 2, 3, 4, 5]);
  expect(to.wrong()).toBe(0);
}

describe('a worker that is killed while it delivers', () => {
  it('is taken over: the message comes again under its id, and what stands behind it waits for that', async () => {
    to.answers(() => 'hang');
    const id = await approved();
    await to.until(() => to.of(id).length === 1);
    const pid = sandbox.pids().worker;
    killWorker();
    to.answers(() => 200);
    await to.until(() => isWhole(id), 90_000);
    expect(sandbox.pids().worker).not.toBe(pid);
    expectInOrder(id);
    const again = to.of(id).filter((message) => message.id === to.of(id)[0]!.id);
    expect(again.length).toBeGreaterThan(1);
    expect(new Set(again.map(({ raw }) => raw)).size).toBe(1);
  }, 120_000);

  it('time and again, loses nothing and turns nothing round, and Redis is not asked', async () => {
    const killAt = new Set([3, 11, 20]);
    const seen = to.received.length;
    to.answers((_: Message) => {
      const count = to.received.length - seen;
      // Between sending and noting: the answer never reaches anybody.
      if (!killAt.delete(count)) return 200;
      killWorker();
      return 'hang';
    });
    const redis = openRedis(sandbox.dataDir);
    redis.on('error', () => undefined);
    const ids: string[] = [];
    for (let count = 0; count < 8; count++) {
      ids.push(await approved());
      await redis.flushall();
    }
    redis.disconnect();
    await to.until(() => ids.every(isWhole), 150_000);
    expect(killAt.size).toBe(0);
    for (const id of ids) expectInOrder(id);
  }, 240_000);
});
