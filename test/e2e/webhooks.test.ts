import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeApi, type Api } from '../support/api.js';
import { operate } from '../support/operator.js';
import { startSandbox, type Sandbox } from '../support/sandbox.js';
import { openDatabase } from '../support/stack-access.js';
import { startReceiver, type Message, type Receiver } from '../support/webhook-receiver.js';

let sandbox: Sandbox;
let api: Api;
beforeAll(async () => {
  sandbox = await startSandbox();
  api = makeApi(sandbox.info);
}, 180_000);
afterAll(() => sandbox.dispose());

const receivers: Receiver[] = [];
const endpoints: string[] = [];
/** What one test has made is not sent the events of the next. */
afterEach(async () => {
  for (const id of endpoints.splice(0)) await api.platform('DELETE', `/v1/webhook_endpoints/${id}`);
  for (const receiver of receivers.splice(0)) await receiver.stop();
});

async function receiver(port = 0): Promise<Receiver> {
  const started = await startReceiver(port);
  receivers.push(started);
  return started;
}
async function endpoint(body: Readonly<Record<string, unknown>>, headers?: Record<string, string>) {
  const answer = await api.platform('POST', '/v1/webhook_endpoints', body, headers);
  if (answer.status === 201) endpoints.push(answer.body.id as string);
  return answer;
}
/** A receiver with its endpoint, each message verified. */
async function listening(body: Readonly<Record<string, unknown>> = {}) {
  const to = await receiver();
  const { body: made } = await endpoint({ url: to.url, ...body });
  to.verifyBy(made.secret as string);
  return { to, id: made.id as string, secret: made.secret as string };
}
const simulate = (id: string, outcome: string) =>
  api.platform('POST', `/v1/test/verifications/${id}/simulate`, { outcome });
const advance = (duration: string) => api.platform('POST', '/v1/test/clock', { advance: duration });
/** Ended, so that no deadline of it comes between. */
async function approved() {
  const v = await api.create({ full_name: 'Zaphod Beeblebrox', date_of_birth: '1971-03-04' });
  expect((await simulate(v.id, 'approved')).status).toBe(200);
  return v;
}
const eventsOf = async (id: string, query = '') =>
  (await api.platform('GET', `/v1/events?verification_id=${id}&limit=100${query}`)).body.data as {
    readonly id: string;
    readonly type: string;
    readonly sequence: number;
    readonly deliveries: readonly {
      readonly endpoint_id: string;
      readonly status: string;
      readonly tries: number;
      readonly last_result: string | null;
    }[];
  }[];
const deliveriesOf = async (id: string, endpointId: string) =>
  [...(await eventsOf(id))]
    .reverse()
    .flatMap(({ deliveries }) => deliveries.filter(({ endpoint_id }) => endpoint_id === endpointId));
async function until<T>(read: () => Promise<T>, done: (value: T) => boolean): Promise<T> {
  const end = performance.now() + 45_000;
  for (;;) {
    const value = await read();
    if (done(value)) return value;
    if (performance.now() > end) throw new Error(`still ${JSON.stringify(value)}`);
    await sleep(100);
  }
}
const settledAs = (status: string) => (all: readonly { status: string }[]) =>
  all.length > 0 && all.every((each) => each.status === status);
const sequences = (messages: readonly Message[]) => messages.map(({ data }) => data['sequence']);
/** The first time that each was delivered: at least once may be twice. */
const firsts = (messages: readonly Message[]) => [...new Set(sequences(messages))];

