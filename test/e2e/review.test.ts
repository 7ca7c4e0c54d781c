import sharp from 'sharp';
import { makeApi, type Api } from '../support/api.js';
import { startSandbox, type Sandbox } from '../support/sandbox.js';

let sandbox: Sandbox;
let api: Api;
beforeAll(async () => {
  sandbox = await startSandbox();
  api = makeApi(sandbox.info);
}, 180_000);
afterAll(() => sandbox.dispose());

type Role = 'reviewer' | 'reviewer_2';
const review = (
  role: Role,
  method: string,
  url: string,
  body?: unknown,
  headers: Record<string, string> = {},
) =>
  api.call(method, `/v1/reviews${url}`, {
    token: sandbox.info.tokens[role],
    headers,
    ...(body === undefined ? {} : { body }),
  });
const toReview = () => api.verify('approve', { expected: { full_name: 'Somebody Else' } });

describe('a person’s way in', () => {
  it('shows expected beside extracted to whoever looks, and images to the holder of the lease alone', async () => {
    const { id } = await toReview();
    const { body } = await review('reviewer', 'GET', `/${id}`);
    expect(body).toMatchObject({
      status: 'open',
      expected: { full_name: 'Somebody Else' },
      document_type: 'TD3',
      images: ['id_front', 'selfie'],
    });
    expect(body.extracted.surname).toMatch(/^[A-Z ]+$/);
    expect(body.name_explanation.length).toBeGreaterThan(0);
    expect(body.checks.find(({ name }: { name: string }) => name === 'face_match')).toMatchObject({
      outcome: 'pass',
    });

    expect(await review('reviewer', 'GET', `/${id}/images/id_front`)).toMatchObject({
      status: 403,
      body: { code: 'lease_required' },
    });
    expect((await review('reviewer', 'POST', `/${id}/claim`)).body).toMatchObject({
      status: 'claimed',
      claimed_by: 'reviewer',
    });
    expect(await review('reviewer_2', 'POST', `/${id}/claim`)).toMatchObject({
      status: 409,
      body: { code: 'already_claimed' },
    });
    expect((await review('reviewer_2', 'GET', `/${id}/images/id_front`)).status).toBe(403);
    const image = await review('reviewer', 'GET', `/${id}/images/id_front`);
    expect(image.status).toBe(200);
    expect(image.headers.get('cache-control')).toBe('no-store');
    expect((await sharp(image.bytes).metadata()).format).toBe('jpeg');
    expect((await review('reviewer', 'GET', `/${id}/images/id_back`)).status).toBe(404);
  });

  it('approves; the case is forgotten and its images answer 410', async () => {
    const { id } = await toReview();
    await review('reviewer', 'POST', `/${id}/claim`);
    const decided = await review('reviewer', 'POST', `/${id}/decision`, {
      decision: 'approve',
      note: 'seen a deed poll',
    });
    expect(decided.body).toMatchObject({ status: 'decided', decision: 'approve' });
    const v = await api.until(id, ({ redaction }) => redaction.status === 'done');
    expect(v).toMatchObject({ status: 'approved', purchase: { eligible: true } });
    expect(await review('reviewer', 'GET', `/${id}/images/selfie`)).toMatchObject({
      status: 410,
      body: { code: 'erased' },
    });
    expect((await review('reviewer', 'GET', `/${id}`)).body).toMatchObject({
      expected: null,
      extracted: null,
      images: [],
    });
  });

  it('declines with reasons, and asks again', async () => {
    const declined = await toReview();
    await review('reviewer', 'POST', `/${declined.id}/claim`);
    expect(
      (await review('reviewer', 'POST', `/${declined.id}/decision`, { decision: 'decline' })).status,
    ).toBe(422);
    expect(
      (
        await review('reviewer', 'POST', `/${declined.id}/decision`, {
          decision: 'decline',
          reasons: ['because'],
        })
      ).status,
    ).toBe(422);
    await review('reviewer', 'POST', `/${declined.id}/decision`, {
      decision: 'decline',
      reasons: ['name_mismatch'],
    });
    expect(await api.get(declined.id)).toMatchObject({
      status: 'declined',
      reasons: [{ code: 'name_mismatch' }],
    });

    const again = await toReview();
    await review('reviewer', 'POST', `/${again.id}/claim`);
    await review('reviewer', 'POST', `/${again.id}/decision`, {
      decision: 'request_resubmission',
      reasons: ['selfie_low_quality'],
    });
    const v = await api.get(again.id);
    expect(v).toMatchObject({ status: 'requires_input', attempt: 2, received: ['id_front'] });
    await api.upload(again.id, again.token, { selfie: 'approve_selfie' });
    expect(
      (await api.call('POST', `/v1/verifications/${again.id}/submit`, { token: again.token })).status,
    ).toBe(202);
    await api.until(again.id, ({ status }) => status === 'in_review');
  });

  it('two reviewers deciding at once: one wins, the other gets 403, 409 or 412', async () => {
    const { id } = await toReview();
    const claims = await Promise.all([
      review('reviewer', 'POST', `/${id}/claim`),
      review('reviewer_2', 'POST', `/${id}/claim`),
    ]);
    expect(claims.map(({ status }) => status).sort()).toEqual([200, 409]);
    const decisions = await Promise.all([
      review('reviewer', 'POST', `/${id}/decision`, { decision: 'approve' }),
      review('reviewer_2', 'POST', `/${id}/decision`, { decision: 'decline', reasons: ['name_mismatch'] }),
    ]);
    expect(decisions.filter(({ status }) => status === 200)).toHaveLength(1);
  });

  it('the same decision sent twice counts once; a stale one is refused', async () => {
    const { id } = await toReview();
    await review('reviewer', 'POST', `/${id}/claim`);
    expect(
      await review('reviewer', 'POST', `/${id}/decision`, { decision: 'approve' }, { 'If-Match': '"1"' }),
    ).toMatchObject({ status: 412 });
    const both = await Promise.all(
      [1, 2].map(() => review('reviewer', 'POST', `/${id}/decision`, { decision: 'approve' })),
    );
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
  });

  it('lists open cases oldest first, in pages', async () => {
    const ids = [(await toReview()).id, (await toReview()).id];
    const { body } = await review('reviewer', 'GET', '?status=open&limit=100');
    const listed = body.data
      .map(({ verification_id }: { verification_id: string }) => verification_id)
      .filter((id: string) => ids.includes(id));
    expect(listed).toEqual(ids);
    await review('reviewer', 'POST', `/${ids[0]!}/claim`);
    const claimed = await review('reviewer', 'GET', '?status=claimed');
    expect(
      claimed.body.data.map(({ verification_id }: { verification_id: string }) => verification_id),
    ).toContain(ids[0]);
    expect((await review('reviewer', 'POST', `/${ids[0]!}/release`)).body.status).toBe('open');
    expect((await review('reviewer', 'GET', '?limit=1')).body.next_cursor).not.toBeNull();
  });
});
