import { unzipSync } from 'fflate';
import { makeApi, type Api } from '../support/api.js';
import { startSandbox, type Sandbox } from '../support/sandbox.js';

let sandbox: Sandbox;
let api: Api;
beforeAll(async () => {
  sandbox = await startSandbox();
  api = makeApi(sandbox.info);
}, 180_000);
afterAll(() => sandbox.dispose());

const staff = (who: keyof Sandbox['info']['tokens'], method: string, url: string, body?: unknown) =>
  api.call(method, url, { token: sandbox.info.tokens[who], ...(body === undefined ? {} : { body }) });
const officer = (method: string, url: string, body?: unknown) => staff('privacy_officer', method, url, body);

const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();
const hold = (on: object, more: object = {}) =>
  officer('POST', '/v1/legal_holds', {
    authority: 'Court of Somewhere',
    reference: 'K 1/26',
    expires_at: inDays(60),
    notice: 'allowed',
    ...on,
    ...more,
  });
const capture = (id: string, token: string) => api.call('GET', `/v1/verifications/${id}/capture`, { token });
const done = (id: string) => api.until(id, ({ redaction }) => redaction.status === 'done');
const claimsOf = (jws: string) =>
  JSON.parse(Buffer.from(jws.split('.')[1]!, 'base64url').toString()) as Record<string, unknown>;

describe('a legal hold', () => {
  it('suspends at once, is approved by another person, and ends with the deletion', async () => {
    const { id, token } = await api.create();
    const placed = await hold({ verification_id: id });
    expect(placed.status).toBe(201);
    expect(placed.body).toMatchObject({
      status: 'pending_approval',
      requested_by: 'privacy_officer',
      items: [{ verification_id: id, content: 'preserved' }],
    });
    expect(Date.parse(placed.body.suspends_until) - Date.now()).toBeLessThanOrEqual(72 * 3_600_000);
    const holdId = placed.body.id as string;

    const refused = await api.platform('POST', `/v1/verifications/${id}/redact`);
    expect([refused.status, refused.body.code]).toEqual([409, 'legal_hold']);
    const withdrawn = await api.call('DELETE', `/v1/verifications/${id}/consent`, { token });
    expect(withdrawn.body).toMatchObject({ status: 'canceled', redaction: { status: 'held' } });

    const alone = await officer('POST', `/v1/legal_holds/${holdId}/approve`);
    expect([alone.status, alone.body.code]).toEqual([403, 'second_person_required']);
    const approved = await staff('privacy_officer_2', 'POST', `/v1/legal_holds/${holdId}/approve`);
    expect(approved.body).toMatchObject({ status: 'active', approved_by: 'privacy_officer_2' });
    const again = await staff('privacy_officer_2', 'POST', `/v1/legal_holds/${holdId}/approve`);
    expect([again.status, again.body.code]).toEqual([409, 'invalid_state']);

    const listed = await staff('auditor', 'GET', '/v1/legal_holds?live=true');
    expect(listed.body.data.map((each: { id: string }) => each.id)).toContain(holdId);
    const released = await officer('POST', `/v1/legal_holds/${holdId}/release`);
    expect(released.body).toMatchObject({ status: 'released', ended_by: 'staff:privacy_officer' });
    await done(id);
  });

  it('that may not be told of looks like a deletion that is scheduled, to everybody but staff', async () => {
    const { id, token, learner } = await api.create();
    const before = await api.platform('GET', `/v1/verifications/${id}`);
    const placed = await hold({ learner_ref: learner }, { notice: 'forbidden' });
    const after = await api.platform('GET', `/v1/verifications/${id}`);
    expect(after.body).toEqual(before.body);
    expect(after.headers.get('etag')).toBe(before.headers.get('etag'));

    const redacted = await api.platform('POST', `/v1/verifications/${id}/redact`);
    expect(redacted.status).toBe(202);
    expect(redacted.body).toMatchObject({ status: 'canceled', redaction: { status: 'scheduled' } });
    expect(redacted.body.learner_ref).toMatch(/^erased_/);
    expect((await capture(id, token)).body.redaction.status).toBe('scheduled');
    const eligibility = await api.platform('GET', `/v1/eligibility?learner_ref=${learner}&course_id=c`);
    expect(eligibility.body).toMatchObject({ eligible: false, reason: 'none' });
    // A person's own data, which an officer may hand out, says nothing either.
    const data = await officer('GET', `/v1/learners/${learner}/data`);
    expect(data.body.verifications).toMatchObject([
      { record: { id, redaction: { status: 'scheduled' } }, held: {}, images: [] },
    ]);
    expect(JSON.stringify(data.body)).not.toContain('forbidden');

    await officer('POST', `/v1/legal_holds/${placed.body.id as string}/release`);
    await done(id);
  });

  it('is for the privacy officer; another role, or nobody, is refused', async () => {
    const { id } = await api.create();
    for (const who of ['reviewer', 'senior_reviewer', 'auditor'] as const) {
      const answer = await staff(who, 'POST', '/v1/legal_holds', {
        verification_id: id,
        authority: 'x',
        reference: 'y',
        expires_at: inDays(1),
        notice: 'allowed',
      });
      expect(answer.status).toBe(403);
    }
    expect((await api.platform('GET', '/v1/legal_holds')).status).toBe(403);
    expect((await api.call('GET', '/v1/legal_holds')).status).toBe(401);
    expect((await officer('GET', '/v1/legal_holds/hld_00000000000000000000000000')).status).toBe(404);
  });

  it.each([
    ['neither a verification nor a learner', {}],
    ['both of them', { verification_id: 'ver_x', learner_ref: 'l' }],
    ['an end in the past', { learner_ref: 'l', expires_at: inDays(-1) }],
    ['an unknown field', { learner_ref: 'l', name: 'Anna' }],
  ])('is refused with %s', async (_, body) => {
    expect((await hold(body)).status).toBe(422);
  });
});