describe('an endpoint', () => {
  it('shows its secret once, where it is made; not when it is read, listed, or the call is repeated', async () => {
    const to = await receiver();
    const request = { url: to.url, events: ['verification.approved'] };
    const key = { 'idempotency-key': `made-${to.port}` };
    const made = await endpoint(request, key);
    expect(made.status).toBe(201);
    const { id, secret } = made.body;
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(made.body).toMatchObject({
      ...request,
      livemode: false,
      status: 'enabled',
      disabled_reason: null,
    });
    expect(made.headers.get('etag')).toBe('"1"');
    expect(made.headers.get('cache-control')).toBe('no-store');

    const repeated = await api.platform('POST', '/v1/webhook_endpoints', request, key);
    expect([repeated.status, repeated.body.id]).toEqual([201, id]);
    const read = await api.platform('GET', `/v1/webhook_endpoints/${id}`);
    const listed = await api.platform('GET', '/v1/webhook_endpoints');
    expect(listed.body.data.map((row: { id: string }) => row.id)).toEqual([id]);
    for (const answer of [repeated, read, listed]) {
      expect(JSON.stringify(answer.body)).not.toContain('whsec_');
      expect(JSON.stringify(answer.body)).not.toContain('secret":');
    }
    const other = await api.platform('POST', '/v1/webhook_endpoints', { url: to.url }, key);
    expect([other.status, other.body.code]).toEqual([422, 'idempotency_key_reused']);
  });

  it('gets all types unless it says which, and is changed and removed on the version that was read', async () => {
    const { id } = await listening();
    const path = `/v1/webhook_endpoints/${id}`;
    const types = (await api.platform('GET', path)).body.events;
    expect(types).toHaveLength(11);
    const changed = await api.platform('PATCH', path, { events: ['policy.revised'] }, { 'if-match': '"1"' });
    expect(changed.body.events).toEqual(['policy.revised']);
    expect(changed.headers.get('etag')).toBe('"2"');
    for (const [method, body] of [
      ['PATCH', { events: null }],
      ['DELETE', undefined],
    ] as const)
      expect((await api.platform(method, path, body, { 'if-match': '"1"' })).status).toBe(412);
    expect((await api.platform('PATCH', path, { events: null })).body.events).toEqual(types);
    expect((await api.platform('DELETE', path, undefined, { 'if-match': '"3"' })).status).toBe(204);
    expect((await api.platform('GET', path)).status).toBe(404);
  });

  it.each([
    [{}, 'invalid_field'],
    [{ url: 'http://10.0.0.1/' }, 'webhook_url_not_allowed'],
    [{ url: 'http://169.254.169.254/latest/meta-data/' }, 'webhook_url_not_allowed'],
    [{ url: 'http://0x0a.1/' }, 'webhook_url_not_allowed'],
    [{ url: 'http://[fd00::1]/' }, 'webhook_url_not_allowed'],
    [{ url: 'https://user:word@shop.example/' }, 'webhook_url_not_allowed'],
    [{ url: 'https://shop.example/#x' }, 'webhook_url_not_allowed'],
    [{ url: 'ftp://shop.example/' }, 'webhook_url_not_allowed'],
    [{ url: 'https://shop.example/', events: ['verification.unknown'] }, 'invalid_field'],
    [{ url: 'https://shop.example/', events: [] }, 'invalid_field'],
    [{ url: 'https://shop.example/', description: 'x' }, 'unexpected_field'],
  ])('is not made of %j: %s', async (body, code) => {
    const answer = await endpoint(body);
    expect([answer.status, answer.body.code]).toEqual([422, code]);
  });

  it('is one of sixteen at most', async () => {
    for (let count = 0; count < 16; count++)
      expect((await endpoint({ url: 'https://shop.example/' })).status).toBe(201);
    const further = await endpoint({ url: 'https://shop.example/' });
    expect([further.status, further.body.code]).toEqual([409, 'endpoint_limit_reached']);
  });

  it('answers a ping, of which only the class of the answer and the time are told', async () => {
    const { to, id } = await listening();
    const ping = () => api.platform('POST', `/v1/webhook_endpoints/${id}/ping`);
    expect((await ping()).body).toEqual({ delivered: true, result: '2xx', ms: expect.any(Number) });
    expect(to.received).toHaveLength(1);
    expect(to.received[0]).toMatchObject({ type: 'ping', data: { id } });
    expect(to.wrong()).toBe(0);
    to.answers(() => 503);
    expect((await ping()).body).toMatchObject({ delivered: false, result: '5xx' });
    await to.stop();
    expect((await ping()).body).toMatchObject({ delivered: false, result: 'unreachable' });
  });

  it('answers a repeated ping as the first, and sends none', async () => {
    const { to, id } = await listening();
    const ping = (key: string) =>
      api.platform('POST', `/v1/webhook_endpoints/${id}/ping`, undefined, { 'Idempotency-Key': key });
    const first = await ping('ping-one');
    expect(first.body.delivered).toBe(true);
    to.answers(() => 503);
    expect((await ping('ping-one')).body).toEqual(first.body);
    expect(to.received).toHaveLength(1);
    expect((await ping('ping-two')).body).toMatchObject({ delivered: false, result: '5xx' });
    expect(to.received).toHaveLength(2);
  });
});

