import { makeApi, type Api } from '../support/api.js';
import { operate } from '../support/operator.js';
import { startSandbox, type Sandbox } from '../support/sandbox.js';

let sandbox: Sandbox;
let api: Api;
beforeAll(async () => {
  sandbox = await startSandbox();
  api = makeApi(sandbox.info);
}, 180_000);
afterAll(() => sandbox.dispose());

const read = (course: string, query = '', token = sandbox.info.member_api_key) =>
  api.call('GET', `/v1/outcomes?course_id=${encodeURIComponent(course)}${query}`, { token });
const simulate = (id: string, outcome: string) =>
  api.platform('POST', `/v1/test/verifications/${id}/simulate`, { outcome });
const officer = (method: string, url: string, body?: unknown) =>
  api.call(method, url, {
    token: sandbox.info.tokens.privacy_officer,
    ...(body === undefined ? {} : { body }),
  });

let courses = 0;
/** A Member of our own with one course that nobody else has, made as an operator makes it. */
async function member(options: readonly string[] = []) {
  const course = `course-v1:Test+${courses++}`;
  const { body } = await officer('POST', '/v1/recipients', {
    name: 'Test University',
    kind: 'member',
    purposes: ['certificate'],
    agreement_ref: 'file 1',
    agreement_expires_at: new Date(Date.now() + 30 * 24 * 3_600_000).toISOString(),
    safeguards_attested_at: new Date().toISOString(),
  });
  const id = body.id as string;
  const made = await create('--scopes', 'outcomes:read', '--recipient', id, '--courses', course, ...options);
  return { id, course, key: made.printed[0]!['secret']! };
}
const create = (...options: string[]) =>
  operate(sandbox, 'keys', 'create', '--tenant', 'sandbox', ...options);

