import net from 'node:net';
import { fuzz, FUZZ_ENVIRONMENT, type FuzzReport } from '../support/fuzz/run.js';
import { operations } from '../support/api-description.js';
import { makeApi } from '../support/api.js';
import { startSandbox, type Sandbox } from '../support/sandbox.js';

/** A share of what `npm run bench -- fuzz` sends: valid and broken requests to every operation, from a seed. */
const SEED = process.env['FUZZ_SEED'] ?? 'suite';
const COUNT = 2_500;

let sandbox: Sandbox;
let pids: Sandbox['info']['pids'];
let report: FuzzReport;
beforeAll(async () => {
  sandbox = await startSandbox({ env: FUZZ_ENVIRONMENT });
  pids = sandbox.pids();
  report = await fuzz({ sandbox, count: COUNT, seed: SEED });
}, 300_000);
afterAll(() => sandbox.dispose());

describe('requests that were once answered wrongly', () => {
  const ask = (url: string, init: RequestInit = {}, token = sandbox.info.api_key) =>
    fetch(sandbox.info.base_url + url, {
      ...init,
      headers: { Authorization: `Bearer ${token}`, ...(init.headers as Record<string, string> | undefined) },
    });
  const told = async (answer: Response) => [answer.status, ((await answer.json()) as { code?: string }).code];

  it('a path that does not decode names nothing', async () => {
    expect(await told(await ask('/v1/verifications/%E0%A4%A'))).toEqual([404, 'not_found']);
  });

  it.each(['2016-12-31T23:59:60Z', '9999-12-31T23:59:59-23:59'])(
    'a time that no calendar of ours has is a wrong field: %s',
    async (time) => {
      const url = `/v1/verifications?created_at[gte]=${encodeURIComponent(time)}`;
      expect(await told(await ask(url))).toEqual([422, 'invalid_field']);
    },
  );

  it('a path in other letters, or with a slash behind it, is another path', async () => {
    for (const url of ['/V1/policy', '/v1/Policy', '/v1/policy/'])
      expect(await told(await ask(url))).toEqual([404, 'not_found']);
  });

  it('a condition on what no cache may hold changes nothing', async () => {
    const answer = await ask('/v1/verifications', { headers: { 'If-None-Match': '*' } });
    expect(answer.status).toBe(200);
  });

  it('a repeatable call to a review that does not exist finds none', async () => {
    const answer = await ask(
      '/v1/reviews/ver_00000000000000000000000000/release',
      { method: 'POST', headers: { 'Idempotency-Key': 'a' } },
      sandbox.info.tokens.reviewer,
    );
    expect(await told(answer)).toEqual([404, 'not_found']);
  });

  it('the headers of a stream do not hold the connection', async () => {
    const { id, token } = await makeApi(sandbox.info).create();
    const { port, hostname } = new URL(sandbox.info.base_url);
    const socket = net.connect(Number(port), hostname);
    const request = `HEAD /v1/verifications/${id}/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\n\r\n`;
    // The second answer comes behind the first one, on the same connection.
    socket.write(`${request}GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    let answered = '';
    for await (const chunk of socket) answered += String(chunk);
    expect(answered.match(/^HTTP\/1\.1 200/gm)).toHaveLength(2);
  });
});

describe(`generated requests from the seed ${SEED}`, () => {
  it('are answered as described, without a fault of ours and without telling what was sent', () => {
    expect(report.failures).toEqual([]);
    expect(report.requests).toBe(COUNT);
  });

  it('get through to nearly all operations, and are refused in all the usual ways', () => {
    const reached = [...report.successes.values()].filter((times) => times > 0);
    expect(reached.length).toBeGreaterThan(0.85 * operations.length);
    expect([...report.statuses.keys()]).toEqual(
      expect.arrayContaining([200, 201, 202, 204, 400, 401, 403, 404, 405, 409, 412, 413, 415, 422]),
    );
  });

  it('leave the service as it was: no process fell, and its record is whole', async () => {
    expect(sandbox.pids()).toEqual(pids);
    const { call } = makeApi(sandbox.info);
    const { body } = await call('GET', '/v1/compliance', { token: sandbox.info.tokens.auditor });
    expect(body).toMatchObject({ audit: { ok: true }, orphans: [] });
  });
});