describe('who may', () => {
  const calls = (id: string, event: string) =>
    [
      ['POST', '/v1/webhook_endpoints', { url: 'https://shop.example/' }],
      ['GET', '/v1/webhook_endpoints', undefined],
      ['GET', `/v1/webhook_endpoints/${id}`, undefined],
      ['PATCH', `/v1/webhook_endpoints/${id}`, { status: 'disabled' }],
      ['POST', `/v1/webhook_endpoints/${id}/rotate_secret`, undefined],
      ['POST', `/v1/webhook_endpoints/${id}/ping`, undefined],
      ['DELETE', `/v1/webhook_endpoints/${id}`, undefined],
      ['GET', '/v1/events', undefined],
      ['POST', `/v1/events/${event}/resend`, {}],
    ] as const;
  const keyOf = async (...options: string[]) =>
    (await operate(sandbox, 'keys', 'create', ...options)).printed[0]!['secret']!;

  it('manage webhooks: keys with the scope, each its own tenant and mode', async () => {
    const { id } = await listening();
    const v = await approved();
    const [event] = await eventsOf(v.id);
    await operate(sandbox, 'tenants', 'create', 'elsewhere');
    const unscoped = await keyOf('--tenant', 'sandbox', '--scopes', 'verifications:read,verifications:write');
    const elsewhere = await keyOf('--tenant', 'elsewhere');
    const live = await keyOf('--tenant', 'sandbox', '--live');
    for (const [method, url, body] of calls(id, event!.id)) {
      const sent = body === undefined ? {} : { body };
      expect((await api.call(method, url, sent)).status).toBe(401);
      for (const token of [unscoped, sandbox.info.member_api_key, sandbox.info.tokens.reviewer])
        expect([method, url, (await api.call(method, url, { token, ...sent })).status]).toEqual([
          method,
          url,
          403,
        ]);
      if (url.includes(id) || url.includes(event!.id))
        for (const token of [elsewhere, live]) {
          const foreign = await api.call(method, url, { token, ...sent });
          expect([method, url, foreign.status, foreign.body.code]).toEqual([method, url, 404, 'not_found']);
        }
    }
    for (const token of [elsewhere, live])
      for (const url of ['/v1/events', '/v1/webhook_endpoints'])
        expect((await api.call('GET', url, { token })).body.data).toEqual([]);
    expect((await api.platform('GET', `/v1/webhook_endpoints/${id}`)).body.status).toBe('enabled');
  });
});