describe('a Member', () => {
  it('sees who is verified for its course, and when; nothing else', async () => {
    const [course = ''] = sandbox.info.member_course_ids;
    const v = await api.create(undefined, { courses: [course], order_ref: 'order-1' });
    await simulate(v.id, 'approved');
    const { decided_at, submitted_at, valid_until } = await api.get(v.id);
    const { status, body, headers } = await read(course);
    expect(status).toBe(200);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(body).toEqual({
      data: [{ learner_ref: v.learner, status: 'approved', submitted_at, decided_at, valid_until }],
      next_cursor: null,
    });
  });

  it('of the sandbox gives the course of the sample and the demonstration course', () => {
    expect(sandbox.info.member_course_ids).toEqual(
      expect.arrayContaining(['course-v1:edX+DemoX+Demo_Course', 'course-v1:Lethe+Sample+1']),
    );
  });

  it('sees everybody once, page by page, behind cursors that say nothing', async () => {
    const { course, key } = await member();
    const learners: string[] = [];
    const ids: string[] = [];
    for (let i = 0; i < 5; i++) {
      const v = await api.create(undefined, { courses: [course] });
      learners.push(v.learner);
      ids.push(v.id);
    }
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const next: string = cursor === '' ? '' : `&cursor=${cursor}`;
      const { body } = await read(course, `&limit=2${next}`, key);
      seen.push(...body.data.map((row: { learner_ref: string }) => row.learner_ref));
      cursor = body.next_cursor as string | null;
      if (cursor !== null)
        for (const id of ids)
          for (const text of [cursor, Buffer.from(cursor, 'base64url').toString('utf8')])
            expect(text).not.toContain(id.slice(4, 20));
    }
    expect(seen.sort()).toEqual(learners.sort());
    expect((await read(course, '&cursor=nonsense', key)).status).toBe(422);
  });

  it('does not see who was erased', async () => {
    const { course, key } = await member();
    const stays = await api.create(undefined, { courses: [course] });
    const goes = await api.create(undefined, { courses: [course] });
    await api.platform('POST', `/v1/verifications/${goes.id}/redact`);
    const { body } = await read(course, '', key);
    expect(body.data.map((row: { learner_ref: string }) => row.learner_ref)).toEqual([stays.learner]);
  });

  it('does not see another Member’s course, nor anything but outcomes', async () => {
    const { course, key } = await member();
    expect(await read(course)).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    expect(await read('course-v1:Nobody+1', '', key)).toMatchObject({
      status: 403,
      body: { code: 'forbidden' },
    });
    const { id } = await api.create(undefined, { courses: [course] });
    for (const url of [`/v1/verifications/${id}`, '/v1/verifications', '/v1/recipients', '/v1/disclosures'])
      expect((await api.call('GET', url, { token: key })).status).toBe(403);
    // And the platform is no Member.
    expect(await read(course, '', sandbox.info.api_key)).toMatchObject({
      status: 403,
      body: { code: 'forbidden' },
    });
    expect((await api.call('GET', `/v1/outcomes?course_id=x`)).status).toBe(401);
    expect((await api.call('GET', '/v1/outcomes', { token: key })).status).toBe(422);
  });

  it('with a live key does not see test verifications', async () => {
    const { course, key } = await member(['--live']);
    await api.create(undefined, { courses: [course] });
    expect(key).toMatch(/^lk_live_/);
    expect((await read(course, '', key)).body.data).toEqual([]);
  });

  it('gets nothing once its agreement or its safeguards have lapsed', async () => {
    const { id, course, key } = await member();
    for (const [lapsed, mended] of [
      [{ safeguards_attested_at: null }, { safeguards_attested_at: new Date().toISOString() }],
      [{ agreement_expires_at: '2020-01-01T00:00:00Z' }, { agreement_expires_at: '2999-01-01T00:00:00Z' }],
    ]) {
      await officer('PATCH', `/v1/recipients/${id}`, lapsed);
      expect(await read(course, '', key)).toMatchObject({
        status: 403,
        body: { code: 'recipient_not_allowed' },
      });
      await officer('PATCH', `/v1/recipients/${id}`, mended);
      expect((await read(course, '', key)).status).toBe(200);
    }
    await officer('PATCH', `/v1/recipients/${id}`, { ended: true });
    expect((await read(course, '', key)).status).toBe(403);
  });

  it('leaves a line in the register with each reading, and the learner is told', async () => {
    const { id, course, key } = await member();
    const before = await api.create(undefined, { courses: [course] });
    await read(course, '', key);
    await read(course, '&limit=1', key);
    await read('course-v1:Nobody+1', '', key);
    const { body } = await officer('GET', `/v1/disclosures?recipient_id=${id}`);
    expect(body.data).toHaveLength(2);
    for (const line of body.data)
      expect(line).toMatchObject({
        purpose: 'certificate',
        course_id: course,
        verification_id: null,
        people: 1,
        fields: ['learner_ref', 'status', 'submitted_at', 'decided_at', 'valid_until'],
      });
    const after = await api.create(undefined, { courses: [course] });
    const told = async (v: { id: string; token: string }) =>
      (await api.call('GET', `/v1/verifications/${v.id}/capture`, { token: v.token })).body.disclosures;
    expect(await told(before)).toMatchObject([
      { recipient: 'Test University', kind: 'member', purpose: 'certificate', at: body.data[0].at },
    ]);
    expect(await told(after)).toEqual([]);
  });
});

describe('lethe keys create', () => {
  it('binds a Member’s key to a recipient and its courses, and gives it nothing else', async () => {
    const { id } = await member();
    const withMember = ['--recipient', id, '--courses', 'c1'];
    for (const [options, complaint] of [
      [['--scopes', 'outcomes:read'], /--recipient/],
      [['--scopes', 'outcomes:read', '--recipient', id], /--courses/],
      [['--scopes', 'outcomes:read,verifications:read', ...withMember], /no other scope/],
      [['--scopes', 'verifications:read', ...withMember], /go with/],
      [['--scopes', 'everything'], /scopes are/],
    ] as const) {
      const { code, complaint: said } = await create(...options);
      expect({ code, said }).toEqual({ code: 2, said: expect.stringMatching(complaint) });
    }
    const unknown = await create('--scopes', 'outcomes:read', '--recipient', 'rcp_x', '--courses', 'c1');
    expect(unknown).toMatchObject({ code: 1, complaint: 'lethe: recipient_not_allowed\n' });
  });
});
