import { sql } from 'kysely';
import { makeSecretBox } from '../../src/adapters/secret-box.js';
import { makeDeliverWebhook } from '../../src/app/deliver-webhook.js';
import type { SendOutcome, WebhookMessage } from '../../src/app/ports/webhook-sender.js';
import type { ClaimedDelivery } from '../../src/app/ports/webhooks.js';
import { makeWebhooks } from '../../src/app/webhooks.js';
import { WEBHOOK_LIMITS, type VerificationEvent } from '../../src/domain/webhooks.js';
import { DAY_MS, makeForgettingWorld, type ForgettingWorld } from '../support/forgetting-world.js';

let world: ForgettingWorld;
beforeAll(async () => {
  world = await makeForgettingWorld();
}, 180_000);
afterAll(() => world.dispose());

interface Received {
  readonly url: string;
  readonly id: string;
  readonly type: string;
  readonly verification: string;
  readonly sequence: number;
}

const OK: SendOutcome = { result: '2xx', status: 200, retryAfter: 0, ms: 1 };
const DOWN: SendOutcome = { result: '5xx', status: 500, retryAfter: 0, ms: 1 };
const GONE: SendOutcome = { result: '4xx', status: 410, retryAfter: 0, ms: 1 };

/** The use cases on the real store; what the network would say is set by each test. */
async function makeDesk(answer: (message: WebhookMessage) => SendOutcome | Promise<SendOutcome>) {
  const received: Received[] = [];
  const deps = {
    ...world,
    secretBox: await makeSecretBox({ keyDir: world.keyDir }),
    webhookSender: {
      problemOf: () => null,
      makeSecret: () => 'whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=',
      async send(message: WebhookMessage) {
        const outcome = await answer(message);
        const body = JSON.parse(message.body) as { type: string; data: { id: string; sequence: number } };
        if (outcome.result === '2xx')
          received.push({
            url: message.url,
            id: message.id,
            type: body.type,
            verification: body.data.id,
            sequence: body.data.sequence,
          });
        return outcome;
      },
    },
  };
  const deliver = makeDeliverWebhook(deps);
  const webhooks = makeWebhooks(deps);
  return {
    received,
    deliver,
    webhooks,
    /** Sends what is due until nothing is; how many tries that took. */
    async drain(): Promise<number> {
      for (let tries = 0; ;) {
        const claimed = await deliver.claim(64);
        if (claimed.length === 0) return tries;
        await Promise.all(claimed.map((delivery) => deliver.deliver(delivery)));
        tries += claimed.length;
      }
    },
    endpoint: (url: string) =>
      webhooks
        .create(world.scope, 'system', { url, events: null }, () => Promise.resolve())
        .then(({ id }) => id),
  };
}

const emit = (id: string, name: VerificationEvent) =>
  world.store.transaction(async (tx) => {
    await world.journal.emit(tx, (await tx.verifications.lock(id))!, name);
  });
const eventsOf = (verificationId: string) =>
  world.store.read.events.list(world.scope, { verificationId }, { limit: 100 });
async function deliveriesOf(verificationId: string) {
  const events = [...(await eventsOf(verificationId))].reverse();
  const rows = await world.store.read.deliveries.ofEvents(events.map(({ id }) => id));
  return events.flatMap(({ id }) => rows.filter(({ eventId }) => eventId === id));
}
const statesOf = async (id: string) => (await deliveriesOf(id)).map(({ state }) => state);
const sequences = (received: readonly Received[], verification: string, url?: string) =>
  received
    .filter((each) => each.verification === verification && (url === undefined || each.url === url))
    .map(({ sequence }) => sequence);

/** Ends what earlier tests have left. */
beforeEach(async () => {
  await sql`delete from webhook_endpoints`.execute(world.store.db);
});

