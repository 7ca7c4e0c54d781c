import { makeApi, type Api } from '../support/api.js';
import { startSandbox, type Sandbox } from '../support/sandbox.js';

/** What holds for the whole API: repeated calls, stale versions, budgets, going on elsewhere, a second pair of eyes. */

const LEARNER_BUDGET = 60;

let sandbox: Sandbox;
let api: Api;
beforeAll(async () => {
  sandbox = await startSandbox({
    env: { CONFIRM_DECISIONS: 'decline', RATE_LIMIT_LEARNER: String(LEARNER_BUDGET) },
  });
  api = makeApi(sandbox.info);
}, 180_000);
afterAll(() => sandbox.dispose());

type Who = keyof Sandbox['info']['tokens'];
const staff = (who: Who, method: string, url: string, body?: unknown, headers?: Record<string, string>) =>
  api.call(method, url, {
    token: sandbox.info.tokens[who],
    ...(body === undefined ? {} : { body }),
    ...(headers ? { headers } : {}),
  });
const codeOf = ({ status, body }: { status: number; body: { code?: string } | null }) => [status, body?.code];
const simulate = (id: string, outcome: string) =>
  api.platform('POST', `/v1/test/verifications/${id}/simulate`, { outcome });
const trailOf = async (id: string): Promise<string[]> =>
  (await staff('auditor', 'GET', `/v1/audit?subject=${id}&limit=100`)).body.data.map(
    ({ action }: { action: string }) => action,
  );

describe('a repeated call', () => {
  const key = (value: string) => ({ 'Idempotency-Key': value });

  it('of a change runs nothing, and is answered with the verification as it stands now', async () => {
    const { id } = await api.create();
    const url = `/v1/verifications/${id}`;
    const add = () => api.platform('POST', `${url}/courses`, { course_id: 'c-1' }, key(`add-${id}`));
    expect((await add()).body.courses).toEqual(['c-1']);
    await api.platform('POST', `${url}/cancel`, {}, key(`cancel-${id}`));
    const again = await add();
    expect([again.status, again.body.status, again.body.courses]).toEqual([200, 'canceled', ['c-1']]);
    const other = await api.platform('POST', `${url}/courses`, { course_id: 'c-2' }, key(`add-${id}`));
    expect(codeOf(other)).toEqual([422, 'idempotency_key_reused']);
    const elsewhere = await api.create();
    const moved = await api.platform(
      'POST',
      `/v1/verifications/${elsewhere.id}/courses`,
      { course_id: 'c-1' },
      key(`add-${id}`),
    );
    expect(codeOf(moved)).toEqual([422, 'idempotency_key_reused']);
  });

  it('of a simulated outcome and of a moved clock changes nothing further', async () => {
    const { id } = await api.create();
    const decide = () =>
      api.platform(
        'POST',
        `/v1/test/verifications/${id}/simulate`,
        { outcome: 'declined' },
        key(`sim-${id}`),
      );
    const [first, second] = [await decide(), await decide()];
    expect([first.status, second.status, second.body.status]).toEqual([200, 200, 'declined']);

    const move = (advance: string) => api.platform('POST', '/v1/test/clock', { advance }, key(`clock-${id}`));
    const hour = 3_600_000;
    const start = Date.parse((await move('PT1H')).body.now);
    const again = Date.parse((await move('PT1H')).body.now);
    expect(again - start).toBeLessThan(hour / 2);
    expect(codeOf(await move('PT2H'))).toEqual([422, 'idempotency_key_reused']);
  });

  it('of an appeal, a hold, an erasure makes one', async () => {
    const { id, learner } = await api.create();
    await simulate(id, 'declined');
    await api.until(id, ({ redaction }) => redaction.status === 'done');
    const appeal = () =>
      api.platform(
        'POST',
        `/v1/verifications/${id}/appeal`,
        { expected: { full_name: 'A B' } },
        key(`ap-${id}`),
      );
    const [first, second] = [await appeal(), await appeal()];
    expect([first.status, second.status]).toEqual([200, 200]);
    expect(second.body.capture.token).toBe(first.body.capture.token);

    const hold = () =>
      staff(
        'privacy_officer',
        'POST',
        '/v1/legal_holds',
        {
          verification_id: id,
          authority: 'Court',
          reference: '1',
          expires_at: '2027-10-01T00:00:00Z',
          notice: 'allowed',
        },
        key(`hold-${id}`),
      );
    const held = await hold();
    expect((await hold()).body.id).toBe(held.body.id);
    const erase = () =>
      staff('privacy_officer', 'POST', '/v1/erasure_requests', { learner_ref: learner }, key(`er-${id}`));
    expect((await erase()).body.id).toBe((await erase()).body.id);
  });

  it('of a learner or a reviewer is one as well', async () => {
    const { id, token } = await api.create();
    const give = () =>
      api.call('POST', `/v1/verifications/${id}/consent`, {
        token,
        body: { policy_version: sandbox.info.policy_version, biometrics: true, cross_border: true },
        headers: key('consent-1'),
      });
    await give();
    await give();
    expect((await trailOf(id)).filter((action) => action === 'consent.given')).toHaveLength(1);
    const challenge = () =>
      api.call('POST', `/v1/verifications/${id}/challenge`, { token, headers: key('challenge-1') });
    expect((await challenge()).body).toEqual((await challenge()).body);
    await simulate(id, 'in_review');
    const claim = () => staff('reviewer', 'POST', `/v1/reviews/${id}/claim`, undefined, key(`claim-${id}`));
    expect([(await claim()).status, (await claim()).status]).toEqual([200, 200]);
    expect((await trailOf(id)).filter((action) => action === 'review.claimed')).toHaveLength(1);
  });
});

