import sharp from 'sharp';
import { makeApi, type Api } from '../support/api.js';
import { operate, staffToken } from '../support/operator.js';
import { openDatabase } from '../support/stack-access.js';
import { startSandbox, type Sandbox } from '../support/sandbox.js';

let sandbox: Sandbox;
let api: Api;
beforeAll(async () => {
  sandbox = await startSandbox();
  api = makeApi(sandbox.info);
}, 180_000);
afterAll(() => sandbox.dispose());

type Role = keyof Sandbox['info']['tokens'];
const as = (role: Role, method: string, url: string, body?: unknown, headers: Record<string, string> = {}) =>
  api.call(method, url, {
    token: sandbox.info.tokens[role],
    headers,
    ...(body === undefined ? {} : { body }),
  });
const officer = (method: string, url: string, body?: unknown, headers?: Record<string, string>) =>
  as('privacy_officer', method, url, body, headers);

const DAY = 24 * 3_600_000;
const inDays = (days: number) => new Date(Date.now() + days * DAY).toISOString();

const TERMS = {
  agreement_ref: 'file 7',
  agreement_expires_at: inDays(3_000),
  safeguards_attested_at: inDays(0),
};
const KIND_OF: Readonly<Record<string, string>> = {
  authenticate: 'processor',
  support: 'processor',
  certificate: 'member',
  refund: 'processor',
  honor_code: 'member',
  legal_process: 'authority',
  research: 'member',
};

/** Registers a recipient for one purpose; its id. */
async function recipientFor(purpose: string, terms: object = {}): Promise<string> {
  const { status, body } = await officer('POST', '/v1/recipients', {
    name: `Recipient for ${purpose}`,
    kind: KIND_OF[purpose],
    purposes: [purpose],
    ...TERMS,
    ...terms,
  });
  expect(status).toBe(201);
  return body.id as string;
}

const disclose = (body: object, headers?: Record<string, string>) =>
  officer('POST', '/v1/disclosures', body, headers);
/** A verification that a person has to look at: documents, pictures and name are on hand. */
const inReview = () => api.verify('approve', { expected: { full_name: 'Somebody Else' } });
const capture = async (v: { id: string; token: string }) =>
  (await api.call('GET', `/v1/verifications/${v.id}/capture`, { token: v.token })).body;

describe('recipients', () => {
  it('are registered, seen by auditors, renewed and ended', async () => {
    const created = await officer('POST', '/v1/recipients', {
      name: 'Example University',
      kind: 'member',
      purposes: ['certificate', 'honor_code'],
      ...TERMS,
      safeguards_attested_at: null,
    });
    expect(created).toMatchObject({
      status: 201,
      body: { status: 'lapsed', lapse: 'safeguards_unattested', tenant: sandbox.info.tenant, ended_at: null },
    });
    const { id } = created.body as { id: string };
    expect(id).toMatch(/^rcp_[0-9a-hjkmnp-tv-z]{26}$/);
    const seen = await as('auditor', 'GET', `/v1/recipients/${id}`);
    expect(seen.body).toEqual(created.body);

    const etag = seen.headers.get('etag') ?? '';
    const attested = await officer(
      'PATCH',
      `/v1/recipients/${id}`,
      { safeguards_attested_at: inDays(0) },
      { 'If-Match': etag },
    );
    expect(attested).toMatchObject({ status: 200, body: { status: 'active', lapse: null } });
    expect(
      await officer('PATCH', `/v1/recipients/${id}`, { agreement_ref: 'file 8' }, { 'If-Match': etag }),
    ).toMatchObject({ status: 412 });
    expect(
      (await officer('PATCH', `/v1/recipients/${id}`, { purposes: ['certificate'] })).body.purposes,
    ).toEqual(['certificate']);
    expect((await officer('PATCH', `/v1/recipients/${id}`, { ended: true })).body).toMatchObject({
      status: 'ended',
      lapse: 'ended',
    });
    expect(await officer('PATCH', `/v1/recipients/${id}`, { agreement_ref: 'file 9' })).toMatchObject({
      status: 409,
      body: { code: 'invalid_state' },
    });
    const { body: list } = await as('auditor', 'GET', '/v1/recipients?limit=1');
    expect(list.data.map((each: { id: string }) => each.id)).toEqual([id]);
    expect(list.next_cursor).not.toBeNull();
  });

  it.each([
    [
      'a purpose that its kind has no business with',
      { kind: 'authority', purposes: ['certificate'] },
      '/purposes/0',
    ],
    ['a second one', { kind: 'member', purposes: ['certificate', 'legal_process'] }, '/purposes/1'],
    ['a purpose that does not exist', { purposes: ['marketing'] }, '/purposes/0'],
    ['no purpose', { purposes: [] }, '/purposes'],
    ['a kind that does not exist', { kind: 'advertiser' }, '/kind'],
    ['tomorrow’s attestation', { safeguards_attested_at: inDays(1) }, '/safeguards_attested_at'],
    ['an unknown field', { email: 'a@b.c' }, '/email'],
  ])('are not registered with %s', async (_what, wrong, pointer) => {
    const { status, body } = await officer('POST', '/v1/recipients', {
      name: 'X',
      kind: 'member',
      purposes: ['certificate'],
      ...TERMS,
      ...wrong,
    });
    expect(status).toBe(422);
    expect(body.errors.map((error: { pointer: string }) => error.pointer)).toContain(pointer);
  });

  it('are registered once by a repeated call', async () => {
    const body = { name: 'Twice', kind: 'member', purposes: ['certificate'], ...TERMS };
    const first = await officer('POST', '/v1/recipients', body, { 'Idempotency-Key': 'twice' });
    const second = await officer('POST', '/v1/recipients', body, { 'Idempotency-Key': 'twice' });
    expect(second.body.id).toBe(first.body.id);
  });

  it('are the privacy officer’s to write, the auditor’s to read, and nobody else’s', async () => {
    const body = { name: 'X', kind: 'member', purposes: ['certificate'], ...TERMS };
    for (const role of ['auditor', 'reviewer', 'senior_reviewer'] as const)
      expect((await as(role, 'POST', '/v1/recipients', body)).status).toBe(403);
    expect((await as('reviewer', 'GET', '/v1/recipients')).status).toBe(403);
    expect((await as('reviewer', 'GET', '/v1/disclosures')).status).toBe(403);
    expect((await as('auditor', 'POST', '/v1/disclosures', {})).status).toBe(403);
    expect((await api.platform('GET', '/v1/recipients')).status).toBe(403);
  });
});