describe('events', () => {
  it('arrive in the order of each verification, signed, with status, codes and purchase and nothing of the person', async () => {
    const { to } = await listening();
    const v = await approved();
    await to.until(() => to.of(v.id).some(({ type }) => type === 'verification.redacted'));
    const got = to.of(v.id);
    expect(got.map(({ type }) => type)).toEqual([
      'verification.created',
      'verification.requires_input',
      'verification.processing',
      'verification.approved',
      'verification.redacted',
    ]);
    expect(sequences(got)).toEqual([1, 2, 3, 4, 5]);
    expect(to.wrong()).toBe(0);
    for (const { raw, data, timestamp, headers } of got) {
      expect(Object.keys(JSON.parse(raw) as object)).toEqual(['type', 'timestamp', 'data']);
      expect(Object.keys(data).sort()).toEqual(['id', 'purchase', 'reasons', 'sequence', 'status']);
      expect(Number.isNaN(Date.parse(timestamp))).toBe(false);
      const about = raw + JSON.stringify(headers);
      for (const personal of ['Zaphod', 'Beeblebrox', '1971', v.learner, v.token])
        expect(about).not.toContain(personal);
    }
    expect(got[3]!.data).toEqual({
      id: v.id,
      sequence: 4,
      status: 'approved',
      reasons: [],
      purchase: { eligible: true, refund: 'not_applicable' },
    });
    const listed = await until(
      () => eventsOf(v.id),
      (all) => all.every((each) => settledAs('delivered')(each.deliveries)),
    );
    expect(listed.map(({ id }) => id)).toEqual([...got].reverse().map(({ id }) => id));
  });

  it('are only those that were asked for', async () => {
    const { to } = await listening({ events: ['verification.approved', 'verification.canceled'] });
    const one = await approved();
    const other = await api.create();
    await api.platform('POST', `/v1/verifications/${other.id}/cancel`);
    await to.until((all) => all.length === 2);
    expect(to.of(one.id).map(({ type }) => type)).toEqual(['verification.approved']);
    expect(to.of(other.id).map(({ type }) => type)).toEqual(['verification.canceled']);
    expect((await eventsOf(one.id)).filter(({ deliveries }) => deliveries.length > 0)).toHaveLength(1);
  });

  it('are listed by type, verification and state, page by page', async () => {
    const v = await approved();
    await until(
      () => eventsOf(v.id),
      (all) => all.length === 5,
    );
    const types = async (query: string) => (await eventsOf(v.id, query)).map(({ type }) => type);
    expect(await types('&type=verification.approved,verification.created')).toEqual([
      'verification.approved',
      'verification.created',
    ]);
    expect(await types('&type=verification.revoked')).toEqual([]);
    expect(await types('&delivery_status=parked')).toEqual([]);
    const seen: string[] = [];
    let cursor = '';
    do {
      const { body } = await api.platform('GET', `/v1/events?verification_id=${v.id}&limit=2${cursor}`);
      seen.push(...body.data.map((event: { id: string }) => event.id));
      cursor = body.next_cursor === null ? '' : `&cursor=${String(body.next_cursor)}`;
    } while (cursor !== '');
    expect(seen).toEqual((await eventsOf(v.id)).map(({ id }) => id));
    expect((await api.platform('GET', '/v1/events?cursor=nonsense')).status).toBe(422);
  });

  it('tell of a policy that is published', async () => {
    const { to } = await listening({ events: ['policy.revised'] });
    const file = path.join(sandbox.dataDir, 'policy.json');
    const { body: policy } = await api.call('GET', '/v1/policy');
    writeFileSync(
      file,
      JSON.stringify({
        title: 'Next',
        summary: 'Next',
        purposes: [],
        collects: [],
        never_collects: [],
        processing_country: 'SE',
        contact: 'privacy@example.org',
      }),
    );
    const published = await operate(
      sandbox,
      'policy',
      'publish',
      file,
      '--version',
      'next',
      '--effective',
      '2999-01-01',
    );
    expect(published.code).toBe(0);
    await to.until((all) => all.length === 1);
    expect(to.received[0]).toMatchObject({ type: 'policy.revised', data: { version: 'next' } });
    expect(to.wrong()).toBe(0);
    expect((await api.call('GET', '/v1/policy')).body.version).toBe(policy.version);
  });
});