describe('a change on a stale version', () => {
  it('is refused everywhere, and changes nothing', async () => {
    const { id, token } = await api.create();
    const url = `/v1/verifications/${id}`;
    const stale = { 'If-Match': '"999"' };
    for (const [path, body] of [
      ['redact', undefined],
      ['capture_tokens', undefined],
      ['cancel', {}],
      ['courses', { course_id: 'c' }],
    ] as const)
      expect([path, ...codeOf(await api.platform('POST', `${url}/${path}`, body, stale))]).toEqual([
        path,
        412,
        'stale_version',
      ]);
    const given = { policy_version: sandbox.info.policy_version, biometrics: true, cross_border: true };
    for (const [method, path, body] of [
      ['POST', 'consent', given],
      ['DELETE', 'consent', undefined],
      ['POST', 'handover', undefined],
      ['POST', 'submit', undefined],
    ] as const)
      expect([
        method,
        path,
        ...codeOf(
          await api.call(method, `${url}/${path}`, { token, headers: stale, ...(body ? { body } : {}) }),
        ),
      ]).toEqual([method, path, 412, 'stale_version']);
    expect(await api.get(id)).toMatchObject({ status: 'requires_input', courses: [], consent: null });
    const { headers } = await api.platform('GET', url);
    const fresh = { 'If-Match': headers.get('etag')! };
    expect((await api.platform('POST', `${url}/courses`, { course_id: 'c' }, fresh)).status).toBe(200);
  });
});

describe('going on with a phone', () => {
  const offer = (id: string, token: string) =>
    api.call('POST', `/v1/verifications/${id}/handover`, { token });
  const look = (id: string, token: string) => api.call('GET', `/v1/verifications/${id}/capture`, { token });

  it('leaves the device before with reading and withdrawing, from the first use on', async () => {
    const { id, token } = await api.create();
    await api.consent(id, token);
    const { status, body } = await offer(id, token);
    expect(status).toBe(201);
    expect(body.url).toContain(`#${body.token as string}`);
    expect(Date.parse(body.expires_at) - Date.now()).toBeLessThanOrEqual(600_000);
    // Not used yet: nothing has changed.
    expect((await api.upload(id, token, { selfie: 'approve_selfie' })).status).toBe(200);

    const phone = body.token as string;
    expect((await look(id, phone)).status).toBe(200);
    expect((await api.upload(id, phone, { id_front: 'approve' })).status).toBe(200);
    expect(codeOf(await api.upload(id, token, { id_front: 'approve' }))).toEqual([403, 'forbidden']);
    expect(codeOf(await api.call('POST', `/v1/verifications/${id}/submit`, { token }))).toEqual([
      403,
      'forbidden',
    ]);
    expect((await look(id, token)).body.received.sort()).toEqual(['id_front', 'selfie']);
    const withdrawn = await api.call('DELETE', `/v1/verifications/${id}/consent`, { token });
    expect(withdrawn.body.status).toBe('canceled');
    expect(await trailOf(id)).toEqual(expect.arrayContaining(['handover.offered', 'handover.taken']));
  });

  it('works with the newest link alone, and not after a fresh token or the end', async () => {
    const { id, token } = await api.create();
    const first = (await offer(id, token)).body.token as string;
    const second = (await offer(id, token)).body.token as string;
    expect((await look(id, first)).status).toBe(401);
    const renewed = (await api.platform('POST', `/v1/verifications/${id}/capture_tokens`)).body.capture
      .token as string;
    for (const dead of [token, first, second]) expect((await look(id, dead)).status).toBe(401);
    const third = (await offer(id, renewed)).body.token as string;
    await api.platform('POST', `/v1/verifications/${id}/cancel`, {});
    expect((await look(id, third)).status).toBe(401);
    expect((await look(id, renewed)).status).toBe(200);
    expect(codeOf(await offer(id, renewed))).toEqual([409, 'invalid_state']);
  });
});