describe('tenants', () => {
  it('do not see each other’s recipients and verifications, and who has several says which is meant', async () => {
    const other = (await operate(sandbox, 'tenants', 'create', 'other')).printed[0]!['id']!;
    const roles = ['privacy_officer', 'auditor'];
    const stranger = await staffToken(sandbox, { sub: 'stranger', roles, tenants: [other] });
    const both = await staffToken(sandbox, { sub: 'both', roles, tenants: [sandbox.info.tenant, other] });
    const ours = await recipientFor('certificate');
    const v = await api.create();

    expect((await api.call('GET', `/v1/recipients/${ours}`, { token: stranger })).status).toBe(404);
    expect((await api.call('GET', '/v1/recipients', { token: stranger })).body.data).toEqual([]);
    expect((await api.call('GET', '/v1/disclosures', { token: stranger })).body.data).toEqual([]);
    const asked = { verification_id: v.id, recipient_id: ours, purpose: 'certificate', fields: ['status'] };
    expect((await api.call('POST', '/v1/disclosures', { token: stranger, body: asked })).status).toBe(404);

    const body = { name: 'Theirs', kind: 'member', purposes: ['certificate'], ...TERMS };
    expect(await api.call('POST', '/v1/recipients', { token: both, body })).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: 'tenant' }] },
    });
    const theirs = await api.call('POST', `/v1/recipients?tenant=${other}`, { token: both, body });
    expect(theirs).toMatchObject({ status: 201, body: { tenant: other } });
    expect((await officer('GET', `/v1/recipients?tenant=${other}`)).status).toBe(404);
    expect((await api.call('GET', `/v1/recipients?tenant=${other}`, { token: both })).body.data).toHaveLength(
      1,
    );
    // One tenant's recipient is nobody to another.
    expect(await disclose({ ...asked, recipient_id: theirs.body.id })).toMatchObject({
      status: 403,
      body: { code: 'recipient_not_allowed' },
    });
  });
});