describe('a receiver', () => {
  it('that fails now and then gets everything in order', async () => {
    const { to, id } = await listening();
    let count = 0;
    to.answers(() => (count++ % 3 === 2 ? 200 : [500, 429][count % 2]!));
    const v = await approved();
    await until(
      async () => {
        await advance('PT10M');
        return deliveriesOf(v.id, id);
      },
      (all) => all.length === 5 && settledAs('delivered')(all),
    );
    expect(firsts(to.of(v.id))).toEqual([1, 2, 3, 4, 5]);
    expect(to.wrong()).toBe(0);
    const tries = (await deliveriesOf(v.id, id)).map((each) => each.tries);
    expect(tries.reduce((sum, each) => sum + each, 0)).toBe(to.of(v.id).length);
    expect(tries.some((each) => each > 1)).toBe(true);
  }, 90_000);

  it('that is down for almost three days gets all of it in sequence when it is up again', async () => {
    const { to, id, secret } = await listening();
    const beside = await listening();
    await to.stop();
    const v = await approved();
    await until(
      () => deliveriesOf(v.id, id),
      (all) => all[0]?.last_result === 'unreachable' && all.length === 5,
    );
    await advance('PT71H');
    const back = await receiver(to.port);
    back.verifyBy(secret);
    await until(async () => {
      await advance('PT6M');
      return deliveriesOf(v.id, id);
    }, settledAs('delivered'));
    expect(sequences(back.of(v.id))).toEqual([1, 2, 3, 4, 5]);
    expect(back.wrong()).toBe(0);
    expect(sequences(beside.to.of(v.id))).toEqual([1, 2, 3, 4, 5]);
  }, 90_000);

  it('that stays down has its events parked after three days, listed, and sent on in order when asked', async () => {
    const { to, id, secret } = await listening();
    await to.stop();
    const v = await approved();
    const all = () => deliveriesOf(v.id, id);
    await until(all, (each) => each[0]?.last_result === 'unreachable' && each.length === 5);
    await advance('PT72H');
    await until(all, settledAs('parked'));
    await simulateRevoke(v.id);
    expect((await all()).map(({ status }) => status)).toEqual(Array(6).fill('parked'));
    const parked = await api.platform('GET', '/v1/events?delivery_status=parked&limit=100');
    const ids = (await eventsOf(v.id)).map((event) => event.id);
    expect(parked.body.data.map((event: { id: string }) => event.id)).toEqual(ids);

    const back = await receiver(to.port);
    back.verifyBy(secret);
    const resent = await api.platform('POST', `/v1/events/${ids.at(-1)!}/resend`, { endpoint_id: id });
    expect(resent.status).toBe(202);
    expect(resent.body.deliveries[0].status).toBe('pending');
    await until(all, settledAs('delivered'));
    expect(sequences(back.of(v.id))).toEqual([1, 2, 3, 4, 5, 6]);
  }, 90_000);
  const simulateRevoke = (id: string) =>
    api.platform('POST', `/v1/verifications/${id}/revoke`, { reason: 'fraud' });

  it('that is slow keeps nobody else waiting', async () => {
    const slow = await listening();
    const fast = await listening();
    slow.to.answers(() => 'hang');
    const made: Awaited<ReturnType<typeof approved>>[] = [];
    for (let count = 0; count < 6; count++) made.push(await approved());
    await fast.to.until(() => made.every(({ id }) => fast.to.of(id).length === 5));
    // It has not answered anything, and holds no more connections than its share.
    expect(slow.to.received.length).toBeGreaterThan(0);
    expect(new Set(slow.to.received.map(({ id }) => id)).size).toBeLessThanOrEqual(12);
    expect(slow.to.open()).toBeLessThanOrEqual(4);
    for (const { id } of made) {
      expect(sequences(fast.to.of(id))).toEqual([1, 2, 3, 4, 5]);
      expect((await deliveriesOf(id, slow.id)).some(({ status }) => status === 'delivered')).toBe(false);
    }
    slow.to.answers(() => 200);
    await until(
      async () => {
        await advance('PT1M');
        return Promise.all(made.map(({ id }) => deliveriesOf(id, slow.id)));
      },
      (all) => all.every(settledAs('delivered')),
    );
    for (const { id } of made) expect(firsts(slow.to.of(id))).toEqual([1, 2, 3, 4, 5]);
  }, 120_000);

  it('that is gone is left alone: disabled, its events parked, until somebody enables it', async () => {
    const { to, id } = await listening();
    to.answers(() => 410);
    const v = await approved();
    const state = await until(
      async () => (await api.platform('GET', `/v1/webhook_endpoints/${id}`)).body,
      ({ status }) => status === 'disabled',
    );
    expect(state.disabled_reason).toBe('gone');
    await until(
      () => deliveriesOf(v.id, id),
      (all) => all.length === 5 && settledAs('parked')(all),
    );
    const events = await eventsOf(v.id);
    const refused = await api.platform('POST', `/v1/events/${events[0]!.id}/resend`, { endpoint_id: id });
    expect([refused.status, refused.body.code]).toEqual([409, 'invalid_state']);
    expect(to.received).toHaveLength(1);

    to.answers(() => 200);
    const enabled = await api.platform('PATCH', `/v1/webhook_endpoints/${id}`, { status: 'enabled' });
    expect(enabled.body).toMatchObject({ status: 'enabled', disabled_reason: null });
    await until(() => deliveriesOf(v.id, id), settledAs('delivered'));
    expect(firsts(to.of(v.id))).toEqual([1, 2, 3, 4, 5]);
  });

  it('that redirects has failed: nobody is called where it points to', async () => {
    const { to, id } = await listening();
    const inner = await receiver();
    to.answers(() => ({ status: 307, headers: { location: inner.url } }));
    const v = await approved();
    const [first] = await until(
      () => deliveriesOf(v.id, id),
      ([head]) => head?.last_result === '3xx',
    );
    expect(first!.status).toBe('pending');
    expect(inner.received).toEqual([]);
  });
});