describe('a request for erasure', () => {
  it('erases all verifications of a learner, and tells of each', async () => {
    const first = await api.create();
    await api.platform('POST', `/v1/test/verifications/${first.id}/simulate`, { outcome: 'approved' });
    await done(first.id);
    const request = await officer('POST', '/v1/erasure_requests', { learner_ref: first.learner });
    expect(request.status).toBe(202);
    expect(request.body.items).toEqual([{ verification_id: first.id, outcome: 'erased' }]);
    expect(request.body.status).toBe('done');
    const v = await api.get(first.id);
    expect(v).toMatchObject({ status: 'approved', purchase: { eligible: false } });
    expect(v.learner_ref).toMatch(/^erased_/);

    const open = await api.create();
    const second = await officer('POST', '/v1/erasure_requests', { learner_ref: open.learner });
    expect(second.body.items).toMatchObject([{ verification_id: open.id }]);
    expect(Date.parse(second.body.deadline)).toBeGreaterThan(Date.now());
    await done(open.id);
    const looked = await staff('auditor', 'GET', `/v1/erasure_requests/${second.body.id as string}`);
    expect(looked.body).toMatchObject({ status: 'done', items: [{ outcome: 'erased' }] });
    expect(JSON.stringify(looked.body)).not.toContain(open.learner);
  });

  it('of somebody who is not known is done at once', async () => {
    const request = await officer('POST', '/v1/erasure_requests', { learner_ref: 'never-seen' });
    expect(request.body).toMatchObject({ status: 'done', items: [] });
  });

  it('says what a hold keeps, and goes on when the hold ends', async () => {
    const { id, learner } = await api.create();
    const placed = await hold({ verification_id: id });
    const request = await officer('POST', '/v1/erasure_requests', { learner_ref: learner });
    expect(request.body).toMatchObject({ status: 'held', items: [{ verification_id: id, outcome: 'held' }] });
    await officer('POST', `/v1/legal_holds/${placed.body.id as string}/release`);
    await done(id);
    const looked = await officer('GET', `/v1/erasure_requests/${request.body.id as string}`);
    expect(looked.body).toMatchObject({ status: 'done' });
  });
});

describe('the export of a person’s data', () => {
  it('holds all that is held, the images too, and is on record', async () => {
    const { id, learner } = await api.verify('approve', { expected: { full_name: 'Quite Another Name' } });
    const { body } = await officer('GET', `/v1/learners/${learner}/data`);
    expect(body).toMatchObject({ learner_ref: learner, tenant: sandbox.info.tenant });
    expect(body.purposes.length).toBeGreaterThan(0);
    expect(body.retention.map(({ kind }: { kind: string }) => kind)).toContain('image');
    const [held] = body.verifications;
    expect(held.record.id).toBe(id);
    expect(held.held.expected.full_name).toBe('Quite Another Name');
    expect(held.held.extracted.surname).toBeTruthy();
    expect(held.images.map(({ slot }: { slot: string }) => slot).sort()).toEqual(['id_front', 'selfie']);
    expect(held.consents).toHaveLength(1);

    const zip = await officer('GET', `/v1/learners/${learner}/data?format=zip`);
    expect(zip.headers.get('content-type')).toBe('application/zip');
    expect(zip.headers.get('cache-control')).toBe('no-store');
    const files = unzipSync(zip.bytes);
    expect(Object.keys(files).sort()).toEqual([
      'data.json',
      `images/${id}/id_front.jpg`,
      `images/${id}/selfie.jpg`,
    ]);
    expect([...files[`images/${id}/selfie.jpg`]!.subarray(0, 2)]).toEqual([0xff, 0xd8]);

    const trail = await officer('GET', `/v1/audit?subject=${id}`);
    const exports = trail.body.data.filter(({ action }: { action: string }) => action === 'data.exported');
    expect(exports.map(({ detail }: { detail: object }) => detail)).toEqual([
      { images: false },
      { images: true },
    ]);

    await api.platform('POST', `/v1/verifications/${id}/cancel`, {});
    await done(id);
    const after = (await officer('GET', `/v1/learners/${learner}/data`)).body.verifications[0];
    expect(after).toMatchObject({ held: {}, images: [] });
    expect(after.deletion_receipts).toHaveLength(1);
    expect(after.retention_ends.map(({ kind }: { kind: string }) => kind).sort()).toEqual([
      'audit',
      'check',
      'deletion_receipt',
      'record',
    ]);
  });

  it('is not for reviewers, and empty for somebody who is not known', async () => {
    expect((await staff('reviewer', 'GET', '/v1/learners/x/data')).status).toBe(403);
    expect((await officer('GET', '/v1/learners/never-seen/data')).body.verifications).toEqual([]);
    expect((await officer('GET', '/v1/learners/x/data?tenant=ten_other')).status).toBe(404);
  });
});