describe('a disclosure', () => {
  it('keeps to the table that the policy publishes, cell by cell', async () => {
    const { body: policy } = await api.call('GET', '/v1/policy');
    const table = policy.disclosures as { purpose: string; fields: string[] }[];
    const fields = [...new Set(table.flatMap((row) => row.fields))];
    expect(fields.length).toBeGreaterThan(15);
    const { id } = await inReview();
    for (const { purpose, fields: allowed } of table) {
      const recipient_id = await recipientFor(purpose);
      for (const field of fields) {
        const { status, body } = await disclose({
          verification_id: id,
          recipient_id,
          purpose,
          fields: [field],
          legal_basis: 'court order 12/26',
        });
        const said = { purpose, field, status, code: body.code, pointer: body.errors?.[0].pointer };
        expect(said).toEqual(
          allowed.includes(field)
            ? { purpose, field, status: 201, code: undefined, pointer: undefined }
            : { purpose, field, status: 403, code: 'field_not_allowed', pointer: '/fields/0' },
        );
        if (status === 201) expect(Object.keys(body.values)).toEqual([field]);
      }
    }
  }, 120_000);

  it('refuses the whole where one field is not allowed, an unknown one among them, and says which', async () => {
    const { id } = await api.create();
    const recipient_id = await recipientFor('certificate');
    const answer = await disclose({
      verification_id: id,
      recipient_id,
      purpose: 'certificate',
      fields: ['status', 'expected_name', 'learner_ref', 'email'],
    });
    expect(answer).toMatchObject({
      status: 403,
      body: { code: 'field_not_allowed', errors: [{ pointer: '/fields/1' }, { pointer: '/fields/3' }] },
    });
    expect((await officer('GET', `/v1/disclosures?verification_id=${id}`)).body.data).toEqual([]);
  });

  it('gives what is held, once; the register keeps the names of it, and the learner is told', async () => {
    const v = await inReview();
    const recipient_id = await recipientFor('legal_process');
    const fields = [
      'status',
      'checks',
      'expected_name',
      'document:surname',
      'image:id_front',
      'image:id_back',
    ];
    const body = {
      verification_id: v.id,
      recipient_id,
      purpose: 'legal_process',
      fields,
      legal_basis: 'court order 12/26',
      notify_learner: true,
    };
    const given = await disclose(body, { 'Idempotency-Key': 'order-12' });
    expect(given).toMatchObject({
      status: 201,
      body: { fields, erased: [], learner_notice: 'given', people: 1, disclosed_by: 'staff:privacy_officer' },
    });
    expect(given.headers.get('cache-control')).toBe('no-store');
    const { values } = given.body;
    expect(values).toMatchObject({
      status: 'in_review',
      expected_name: 'Somebody Else',
      'image:id_back': null,
    });
    expect(values['document:surname']).toMatch(/^[A-Z ]+$/);
    for (const check of values.checks) expect(Object.keys(check).sort()).toEqual(['name', 'outcome']);
    expect(values['image:id_front'].type).toBe('image/jpeg');
    const picture = Buffer.from(values['image:id_front'].base64, 'base64');
    expect((await sharp(picture).metadata()).format).toBe('jpeg');

    const repeated = await disclose(body, { 'Idempotency-Key': 'order-12' });
    expect(repeated).toMatchObject({ status: 201, body: { id: given.body.id } });
    expect(repeated.body).not.toHaveProperty('values');

    const { body: register } = await as('auditor', 'GET', `/v1/disclosures?verification_id=${v.id}`);
    expect(register.data).toHaveLength(1);
    expect(register.data[0]).toMatchObject({ id: given.body.id, recipient_id, kind: 'authority', fields });
    expect(JSON.stringify(register)).not.toContain('Somebody');

    expect((await capture(v)).disclosures).toEqual([
      {
        recipient: 'Recipient for legal_process',
        kind: 'authority',
        purpose: 'legal_process',
        fields,
        at: given.body.at,
      },
    ]);
    const { body: trail } = await as('auditor', 'GET', `/v1/audit?subject=${v.id}&limit=100`);
    expect(trail.data.filter(({ action }: { action: string }) => action === 'disclosed')).toMatchObject([
      { actor: 'staff:privacy_officer', detail: { disclosure: given.body.id, fields } },
    ]);
  });

  it('shows third parties the reasons that the learner is told, not those for reviewers', async () => {
    const { id } = await api.create();
    await api.platform('POST', `/v1/test/verifications/${id}/simulate`, {
      outcome: 'declined',
      reasons: ['presentation_attack_suspected', 'capture_injection_suspected'],
    });
    const recipient_id = await recipientFor('honor_code');
    const { body } = await disclose({
      verification_id: id,
      recipient_id,
      purpose: 'honor_code',
      fields: ['status', 'reasons'],
    });
    expect(body.values).toEqual({ status: 'declined', reasons: ['could_not_verify'] });
  });

  it('answers 410 where all that is asked for of the identity is erased, and still gives the record', async () => {
    const v = await api.create();
    await api.platform('POST', `/v1/test/verifications/${v.id}/simulate`, { outcome: 'approved' });
    await api.until(v.id, ({ redaction }) => redaction.status === 'done');
    const recipient_id = await recipientFor('legal_process');
    const order = { verification_id: v.id, recipient_id, purpose: 'legal_process', legal_basis: 'order 13' };
    expect(await disclose({ ...order, fields: ['status', 'expected_name', 'image:selfie'] })).toMatchObject({
      status: 410,
      body: {
        code: 'erased',
        errors: [
          { pointer: '/fields/1', code: 'erased' },
          { pointer: '/fields/2', code: 'erased' },
        ],
      },
    });
    expect((await capture(v)).disclosures).toEqual([]);
    const { body } = await disclose({ ...order, fields: ['status', 'learner_ref', 'consent'] });
    expect(body.values).toEqual({ status: 'approved', learner_ref: v.learner, consent: null });
  });

  it.each([
    ['expired', { agreement_expires_at: inDays(-1) }, 'agreement_expired'],
    ['unattested', { safeguards_attested_at: null }, 'safeguards_unattested'],
    ['attested too long ago', { safeguards_attested_at: inDays(-366) }, 'attestation_too_old'],
  ])('is not made to a recipient that is %s', async (_what, terms, code) => {
    const { id } = await api.create();
    const recipient_id = await recipientFor('certificate', terms);
    const asked = { verification_id: id, recipient_id, purpose: 'certificate', fields: ['status'] };
    expect(await disclose(asked)).toMatchObject({
      status: 403,
      body: { code: 'recipient_not_allowed', errors: [{ pointer: '/recipient_id', code }] },
    });
    await officer('PATCH', `/v1/recipients/${recipient_id}`, TERMS);
    expect((await disclose(asked)).status).toBe(201);
    await officer('PATCH', `/v1/recipients/${recipient_id}`, { ended: true });
    expect(await disclose(asked)).toMatchObject({ status: 403, body: { code: 'recipient_not_allowed' } });
  });

  it.each([
    ['nobody has registered', 'rcp_00000000000000000000000000', 'certificate'],
    ['is registered for something else', null, 'honor_code'],
    ['is registered for nothing of the kind', null, 'marketing'],
  ])('is not made to one that %s', async (_what, unknown, purpose) => {
    const { id } = await api.create();
    const recipient_id = unknown ?? (await recipientFor('certificate'));
    expect(await disclose({ verification_id: id, recipient_id, purpose, fields: ['status'] })).toMatchObject({
      status: 403,
      body: { code: 'recipient_not_allowed' },
    });
  });

  it('is made to an authority on a stated ground only', async () => {
    const { id } = await api.create();
    const recipient_id = await recipientFor('legal_process');
    const asked = { verification_id: id, recipient_id, purpose: 'legal_process', fields: ['status'] };
    expect(await disclose(asked)).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/legal_basis', code: 'required' }] },
    });
    expect((await disclose({ ...asked, legal_basis: ' ' })).status).toBe(422);
    expect((await disclose({ ...asked, legal_basis: 'order 14' })).status).toBe(201);
  });

  it('tells the learner, whether or not the officer would, but not while a hold forbids it', async () => {
    const v = await inReview();
    const recipient_id = await recipientFor('legal_process');
    const asked = {
      verification_id: v.id,
      recipient_id,
      purpose: 'legal_process',
      fields: ['expected_name'],
    };
    const told = await disclose({ ...asked, legal_basis: 'order 15', notify_learner: false });
    expect(told).toMatchObject({ status: 201, body: { learner_notice: 'given' } });

    const { body: hold } = await officer('POST', '/v1/legal_holds', {
      verification_id: v.id,
      authority: 'District Court',
      reference: '15/26',
      expires_at: inDays(30),
      notice: 'forbidden',
    });
    // Before a second person stands for it, a hold is no ground by itself.
    expect((await disclose(asked)).status).toBe(422);
    await as('privacy_officer_2', 'POST', `/v1/legal_holds/${hold.id}/approve`);
    expect(await disclose({ ...asked, notify_learner: true })).toMatchObject({
      status: 409,
      body: { code: 'notice_forbidden' },
    });
    const silent = await disclose(asked);
    expect(silent).toMatchObject({ status: 201, body: { learner_notice: 'withheld' } });
    const seen = async () => (await capture(v)).disclosures.map(({ at }: { at: string }) => at);
    expect(await seen()).toEqual([told.body.at]);

    await officer('POST', `/v1/legal_holds/${hold.id}/release`);
    expect(await seen()).toEqual([silent.body.at, told.body.at]);
  });

  it('gives under a hold what would have been erased', async () => {
    const v = await inReview();
    const { body: hold } = await officer('POST', '/v1/legal_holds', {
      verification_id: v.id,
      authority: 'District Court',
      reference: '16/26',
      expires_at: inDays(30),
      notice: 'allowed',
    });
    await as('privacy_officer_2', 'POST', `/v1/legal_holds/${hold.id}/approve`);
    await api.platform('POST', `/v1/verifications/${v.id}/cancel`, {});
    const recipient_id = await recipientFor('legal_process');
    const { status, body } = await disclose({
      verification_id: v.id,
      recipient_id,
      purpose: 'legal_process',
      fields: ['status', 'expected_name'],
    });
    expect(status).toBe(201);
    expect(body.values).toEqual({ status: 'canceled', expected_name: 'Somebody Else' });
  });

  it('of an unknown verification is not found', async () => {
    const recipient_id = await recipientFor('certificate');
    expect(
      await disclose({
        verification_id: 'ver_00000000000000000000000000',
        recipient_id,
        purpose: 'certificate',
        fields: ['status'],
      }),
    ).toMatchObject({ status: 404 });
  });
});