describe('the deliveries of one verification at one endpoint', () => {
  it('are sent one after another, the next when the one before has arrived', async () => {
    const desk = await makeDesk(() => OK);
    await desk.endpoint('https://a.test');
    const { id } = await world.begun();
    await emit(id, 'processing');
    expect(await statesOf(id)).toEqual(['ready', 'waiting', 'waiting']);
    const [first] = await desk.deliver.claim(64);
    expect(await desk.deliver.claim(64)).toEqual([]);
    await desk.deliver.deliver(first!);
    expect(await statesOf(id)).toEqual(['delivered', 'ready', 'waiting']);
    await desk.drain();
    expect(sequences(desk.received, id)).toEqual([1, 2, 3]);
    expect(await statesOf(id)).toEqual(['delivered', 'delivered', 'delivered']);
  });

  it('wait behind one that fails, while other verifications and endpoints go on', async () => {
    const desk = await makeDesk(({ url, body }) =>
      url === 'https://a.test' && body.includes(held.id) ? DOWN : OK,
    );
    await desk.endpoint('https://a.test');
    await desk.endpoint('https://b.test');
    const held = await world.begun();
    const other = await world.begun();
    await desk.drain();
    expect(sequences(desk.received, held.id, 'https://a.test')).toEqual([]);
    expect(sequences(desk.received, held.id, 'https://b.test')).toEqual([1, 2]);
    expect(sequences(desk.received, other.id, 'https://a.test')).toEqual([1, 2]);
  });

  it('are parked together after three days, and those that come then as well', async () => {
    let up = false;
    const desk = await makeDesk(() => (up ? OK : DOWN));
    const endpoint = await desk.endpoint('https://a.test');
    const { id } = await world.begun();
    await desk.drain();
    world.pass(2 * DAY_MS);
    await desk.drain();
    expect(await statesOf(id)).toEqual(['ready', 'waiting']);
    world.pass(1.1 * DAY_MS);
    await desk.drain();
    await emit(id, 'processing');
    expect(await statesOf(id)).toEqual(['parked', 'parked', 'parked']);

    up = true;
    world.pass(DAY_MS);
    expect(await desk.drain()).toBe(0);
    // The last of them is asked for: what stands before it goes first.
    const [last] = await eventsOf(id);
    await desk.webhooks.resend(world.scope, last!.id, endpoint, () => Promise.resolve());
    expect(await statesOf(id)).toEqual(['ready', 'waiting', 'waiting']);
    await desk.drain();
    expect(sequences(desk.received, id)).toEqual([1, 2, 3]);
  });

  it('are not disturbed by one that was delivered and is sent again', async () => {
    const answers = [OK, OK, DOWN];
    const desk = await makeDesk(() => answers.shift() ?? OK);
    await desk.endpoint('https://a.test');
    const { id } = await world.begun();
    await desk.drain();
    const first = (await eventsOf(id)).at(-1)!;
    await desk.webhooks.resend(world.scope, first.id, undefined, () => Promise.resolve());
    await desk.drain();
    expect(await statesOf(id)).toEqual(['again', 'delivered']);
    await emit(id, 'processing');
    await desk.drain();
    expect(sequences(desk.received, id)).toEqual([1, 2, 3]);
    world.pass(60_000);
    await desk.drain();
    expect(sequences(desk.received, id)).toEqual([1, 2, 3, 1]);
    expect(new Set(desk.received.map((each) => each.id)).size).toBe(3);
    expect(await statesOf(id)).toEqual(['delivered', 'delivered', 'delivered']);
  });
});

