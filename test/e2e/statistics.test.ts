import { makeApi, type Api } from '../support/api.js';
import { startSandbox, type Sandbox } from '../support/sandbox.js';

let sandbox: Sandbox;
let api: Api;
beforeAll(async () => {
  sandbox = await startSandbox();
  api = makeApi(sandbox.info);
}, 180_000);
afterAll(() => sandbox.dispose());

const published = async () => (await api.call('GET', '/v1/stats/public')).body;
const advance = (by: string) => api.platform('POST', '/v1/test/clock', { advance: by });
const simulate = (id: string, outcome: string) =>
  api.platform('POST', `/v1/test/verifications/${id}/simulate`, { outcome });

describe('public statistics', () => {
  it('count people by month, hide small numbers, and never change', async () => {
    expect(await published()).toEqual({ threshold: 10, data: [] });
    // Into the first days of a month, so that all of it falls into one.
    const { now } = (await advance('PT1S')).body as { now: string };
    const toNextMonth = Date.UTC(Number(now.slice(0, 4)), Number(now.slice(5, 7)), 1, 1) - Date.parse(now);
    const { now: begun } = (await advance(`PT${Math.ceil(toNextMonth / 1000)}S`)).body as { now: string };
    const month = begun.slice(0, 7);

    const approved: string[] = [];
    for (let i = 0; i < 14; i++) {
      const { id } = await api.create();
      await simulate(id, 'approved');
      approved.push(id);
    }
    for (let i = 0; i < 11; i++) await api.create();
    const { id: declined, learner } = await api.create();
    await simulate(declined, 'declined');
    // The same person again: one person, by the last that they began.
    await api.platform('POST', '/v1/verifications', { learner_ref: learner, expected: { full_name: 'A B' } });
    const { id: other } = await api.create();
    await simulate(other, 'declined');

    // Before the third day of the next month has passed nothing is out.
    await advance('P30D');
    const early = (await published()).data.filter((each: { month: string }) => each.month === month);
    expect(early).toEqual([]);
    await advance('P5D');
    const of = async () => (await published()).data.find((each: { month: string }) => each.month === month);
    const first = await of();
    // Twelve lapsed after three days: with so few of everything else, that number would give the rest away.
    expect(first).toMatchObject({
      started: 27,
      outcomes: { approved: 14, expired: null, declined: null, canceled: null, revoked: null, open: null },
      methods: { biometric: null, manual: null },
    });

    for (const id of approved)
      await api.platform('POST', `/v1/verifications/${id}/revoke`, { reason: 'honor_code' });
    await advance('P40D');
    expect(await of()).toEqual(first);
    const months = (await published()).data.map((each: { month: string }) => each.month);
    expect(months).toEqual([...months].sort().reverse());
    expect(months[0] > month).toBe(true);
  });
});