describe('an appeal', () => {
  const decline = async (sample: string, reviewer: 'reviewer' | 'reviewer_2') => {
    const { id, token } = await api.verify(sample, { expected: { full_name: 'Quite Another Name' } });
    await staff(reviewer, 'POST', `/v1/reviews/${id}/claim`);
    const decision = { decision: 'decline', reasons: ['name_mismatch'] };
    expect((await staff(reviewer, 'POST', `/v1/reviews/${id}/decision`, decision)).status).toBe(200);
    await done(id);
    return { id, token };
  };

  it('is decided by another person, without a face model, with the statement before them', async () => {
    const { id, token } = await decline('approve', 'reviewer');
    const expected = { full_name: 'Quite Another Name' };
    const appealed = await api.platform('POST', `/v1/verifications/${id}/appeal`, {
      expected,
      statement: 'I married last year.',
    });
    expect(appealed.status).toBe(200);
    expect(appealed.body).toMatchObject({ status: 'requires_input', method: 'manual', attempt: 1 });
    const fresh = appealed.body.capture.token as string;
    expect((await capture(id, token)).status).toBe(401);

    await api.upload(id, fresh, { id_front: 'approve', selfie: 'approve_selfie' });
    await api.call('POST', `/v1/verifications/${id}/submit`, { token: fresh });
    const decided = await api.until(id, ({ status }) => status !== 'processing');
    expect(decided.status).toBe('in_review');
    const same = await staff('reviewer', 'POST', `/v1/reviews/${id}/claim`);
    expect([same.status, same.body.code]).toEqual([403, 'second_person_required']);
    const other = await staff('reviewer_2', 'POST', `/v1/reviews/${id}/claim`);
    expect(other.body).toMatchObject({ appeal_statement: 'I married last year.', expected });
    await staff('reviewer_2', 'POST', `/v1/reviews/${id}/decision`, { decision: 'approve' });
    await done(id);
    const { body } = await api.platform('GET', `/v1/verifications/${id}/deletion_receipt`);
    expect(body.receipts.map((jws: string) => claimsOf(jws)['epoch'])).toEqual([2, 1]);
    const second = await api.platform('POST', `/v1/verifications/${id}/appeal`, { expected });
    expect([second.status, second.body.code]).toEqual([409, 'invalid_state']);
  });
});

describe('the compliance report', () => {
  it('is clean where promises are kept, and names what is late', async () => {
    await api.platform('POST', '/v1/test/clock', { advance: 'PT1S' });
    const { body } = await staff('auditor', 'GET', '/v1/compliance');
    expect(body).toMatchObject({ orphans: [], audit: { ok: true } });
    expect(body.audit.length).toBeGreaterThan(0);
    expect(body.retention_schedule.length).toBeGreaterThan(10);
    expect(body.overdue.filter(({ kind }: { kind: string }) => kind !== 'hold_ends_soon')).toEqual([]);
    const { id } = await api.create();
    const placed = await hold({ verification_id: id }, { expires_at: inDays(3) });
    const warned = await officer('GET', '/v1/compliance');
    expect(warned.body.overdue).toContainEqual(
      expect.objectContaining({ kind: 'hold_ends_soon', id: placed.body.id as string }),
    );
    expect((await staff('reviewer', 'GET', '/v1/compliance')).status).toBe(403);
  });
});

describe('thirty-two days later', () => {
  it('the key of the period is gone, and a second receipt says since when', async () => {
    const { id } = await api.create();
    await api.platform('POST', `/v1/verifications/${id}/cancel`, {});
    await done(id);
    const receipts = async () =>
      (await api.platform('GET', `/v1/verifications/${id}/deletion_receipt`)).body.receipts as string[];
    const [first] = await receipts();
    expect(claimsOf(first!)).toMatchObject({ receipt_version: 1 });
    await api.platform('POST', '/v1/test/clock', { advance: 'P32D' });
    const [final, earlier] = await receipts();
    expect(earlier).toBe(first);
    expect(claimsOf(final!)).toMatchObject({ receipt_version: 2, period: claimsOf(first!)['period'] });
    expect(claimsOf(final!)['unrecoverable_since']).toBeTruthy();
    const { body } = await officer('GET', '/v1/compliance');
    expect(body.overdue).toEqual([]);
  });
});