describe('the register', () => {
  it('pages newest first, by recipient, and is exported as a whole', async () => {
    const recipient_id = await recipientFor('refund', { name: '=HYPERLINK("x"),"y"' });
    const made: string[] = [];
    for (let i = 0; i < 3; i++) {
      const { id } = await api.create();
      const { body } = await disclose({
        verification_id: id,
        recipient_id,
        purpose: 'refund',
        fields: ['status', 'order_ref'],
      });
      made.unshift(body.id as string);
    }
    const first = (await officer('GET', `/v1/disclosures?recipient_id=${recipient_id}&limit=2`)).body;
    const second = (
      await officer('GET', `/v1/disclosures?recipient_id=${recipient_id}&limit=2&cursor=${first.next_cursor}`)
    ).body;
    const ids = [...first.data, ...second.data].map(({ id }: { id: string }) => id);
    expect(ids).toEqual(made);
    expect(second.next_cursor).toBeNull();

    const { headers, bytes } = await as(
      'auditor',
      'GET',
      `/v1/disclosures?recipient_id=${recipient_id}&format=csv`,
    );
    expect(headers.get('content-type')).toMatch(/^text\/csv/);
    const [head, ...lines] = bytes.toString('utf8').trimEnd().split('\r\n');
    expect(head).toMatch(/^"id","at","tenant"/);
    expect(lines).toHaveLength(3);
    for (const [index, line] of lines.entries()) {
      expect(line).toContain(`"${made[index]}"`);
      expect(line).toContain('"status order_ref"');
      // No formula, whatever a recipient calls itself.
      expect(line).toContain(`"'=HYPERLINK(""x""),""y"""`);
    }
  });
});