describe('an endpoint', () => {
  it('gets what happens after it was made, and only the types it asked for', async () => {
    const desk = await makeDesk(() => OK);
    const { id } = await world.begun();
    await desk.webhooks.create(
      world.scope,
      'system',
      { url: 'https://a.test', events: ['verification.approved'] },
      () => Promise.resolve(),
    );
    await emit(id, 'processing');
    await emit(id, 'approved');
    await desk.drain();
    expect(desk.received.map(({ type }) => type)).toEqual(['verification.approved']);
  });

  it('that answers 410 is disabled, and what it has not got is parked and goes on in order once it is enabled', async () => {
    let gone = true;
    const desk = await makeDesk(() => (gone ? GONE : OK));
    const endpoint = await desk.endpoint('https://a.test');
    const { id } = await world.begun();
    const other = await world.begun();
    expect(await desk.drain()).toBe(2);
    const row = await world.store.read.webhookEndpoints.find(world.scope, endpoint);
    expect(row).toMatchObject({ status: 'disabled', disabledReason: 'gone', rowVersion: 2 });
    await emit(id, 'processing');
    expect(await statesOf(id)).toEqual(['parked', 'parked', 'parked']);
    expect((await world.store.read.audit.list(endpoint)).map(({ action }) => action)).toEqual([
      'webhook_endpoint.created',
      'webhook_endpoint.gone',
    ]);

    gone = false;
    await desk.webhooks.change(world.scope, endpoint, { status: 'enabled' }, { actor: 'system' });
    await desk.drain();
    expect(sequences(desk.received, id)).toEqual([1, 2, 3]);
    expect(sequences(desk.received, other.id)).toEqual([1, 2]);
  });

  it('has no more than its share on the way at the same time, whoever sends', async () => {
    const desk = await makeDesk(() => OK);
    await desk.endpoint('https://a.test');
    await desk.endpoint('https://b.test');
    for (let count = 0; count < 8; count++) await world.begun();
    const taken = (await Promise.all([1, 2, 3, 4].map(() => desk.deliver.claim(64)))).flat();
    const of = (url: string) => taken.filter(({ endpoint }) => endpoint.url === url).length;
    expect(of('https://a.test')).toBeLessThanOrEqual(WEBHOOK_LIMITS.inFlight);
    const later = await desk.deliver.claim(64);
    const all = [...taken, ...later];
    for (const url of ['https://a.test', 'https://b.test'])
      expect(all.filter(({ endpoint }) => endpoint.url === url)).toHaveLength(WEBHOOK_LIMITS.inFlight);
    expect(new Set(all.map(({ event, endpoint }) => event.id + endpoint.id)).size).toBe(all.length);
  });

  it('is not sent what a worker that died had taken before the lease has run out, and gets it under the same id then', async () => {
    const desk = await makeDesk(() => OK);
    await desk.endpoint('https://a.test');
    const { id } = await world.begun();
    const [lost] = await desk.deliver.claim(64);
    expect(await desk.deliver.claim(64)).toEqual([]);
    await sql`update webhook_deliveries set lease_until = clock_timestamp() - interval '1 second'
      where lease_until is not null`.execute(world.store.db);
    const [taken] = await desk.deliver.claim(64);
    expect(taken).toMatchObject({ event: { id: lost!.event.id }, tries: lost!.tries + 1 });
    // The dead one was only slow: its word no longer counts.
    expect(await desk.deliver.deliver(lost!)).toEqual({ outcome: 'superseded', parked: 0 });
    expect(await desk.deliver.deliver(taken!)).toEqual({ outcome: 'delivered', parked: 0 });
    await desk.drain();
    expect(sequences(desk.received, id)).toEqual([1, 1, 2]);
  });
});

describe('a delivery that failed', () => {
  it('waits for as long as the receiver asked for', async () => {
    const hour = 3_600_000;
    const desk = await makeDesk(() => ({ result: '4xx', status: 429, retryAfter: hour, ms: 1 }));
    await desk.endpoint('https://a.test');
    const { id } = await world.begun();
    const before = world.clock.now().getTime();
    expect(await desk.drain()).toBe(1);
    const [first] = await deliveriesOf(id);
    expect(first).toMatchObject({ state: 'ready', tries: 1, result: '4xx' });
    expect(first!.dueAt.getTime()).toBeGreaterThanOrEqual(before + hour);
    world.pass(hour / 2);
    expect(await desk.drain()).toBe(0);
    world.pass(hour);
    expect(await desk.drain()).toBe(1);
  });

  it('for want of the key of its secret goes on once the secret is rotated', async () => {
    const desk = await makeDesk(() => OK);
    const endpoint = await desk.endpoint('https://a.test');
    const { id } = await world.begun();
    await sql`update webhook_endpoints set secret = 'lost'`.execute(world.store.db);
    await desk.drain();
    expect((await deliveriesOf(id))[0]).toMatchObject({ state: 'ready', result: 'secret_unavailable' });
    await desk.webhooks.rotateSecret(world.scope, endpoint, { actor: 'system' }, () => Promise.resolve());
    world.pass(60_000);
    await desk.drain();
    expect(sequences(desk.received, id)).toEqual([1, 2]);
  });
});

