import { makeApi, type Answer, type Api } from '../support/api.js';
import { startSandbox, type Sandbox } from '../support/sandbox.js';

let sandbox: Sandbox;
let api: Api;
beforeAll(async () => {
  sandbox = await startSandbox();
  api = makeApi(sandbox.info);
}, 180_000);
afterAll(() => sandbox.dispose());

const STATUSES = [
  'requires_input',
  'in_review',
  'approved',
  'declined',
  'canceled',
  'expired',
  'revoked',
] as const;
type Status = (typeof STATUSES)[number];

const simulate = (id: string, outcome: string, reasons: string[] = []) =>
  api.platform('POST', `/v1/verifications/${id}/simulate`.replace('/v1/', '/v1/test/'), { outcome, reasons });

/** A verification in the asked-for status, by the shortest way that the API offers. */
async function inStatus(status: Status) {
  const v = await api.create();
  if (status === 'in_review' || status === 'approved' || status === 'declined') await simulate(v.id, status);
  if (status === 'canceled') await api.platform('POST', `/v1/verifications/${v.id}/cancel`, {});
  if (status === 'revoked') {
    await simulate(v.id, 'approved');
    await api.platform('POST', `/v1/verifications/${v.id}/revoke`, { reason: 'honor_code' });
  }
  if (status === 'expired') {
    await api.platform('POST', '/v1/test/clock', { advance: 'PT73H' });
  }
  expect((await api.get(v.id)).status).toBe(status);
  return v;
}

/** CONTRACT, “Status × event”: the rows that a client can cause. A status, or the code of the refusal. */
const TABLE: Record<string, Record<Status, string>> = {
  consent: {
    requires_input: 'requires_input',
    in_review: 'invalid_state',
    approved: 'invalid_state',
    declined: 'invalid_state',
    canceled: 'invalid_state',
    expired: 'invalid_state',
    revoked: 'invalid_state',
  },
  patch: {
    requires_input: 'requires_input',
    in_review: 'invalid_state',
    approved: 'invalid_state',
    declined: 'invalid_state',
    canceled: 'invalid_state',
    expired: 'invalid_state',
    revoked: 'invalid_state',
  },
  submit: {
    requires_input: 'consent_missing',
    in_review: 'invalid_state',
    approved: 'invalid_state',
    declined: 'invalid_state',
    canceled: 'invalid_state',
    expired: 'invalid_state',
    revoked: 'invalid_state',
  },
  cancel: {
    requires_input: 'canceled',
    in_review: 'canceled',
    approved: 'invalid_state',
    declined: 'invalid_state',
    canceled: 'canceled',
    expired: 'invalid_state',
    revoked: 'invalid_state',
  },
  withdraw: {
    requires_input: 'canceled',
    in_review: 'canceled',
    approved: 'approved',
    declined: 'declined',
    canceled: 'canceled',
    expired: 'expired',
    revoked: 'revoked',
  },
  redact: {
    requires_input: 'canceled',
    in_review: 'canceled',
    approved: 'approved',
    declined: 'declined',
    canceled: 'canceled',
    expired: 'expired',
    revoked: 'revoked',
  },
  revoke: {
    requires_input: 'invalid_state',
    in_review: 'invalid_state',
    approved: 'revoked',
    declined: 'invalid_state',
    canceled: 'invalid_state',
    expired: 'invalid_state',
    revoked: 'revoked',
  },
  token: {
    requires_input: 'requires_input',
    in_review: 'invalid_state',
    approved: 'invalid_state',
    declined: 'invalid_state',
    canceled: 'invalid_state',
    expired: 'invalid_state',
    revoked: 'invalid_state',
  },
  course: {
    requires_input: 'requires_input',
    in_review: 'in_review',
    approved: 'approved',
    declined: 'invalid_state',
    canceled: 'invalid_state',
    expired: 'invalid_state',
    revoked: 'invalid_state',
  },
};