describe('a long register', () => {
  it('is exported whole, and to somebody who leaves in the middle without harm', async () => {
    const recipient_id = await recipientFor('certificate');
    const database = await openDatabase(sandbox.dataDir);
    await database.query(
      `insert into disclosures
        select 'dsc_' || lpad(i::text, 26, '0'), $1, false, $2, 'certificate', '{status}', '{}', null, 'course', 1, null, 'given', 'api_key:x', now()
        from generate_series(1, 1500) i`,
      [sandbox.info.tenant, recipient_id],
    );
    await database.end();
    const url = `/v1/disclosures?recipient_id=${recipient_id}&format=csv`;
    const { bytes } = await as('auditor', 'GET', url);
    const ids = bytes
      .toString('utf8')
      .trimEnd()
      .split('\r\n')
      .slice(1)
      .map((line) => line.split(',')[0]);
    expect(new Set(ids).size).toBe(1_500);
    expect(ids).toEqual([...ids].sort().reverse());

    const leaving = new AbortController();
    const response = await fetch(sandbox.info.base_url + url, {
      headers: { Authorization: `Bearer ${sandbox.info.tokens.auditor}` },
      signal: leaving.signal,
    });
    leaving.abort();
    await expect(response.text()).rejects.toThrow();
    expect((await as('auditor', 'GET', '/v1/disclosures?limit=1')).status).toBe(200);
  });
});

// Last, for it moves everybody's clock.
describe('a year later', () => {
  it('safeguards have to be attested anew', async () => {
    const recipient_id = await recipientFor('certificate');
    await api.platform('POST', '/v1/test/clock', { advance: 'P366D' });
    const { id } = await api.create();
    const asked = { verification_id: id, recipient_id, purpose: 'certificate', fields: ['status'] };
    expect(await disclose(asked)).toMatchObject({
      status: 403,
      body: { errors: [{ code: 'attestation_too_old' }] },
    });
    await officer('PATCH', `/v1/recipients/${recipient_id}`, { safeguards_attested_at: inDays(366) });
    expect((await disclose(asked)).status).toBe(201);
  });
});