describe('a decision that waits for a second person', () => {
  const decided = async () => {
    const { id } = await api.create();
    await simulate(id, 'in_review');
    await staff('reviewer', 'POST', `/v1/reviews/${id}/claim`);
    const answer = await staff('reviewer', 'POST', `/v1/reviews/${id}/decision`, {
      decision: 'decline',
      reasons: ['name_mismatch'],
    });
    expect(answer.body.proposed).toEqual({ decision: 'decline', by: 'reviewer', reasons: ['name_mismatch'] });
    expect((await api.get(id)).status).toBe('in_review');
    return id;
  };
  const confirm = (who: Who, id: string, agree: boolean) =>
    staff(who, 'POST', `/v1/reviews/${id}/decision/confirm`, { agree });

  it('takes effect when a senior reviewer agrees, who is another one', async () => {
    const id = await decided();
    expect(codeOf(await confirm('reviewer', id, true))).toEqual([403, 'forbidden']);
    expect(codeOf(await confirm('reviewer_2', id, true))).toEqual([403, 'forbidden']);
    expect(codeOf(await staff('reviewer_2', 'POST', `/v1/reviews/${id}/claim`))).toEqual([403, 'forbidden']);
    const answer = await confirm('senior_reviewer', id, true);
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ status: 'decided', decision: 'decline', proposed: null });
    expect(await api.get(id)).toMatchObject({ status: 'declined', reasons: [{ code: 'name_mismatch' }] });
    expect(codeOf(await confirm('senior_reviewer', id, true))).toEqual([409, 'invalid_state']);
  });

  it('is opened anew for a third one when they disagree', async () => {
    const id = await decided();
    const contested = await confirm('senior_reviewer', id, false);
    expect(contested.body).toMatchObject({ status: 'open', proposed: null });
    for (const who of ['reviewer', 'senior_reviewer'] as const)
      expect(codeOf(await staff(who, 'POST', `/v1/reviews/${id}/claim`))).toEqual([
        403,
        'second_person_required',
      ]);
    expect((await staff('reviewer_2', 'POST', `/v1/reviews/${id}/claim`)).status).toBe(200);
    const approved = await staff('reviewer_2', 'POST', `/v1/reviews/${id}/decision`, { decision: 'approve' });
    expect(approved.body.decision).toBe('approve');
    expect((await api.get(id)).status).toBe('approved');
  });

  it('is not confirmed by the one who made it, though they are senior', async () => {
    const { id } = await api.create();
    await simulate(id, 'in_review');
    await staff('senior_reviewer', 'POST', `/v1/reviews/${id}/claim`);
    await staff('senior_reviewer', 'POST', `/v1/reviews/${id}/decision`, {
      decision: 'decline',
      reasons: ['name_mismatch'],
    });
    expect(codeOf(await confirm('senior_reviewer', id, true))).toEqual([403, 'second_person_required']);
  });
});

describe('a budget', () => {
  it('that is spent is told with the time to wait, to that learner alone, also while Redis is away', async () => {
    const spend = async () => {
      const { id, token } = await api.create();
      const statuses: number[] = [];
      for (let call = 0; call <= LEARNER_BUDGET; call++) {
        const answer = await api.call('GET', `/v1/verifications/${id}/capture`, { token });
        statuses.push(answer.status);
        if (answer.status === 429) expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
      }
      return statuses;
    };
    const statuses = await spend();
    expect(statuses[0]).toBe(200);
    expect(statuses.at(-1)).toBe(429);
    const other = await api.create();
    const look = await api.call('GET', `/v1/verifications/${other.id}/capture`, { token: other.token });
    expect(look.status).toBe(200);

    process.kill(sandbox.pids().redis, 'SIGSTOP');
    try {
      expect((await spend()).at(-1)).toBe(429);
    } finally {
      process.kill(sandbox.pids().redis, 'SIGCONT');
    }
  });
});