describe('a delivered event that is asked for again', () => {
  it('comes again under the same id, where it is asked for', async () => {
    const one = await listening();
    const other = await listening();
    const v = await approved();
    await until(
      () => deliveriesOf(v.id, other.id),
      (all) => all.length === 5 && settledAs('delivered')(all),
    );
    await until(() => deliveriesOf(v.id, one.id), settledAs('delivered'));
    const event = (await eventsOf(v.id)).find(({ type }) => type === 'verification.approved')!;
    const key = { 'idempotency-key': `again-${v.id}` };
    for (let call = 0; call < 2; call++)
      expect(
        (await api.platform('POST', `/v1/events/${event.id}/resend`, { endpoint_id: one.id }, key)).status,
      ).toBe(202);
    await one.to.until(() => one.to.of(v.id).length === 6);
    expect(one.to.of(v.id).filter(({ id }) => id === event.id)).toHaveLength(2);
    expect(new Set(one.to.of(v.id).map(({ raw }) => raw)).size).toBe(5);
    expect((await api.platform('POST', `/v1/events/${event.id}/resend`)).status).toBe(202);
    await other.to.until(() => other.to.of(v.id).length === 6);
    await one.to.until(() => one.to.of(v.id).length === 7);
    const unknown = await api.platform('POST', `/v1/events/${event.id}/resend`, {
      endpoint_id: 'whe_unknown',
    });
    expect(unknown.status).toBe(404);
  });
});

describe('a secret that is replaced', () => {
  it('signs beside its successor for a day, and neither is shown again nor kept in the clear', async () => {
    const { to, id, secret } = await listening();
    const key = { 'idempotency-key': `rotate-${id}` };
    const rotated = await api.platform('POST', `/v1/webhook_endpoints/${id}/rotate_secret`, undefined, key);
    expect(rotated.status).toBe(200);
    const next = rotated.body.secret as string;
    expect(next).toMatch(/^whsec_/);
    expect(next).not.toBe(secret);
    const until = Date.parse(rotated.body.previous_secret_signs_until as string) - Date.now();
    expect(until).toBeGreaterThan(23.9 * 3_600_000);
    expect(until).toBeLessThanOrEqual(24.1 * 3_600_000);

    const repeated = await api.platform('POST', `/v1/webhook_endpoints/${id}/rotate_secret`, undefined, key);
    expect(repeated.body.secret).toBeUndefined();
    expect(repeated.headers.get('etag')).toBe('"2"');

    to.verifyBy(secret, next);
    await api.platform('POST', `/v1/webhook_endpoints/${id}/ping`);
    const v = await approved();
    await to.until(() => to.of(v.id).length === 5);
    expect(to.wrong()).toBe(0);

    const database = await openDatabase(sandbox.dataDir);
    const { rows } = await database.query<{ row: string }>(
      `select encode(secret, 'escape') || encode(previous_secret, 'escape') || webhook_endpoints::text as row from webhook_endpoints`,
    );
    await database.end();
    for (const { row } of rows)
      for (const clear of [secret, next]) {
        expect(row).not.toContain(clear.slice('whsec_'.length));
        expect(row).not.toContain(Buffer.from(clear.slice('whsec_'.length), 'base64').toString('hex'));
      }
  });
});

describe('how it goes', () => {
  it('is counted for operators', async () => {
    const text = await (await fetch(sandbox.info.worker_metrics_url)).text();
    for (const outcome of ['delivered', 'failed', 'parked'])
      expect(
        Number(new RegExp(`lethe_webhooks_total\\{outcome="${outcome}"\\} (\\d+)`).exec(text)?.[1]),
      ).toBeGreaterThan(0);
    expect(text).toMatch(/lethe_webhook_oldest_undelivered_seconds \d/);
  });
});