const EVENTS: Record<string, (v: { id: string; token: string }) => Promise<Answer>> = {
  consent: ({ id, token }) => api.consent(id, token),
  patch: ({ id }) =>
    api.platform('PATCH', `/v1/verifications/${id}`, { expected: { full_name: 'Anna Eriksson' } }),
  submit: ({ id, token }) => api.call('POST', `/v1/verifications/${id}/submit`, { token }),
  cancel: ({ id }) => api.platform('POST', `/v1/verifications/${id}/cancel`, {}),
  withdraw: ({ id, token }) => api.call('DELETE', `/v1/verifications/${id}/consent`, { token }),
  redact: ({ id }) => api.platform('POST', `/v1/verifications/${id}/redact`),
  revoke: ({ id }) => api.platform('POST', `/v1/verifications/${id}/revoke`, { reason: 'honor_code' }),
  token: ({ id }) => api.platform('POST', `/v1/verifications/${id}/capture_tokens`),
  course: ({ id }) => api.platform('POST', `/v1/verifications/${id}/courses`, { course_id: 'course-2' }),
};

describe('status × event', () => {
  for (const status of STATUSES)
    it(`in ${status}`, async () => {
      const got: Record<string, string> = {};
      const want: Record<string, string> = {};
      for (const [event, row] of Object.entries(TABLE)) {
        const v = await inStatus(status);
        const { status: http, body } = await EVENTS[event]!(v);
        got[event] = http >= 400 ? (body.code as string) : ((await api.get(v.id)).status as string);
        want[event] = row[status];
      }
      expect(got).toEqual(want);
    }, 120_000);
});

describe('time', () => {
  it('expires an untouched capture after 72 hours, recommends the refund, and forgets', async () => {
    const { id } = await api.create(undefined, { order_ref: 'order-7' });
    await api.platform('POST', '/v1/test/clock', { advance: 'PT71H' });
    expect((await api.get(id)).status).toBe('requires_input');
    await api.platform('POST', '/v1/test/clock', { advance: 'PT2H' });
    const v = await api.until(id, ({ redaction }) => redaction.status === 'done');
    expect(v).toMatchObject({ status: 'expired', purchase: { eligible: false, refund: 'recommended' } });
    expect(v.reasons).toMatchObject([{ code: 'capture_window_lapsed' }]);
  });

  it('ends whatever is open thirty days after it began', async () => {
    const { id } = await api.create();
    await simulate(id, 'in_review');
    await api.platform('POST', '/v1/test/clock', { advance: 'P31D' });
    expect((await api.get(id)).status).toBe('expired');
  });

  it('lets an approval lapse after a year, and a new verification begin', async () => {
    const { id, learner } = await api.create(undefined, { courses: ['c'] });
    await simulate(id, 'approved');
    const again = () =>
      api.platform('POST', '/v1/verifications', {
        learner_ref: learner,
        expected: { full_name: 'Anna Eriksson' },
      });
    expect(await again()).toMatchObject({
      status: 409,
      body: { code: 'verification_exists', verification_id: id },
    });
    await api.platform('POST', '/v1/test/clock', { advance: 'P366D' });
    const eligible = await api.platform('GET', `/v1/eligibility?learner_ref=${learner}&course_id=c`);
    expect(eligible.body).toMatchObject({ eligible: false, reason: 'lapsed', token: null });
    expect((await again()).status).toBe(201);
  });
});

describe('attempts', () => {
  it('gives three, then a person decides', async () => {
    const { id } = await api.create();
    for (const left of [1, 0]) {
      const { body } = await simulate(id, 'requires_input', ['document_blurry']);
      expect(body).toMatchObject({ status: 'requires_input', attempts_left: left });
    }
    const { body } = await simulate(id, 'requires_input', ['document_blurry']);
    expect(body.status).toBe('in_review');
    expect(body.attempts.map(({ outcome }: { outcome: string }) => outcome)).toEqual([
      'resubmission_requested',
      'resubmission_requested',
      null,
    ]);
  });
});

describe('erasure of a person', () => {
  it('leaves a pseudonym and no eligibility', async () => {
    const { id, learner } = await api.create(undefined, { courses: ['c'] });
    await simulate(id, 'approved');
    expect((await api.platform('POST', `/v1/verifications/${id}/redact`)).status).toBe(202);
    const v = await api.until(id, ({ redaction }) => redaction.status === 'done');
    expect(v).toMatchObject({ status: 'approved', purchase: { eligible: false } });
    expect(v.learner_ref).toMatch(/^erased_/);
    const { body } = await api.platform('GET', `/v1/verifications?learner_ref=${learner}`);
    expect(body.data).toEqual([]);
    const eligible = await api.platform('GET', `/v1/eligibility?learner_ref=${learner}&course_id=c`);
    expect(eligible.body).toMatchObject({ eligible: false, reason: 'none' });
  });
});