describe('the secret of an endpoint', () => {
  it('cannot be read from the store, and opens for its own row alone', async () => {
    const desk = await makeDesk(() => OK);
    const { id, secret } = await desk.webhooks.create(
      world.scope,
      'system',
      { url: 'https://a.test', events: null },
      () => Promise.resolve(),
    );
    const row = (await world.store.read.webhookEndpoints.find(world.scope, id))!;
    const stored = Buffer.from(row.secret);
    expect(stored.includes(Buffer.from(secret))).toBe(false);
    expect(stored.includes(Buffer.from(secret.slice('whsec_'.length), 'base64'))).toBe(false);
    const box = await makeSecretBox({ keyDir: world.keyDir });
    expect(box.open(id, row.secret)).toBe(secret);
    expect(() => box.open('whe_other', row.secret)).toThrow('seal_broken');
    for (let at = 0; at < stored.length; at++) {
      const changed = Buffer.from(stored);
      changed[at]! ^= 1;
      expect(() => box.open(id, changed)).toThrow('seal_broken');
    }
  });
});

describe('a policy version that is published', () => {
  it('is told to every tenant with endpoints, in no order with verifications', async () => {
    const desk = await makeDesk(() => OK);
    await desk.endpoint('https://a.test');
    const effective = new Date(world.clock.now().getTime() + DAY_MS);
    const document = {
      title: 'Policy',
      summary: '',
      purposes: [],
      collects: [],
      never_collects: [],
      processing_country: 'SE',
      contact: '',
    };
    expect(await world.policies.publish('9', document, effective)).toBe('published');
    expect(await world.policies.publish('9', document, effective)).toBe('version_exists');
    const [event, ...others] = await world.store.read.events.list(
      world.scope,
      { types: ['policy.revised'] },
      { limit: 10 },
    );
    expect(others).toEqual([]);
    expect(event).toMatchObject({
      verificationId: null,
      sequence: null,
      payload: { version: '9', effective_at: effective.toISOString() },
    });
    await desk.drain();
    expect(desk.received.map(({ type }) => type)).toEqual(['policy.revised']);
  });
});

describe('whatever comes between', () => {
  it('each line arrives whole and in order', async () => {
    let seed = 7;
    const random = () => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
    const desk = await makeDesk(() => (random() < 0.3 ? DOWN : OK));
    const ended = { now: false };
    const verifications = await Promise.all(Array.from({ length: 4 }, () => world.begun()));
    const endpoints = [await desk.endpoint('https://a.test'), await desk.endpoint('https://b.test')];
    const names: VerificationEvent[] = ['processing', 'requires_input', 'in_review', 'approved'];

    const emitter = async () => {
      for (let count = 0; count < 20; count++)
        for (const { id } of verifications) await emit(id, names[count % names.length]!);
    };
    const courier = async () => {
      while (!ended.now) {
        const claimed = await desk.deliver.claim(8);
        await Promise.all(claimed.map((delivery: ClaimedDelivery) => desk.deliver.deliver(delivery)));
        await new Promise((resolve) => setImmediate(resolve));
      }
    };
    const meddler = async () => {
      for (let count = 0; count < 10; count++) {
        const endpoint = endpoints[count % 2]!;
        await desk.webhooks.change(world.scope, endpoint, { status: 'disabled' }, { actor: 'system' });
        world.pass(10_000);
        await desk.webhooks.change(world.scope, endpoint, { status: 'enabled' }, { actor: 'system' });
        const { id } = verifications[count % verifications.length]!;
        const waiting = (await deliveriesOf(id)).find(({ state }) => state === 'waiting');
        if (waiting)
          await desk.webhooks.resend(world.scope, waiting.eventId, waiting.endpointId, () =>
            Promise.resolve(),
          );
      }
    };
    const couriers = [courier(), courier(), courier()];
    await Promise.all([emitter(), emitter(), meddler()]);
    ended.now = true;
    await Promise.all(couriers);
    for (let round = 0; round < 200; round++) {
      world.pass(3_600_000 / 4);
      if ((await desk.drain()) === 0) break;
    }

    for (const { id } of verifications) {
      expect(new Set(await statesOf(id))).toEqual(new Set(['delivered']));
      for (const url of ['https://a.test', 'https://b.test']) {
        const got = sequences(desk.received, id, url);
        // The endpoints were made after the first two events. One may come twice where it was parked while it was on its way.
        expect([...new Set(got)]).toEqual(Array.from({ length: 40 }, (_, index) => index + 3));
      }
    }
  }, 120_000);
});