describe('the commands', () => {
  const run = (...args: string[]) => {
    const { NODE_OPTIONS: _jest, ...env } = process.env;
    const child = spawn(
      process.execPath,
      [path.resolve(import.meta.dirname, '../../bin/lethe'), ...args, '--data-dir', sandbox.dataDir],
      { env, stdio: ['ignore', 'pipe', 'pipe'] },
    );
    const told = { out: '', err: '' };
    child.stdout.on('data', (chunk: Buffer) => (told.out += chunk.toString('utf8')));
    child.stderr.on('data', (chunk: Buffer) => (told.err += chunk.toString('utf8')));
    const exit = new Promise<number | null>((resolve) => child.once('exit', resolve));
    return { child, told, exit };
  };
  const lines = (text: string) =>
    text
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Message);

  it('listen prints and hands on what trigger makes happen, and leaves no endpoint behind', async () => {
    const forward = await receiver();
    const listen = run(
      'listen',
      '--forward',
      forward.url,
      '--events',
      'verification.approved,verification.canceled',
    );
    await until(
      () => Promise.resolve(listen.told.err),
      (text) => text.includes('Listening'),
    );
    const made: Message[] = [];
    for (const event of ['approved', 'verification.canceled', 'declined']) {
      const { code, printed } = await operate(sandbox, 'trigger', event);
      expect(code).toBe(0);
      made.push(...(printed as unknown as Message[]));
    }
    expect(made.map(({ type }) => type)).toEqual([
      'verification.approved',
      'verification.canceled',
      'verification.declined',
    ]);
    await until(
      () => Promise.resolve(lines(listen.told.out)),
      (all) => all.length === 2,
    );
    expect(lines(listen.told.out)).toEqual(made.slice(0, 2));
    expect(forward.received.map(({ id }) => id)).toEqual(made.slice(0, 2).map(({ id }) => id));
    for (const { headers } of forward.received)
      expect(headers).toMatchObject({
        'webhook-timestamp': expect.stringMatching(/^\d+$/) as string,
        'webhook-signature': expect.stringMatching(/^v1,/) as string,
        'content-type': 'application/json',
      });
    listen.child.kill('SIGTERM');
    expect(await listen.exit).toBe(0);
    expect((await api.platform('GET', '/v1/webhook_endpoints')).body.data).toEqual([]);
  }, 60_000);

  it('listen takes away what one that was killed has left', async () => {
    const killed = run('listen');
    await until(
      () => Promise.resolve(killed.told.err),
      (text) => text.includes('Listening'),
    );
    killed.child.kill('SIGKILL');
    await killed.exit;
    const listed = async () =>
      (await api.platform('GET', '/v1/webhook_endpoints')).body.data as { readonly id: string }[];
    const [left] = await listed();
    const listen = run('listen');
    await until(
      () => Promise.resolve(listen.told.err),
      (text) => text.includes('Listening'),
    );
    const now = await listed();
    expect(now).toHaveLength(1);
    expect(now[0]!.id).not.toBe(left!.id);
    listen.child.kill('SIGTERM');
    expect(await listen.exit).toBe(0);
    expect(await listed()).toEqual([]);
  });

  it.each([
    'created',
    'requires_input',
    'processing',
    'in_review',
    'revoked',
    'redacted',
    'policy.revised',
    'expired',
  ])('trigger makes %s happen', async (event) => {
    await listening({ events: ['policy.revised'] });
    const { code, printed } = await operate(sandbox, 'trigger', event);
    expect(code).toBe(0);
    const type = event.includes('.') ? event : `verification.${event}`;
    expect(printed).toEqual([expect.objectContaining({ type })]);
  });

  it.each([
    [['trigger', 'nothing'], 2],
    [['trigger'], 2],
    [['listen', '--events', 'verification.unknown'], 2],
    [['listen', '--forward', 'nowhere'], 2],
  ])('%j is wrong use', async (args, code) => {
    expect((await operate(sandbox, ...args)).code).toBe(code);
  });
});
