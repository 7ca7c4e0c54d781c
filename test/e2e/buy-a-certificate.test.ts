import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { compactVerify, createLocalJWKSet } from 'jose';
import {
  checkEligibilityToken,
  createLetheClient,
  LetheError,
  multipart,
  paginate,
  verifyWebhook,
  type LetheClient,
  type WebhookEvent,
} from '../../clients/typescript/src/index.js';
import { startSandbox, type Sandbox } from '../support/sandbox.js';

const STATISTICS = 'course-v1:Arcadia+Statistics+2026';
const ALGEBRA = 'course-v1:Arcadia+Algebra+2026';

let sandbox: Sandbox;
let shop: LetheClient;
let receiver: Awaited<ReturnType<typeof startReceiver>>;

/** The shop's own server: takes what is signed, and nothing else. */
async function startReceiver() {
  const events: WebhookEvent[] = [];
  const refused: string[] = [];
  const secrets: string[] = [];
  const server = http.createServer((req, res) => {
    const chunks: Buffer[] = [];
    req.on('data', (chunk: Buffer) => chunks.push(chunk));
    req.on('end', () => {
      try {
        events.push(verifyWebhook(Buffer.concat(chunks), req.headers, secrets));
        res.writeHead(204).end();
      } catch (error) {
        refused.push(error instanceof LetheError ? error.code : 'unknown');
        res.writeHead(400).end();
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/lethe`;
  const { data } = await shop.POST('/v1/webhook_endpoints', { body: { url } });
  if (data.secret === undefined) throw new Error('the endpoint has no secret');
  secrets.push(data.secret);
  return {
    refused,
    endpointId: data.id,
    /** Of one verification, in the order in which they came; an event that came twice counts once. */
    eventsOf(id: string) {
      const own = events.filter((event) => 'status' in event.data && event.data.id === id);
      return [...new Map(own.map((event) => [event.id, event])).values()];
    },
    stop: () => new Promise((resolve) => server.close(resolve)),
  };
}

beforeAll(async () => {
  sandbox = await startSandbox();
  shop = createLetheClient({ baseUrl: sandbox.info.base_url, apiKey: sandbox.info.api_key });
  receiver = await startReceiver();
}, 180_000);
afterAll(async () => {
  await receiver?.stop();
  await sandbox?.dispose();
});

/** Looks again and again, until what is looked for is there. */
async function until<T>(read: () => Promise<T> | T, found: (value: T) => boolean): Promise<T> {
  const end = performance.now() + 90_000;
  for (;;) {
    const value = await read();
    if (found(value)) return value;
    if (performance.now() > end) throw new Error(`still ${JSON.stringify(value)}`);
    await sleep(100);
  }
}

async function picture(name: string): Promise<Blob> {
  const path = { name };
  const { data } = await shop.GET('/v1/test/images/{name}.jpg', { params: { path }, parseAs: 'blob' });
  return data;
}

/** What the learner's browser does, with the token of the link alone. */
async function photograph(id: string, token: string): Promise<void> {
  const learner = createLetheClient({ baseUrl: sandbox.info.base_url, token });
  const params = { path: { id } };
  const { data: view } = await learner.GET('/v1/verifications/{id}/capture', { params });
  expect(view.to_do).toEqual(['consent', 'id_front', 'selfie', 'submit']);
  await learner.POST('/v1/verifications/{id}/consent', {
    params,
    body: { policy_version: view.notices.version, biometrics: true, cross_border: true },
  });
  const { data: taken } = await learner.POST('/v1/verifications/{id}/images', {
    params,
    body: multipart({
      id_front: await picture('approve'),
      selfie: await picture('approve_selfie'),
      source: 'upload',
    }),
  });
  expect(taken.received).toEqual(['id_front', 'selfie']);
  const { data: submitted } = await learner.POST('/v1/verifications/{id}/submit', { params });
  expect(submitted.status).toBe('processing');
}

const eligibility = async (learnerRef: string, courseId: string) => {
  const query = { learner_ref: learnerRef, course_id: courseId };
  return (await shop.GET('/v1/eligibility', { params: { query } })).data;
};
const expected = { full_name: 'Ada Lovelace' };
const begin = async (learnerRef: string, more: { order_ref?: string } = {}) =>
  (await shop.POST('/v1/verifications', { body: { learner_ref: learnerRef, expected, ...more } })).data;
const problemOf = async (call: Promise<unknown>): Promise<LetheError> => {
  const error: unknown = await call.catch((thrown: unknown) => thrown);
  if (!(error instanceof LetheError)) throw new Error('the call was not refused');
  return error;
};

/** One story, told in order: each test goes on where the one before has ended. */
describe('a platform that sells certificates', () => {
  let ada: string;

  it('has a learner verified, is told of it, and checks offline that she may buy', async () => {
    const { data: samples } = await shop.GET('/v1/test/images');
    const sample = (samples.data as { name: string; full_name: string; date_of_birth: string }[]).find(
      ({ name }) => name === 'approve',
    );
    if (!sample) throw new Error('there is no sample to approve');
    const { data: created } = await shop.POST('/v1/verifications', {
      body: {
        learner_ref: 'ada',
        expected: { full_name: sample.full_name, date_of_birth: sample.date_of_birth },
        courses: [STATISTICS],
        order_ref: 'order-1001',
      },
    });
    ada = created.id;
    if (!created.capture) throw new Error('there is no way in for the learner');
    expect(created.capture.url).toContain(`/capture#${created.capture.token}`);
    await photograph(ada, created.capture.token);

    const events = await until(
      () => receiver.eventsOf(ada),
      (all) => all.some(({ type }) => type === 'verification.approved'),
    );
    expect(events.find(({ type }) => type === 'verification.approved')?.data).toMatchObject({
      id: ada,
      status: 'approved',
      purchase: { eligible: true, refund: 'not_applicable' },
    });
    expect(events.map(({ data }) => 'sequence' in data && data.sequence)).toEqual(
      events.map((_event, index) => index + 1),
    );

    const { token } = await eligibility('ada', STATISTICS);
    if (token === null) throw new Error('there is no token');
    const { data: jwks } = await shop.GET('/.well-known/jwks.json');
    const check = { jwks, issuer: sandbox.info.base_url, audience: STATISTICS, livemode: false };
    const claims = await checkEligibilityToken(token, { ...check, learnerRef: 'ada' });
    expect(claims).toMatchObject({ learnerRef: 'ada', courseId: STATISTICS, verificationId: ada });
    for (const wrong of [{ learnerRef: 'bob' }, { audience: ALGEBRA }, { livemode: true }])
      expect((await problemOf(checkEligibilityToken(token, { ...check, ...wrong }))).code).toBe(
        'eligibility_token_invalid',
      );
  });

  it('sells her a second course without collecting anything again', async () => {
    expect(await eligibility('ada', ALGEBRA)).toMatchObject({ eligible: false, reason: 'course_not_bound' });
    const again = await problemOf(begin('ada'));
    expect([again.code, again.problem['verification_id']]).toEqual(['verification_exists', ada]);

    const { data: bound } = await shop.POST('/v1/verifications/{id}/courses', {
      params: { path: { id: ada } },
      body: { course_id: ALGEBRA },
    });
    expect(bound.courses).toEqual([STATISTICS, ALGEBRA]);
    expect([bound.status, bound.attempts.length, bound.received]).toEqual(['approved', 1, []]);
    expect(await eligibility('ada', ALGEBRA)).toMatchObject({ eligible: true, verification_id: ada });
  });

  it('is told to refund a learner who cancels what was ordered, and not where nothing was', async () => {
    const ordered = await begin('bob', { order_ref: 'order-1002' });
    const free = await begin('cyd');
    for (const [{ id }, refund] of [
      [ordered, 'recommended'],
      [free, 'not_applicable'],
    ] as const) {
      const { data: canceled } = await shop.POST('/v1/verifications/{id}/cancel', {
        params: { path: { id } },
      });
      expect(canceled.status).toBe('canceled');
      const events = await until(
        () => receiver.eventsOf(id),
        (all) => all.some(({ type }) => type === 'verification.canceled'),
      );
      expect(events.at(-1)?.data).toMatchObject({ purchase: { eligible: false, refund } });
    }
  });

  it('does nothing twice where answers are lost on their way back', async () => {
    let lost = 0;
    const unlucky = createLetheClient({
      baseUrl: sandbox.info.base_url,
      apiKey: sandbox.info.api_key,
      fetch: async (request) => {
        const response = await fetch(request);
        // Each first and second answer never arrives, though the service has given it.
        if (lost++ % 3 < 2) {
          await response.arrayBuffer();
          throw new TypeError('the connection was lost');
        }
        return response;
      },
    });
    const { data: created } = await unlucky.POST('/v1/verifications', {
      body: { learner_ref: 'dan', expected, order_ref: 'order-1004' },
    });
    const params = { path: { id: created.id } };
    await unlucky.POST('/v1/verifications/{id}/courses', { params, body: { course_id: ALGEBRA } });
    const { data: canceled } = await unlucky.POST('/v1/verifications/{id}/cancel', { params });
    expect([lost, canceled.status]).toEqual([9, 'canceled']);

    const { data: list } = await shop.GET('/v1/verifications', { params: { query: { learner_ref: 'dan' } } });
    expect(list.data.map(({ id, courses }) => ({ id, courses }))).toEqual([
      { id: created.id, courses: [ALGEBRA] },
    ]);
    const query = { verification_id: created.id };
    const { data: events } = await shop.GET('/v1/events', { params: { query } });
    const types = events.data.map(({ type }) => type).filter((type) => type !== 'verification.redacted');
    expect(types.reverse()).toEqual([
      'verification.created',
      'verification.requires_input',
      'verification.canceled',
    ]);
  });

  it('finds all of them in its list, page by page', async () => {
    const found: string[] = [];
    const all = paginate((page) =>
      shop.GET('/v1/verifications', { params: { query: { limit: 1, ...page } } }),
    );
    for await (const verification of all) found.push(verification.learner_ref);
    expect(found).toEqual(['dan', 'cyd', 'bob', 'ada']);
  });

  it('has her erased: she is eligible no more, and the receipt proves it', async () => {
    const privacy = createLetheClient({
      baseUrl: sandbox.info.base_url,
      token: sandbox.info.tokens.privacy_officer,
    });
    const { data: request } = await privacy.POST('/v1/erasure_requests', { body: { learner_ref: 'ada' } });
    expect(request.items.map(({ verification_id }) => verification_id)).toEqual([ada]);
    const path = { id: request.id };
    await until(
      async () => (await privacy.GET('/v1/erasure_requests/{id}', { params: { path } })).data.status,
      (status) => status === 'done',
    );

    for (const course of [STATISTICS, ALGEBRA])
      expect(await eligibility('ada', course)).toMatchObject({ eligible: false, token: null });
    const params = { path: { id: ada } };
    const { data: record } = await shop.GET('/v1/verifications/{id}', { params });
    expect(record.purchase.eligible).toBe(false);
    expect(JSON.stringify(record)).not.toContain('"ada"');

    const { data: proof } = await privacy.GET('/v1/verifications/{id}/deletion_receipt', { params });
    const { data: jwks } = await shop.GET('/.well-known/jwks.json');
    const { payload } = await compactVerify(proof.receipt, createLocalJWKSet(jwks), {
      algorithms: ['EdDSA'],
    });
    expect(JSON.parse(Buffer.from(payload).toString('utf8'))).toMatchObject({ sub: ada });
  });

  it('has taken no message that was not signed for it', () => {
    expect(receiver.refused).toEqual([]);
  });
});
