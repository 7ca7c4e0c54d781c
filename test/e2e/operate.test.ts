import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { makeApi, type Api } from '../support/api.js';
import { lethe } from '../support/command.js';
import { startSandbox, type Sandbox } from '../support/sandbox.js';

let sandbox: Sandbox;
let api: Api;
let scratch: string;
beforeAll(async () => {
  scratch = mkdtempSync(path.join(os.tmpdir(), 'lethe-operate-'));
  sandbox = await startSandbox();
  api = makeApi(sandbox.info);
}, 180_000);
afterAll(async () => {
  await sandbox.dispose();
  rmSync(scratch, { recursive: true, force: true });
});

/** An operator's command on the sandbox of this test. */
const operate = (...args: readonly string[]) => lethe(...args, '--data-dir', sandbox.dataDir);
const advance = (by: string) => api.platform('POST', '/v1/test/clock', { advance: by });
const now = async () => Date.parse((await advance('PT0S')).body.now);
const dayOf = (instant: number) => new Date(instant).toISOString().slice(0, 10);
const DAY = 86_400_000;
const HOUR = DAY / 24;

function policyFile(name: string, more: object = {}): string {
  const file = path.join(scratch, `${name}.json`);
  writeFileSync(
    file,
    JSON.stringify({
      title: `Policy ${name}`,
      summary: 'What we do.',
      purposes: [{ code: 'authenticate', text: 'To authenticate you.' }],
      collects: ['a photo'],
      never_collects: ['payment data'],
      processing_country: 'SE',
      contact: 'privacy@example.org',
      ...more,
    }),
  );
  return file;
}

describe('a changed policy', () => {
  it('is announced at once, binds from its day on, and not those who agreed before', async () => {
    const first = sandbox.info.policy_version;
    const before = await api.create();
    await api.consent(before.id, before.token);
    const effective = dayOf((await now()) + 10 * DAY);
    const published = await operate(
      'policy',
      'publish',
      policyFile('next'),
      '--version',
      'next',
      '--effective',
      effective,
    );
    expect(published).toMatchObject({ code: 0, stderr: '' });

    const announced = (await api.call('GET', '/v1/policy')).body;
    expect(announced).toMatchObject({ version: first, revised_notice: `Revised (${effective})` });
    const early = await api.create();
    expect((await api.consent(early.id, early.token)).status).toBe(200);

    // The window of a case is three days: both are begun anew just before the day comes.
    const hours = Math.floor((Date.parse(`${effective}T00:00:00Z`) - (await now())) / HOUR);
    await advance(`PT${hours - 6}H`);
    const underWay = await api.create();
    await api.consent(underWay.id, underWay.token);
    await advance('P1D');
    expect((await api.call('GET', '/v1/policy')).body).toMatchObject({
      version: 'next',
      revised_notice: `Revised (${effective})`,
    });
    const superseded = await api.create();
    const refused = await api.consent(superseded.id, superseded.token);
    expect([refused.status, refused.body.code]).toEqual([422, 'policy_version_superseded']);
    expect(refused.body.current_version).toBe('next');

    // Who has agreed is under what they agreed to, and goes on.
    const view = await api.call('GET', `/v1/verifications/${underWay.id}/capture`, { token: underWay.token });
    expect(view.body).toMatchObject({
      consent: { policy_version: first },
      notices: { version: first, revised_notice: `Revised (${effective})` },
    });
    const uploaded = await api.upload(underWay.id, underWay.token, { id_front: 'approve' });
    expect(uploaded.status).toBe(200);
    expect((await api.consent(underWay.id, underWay.token, false)).status).toBe(200);

    await advance('P7D');
    expect((await api.call('GET', '/v1/policy')).body).toMatchObject({
      version: 'next',
      revised_notice: null,
    });
  });

  it('cannot be published twice, nor for a day that is over', async () => {
    const file = policyFile('other');
    const today = await now();
    const again = await operate(
      'policy',
      'publish',
      file,
      '--version',
      'next',
      '--effective',
      dayOf(today + DAY),
    );
    expect([again.code, again.stderr]).toEqual([1, 'lethe: version_exists\n']);
    const past = await operate(
      'policy',
      'publish',
      file,
      '--version',
      'past',
      '--effective',
      dayOf(today - DAY),
    );
    expect([past.code, past.stderr]).toEqual([1, 'lethe: effective_in_the_past\n']);
    const listed = await operate('policy', 'list');
    expect(listed.stdout.trim().split('\n')).toHaveLength(2);
  });

  it('named for today binds from now on', async () => {
    const today = await operate(
      'policy',
      'publish',
      policyFile('now'),
      '--version',
      'now',
      '--effective',
      dayOf(await now()),
    );
    expect(today.code).toBe(0);
    await advance('PT1S');
    expect((await api.call('GET', '/v1/policy')).body).toMatchObject({ version: 'now' });
  });
});

describe('an operator', () => {
  it('erases a learner', async () => {
    const { id, learner } = await api.create();
    const { code, stdout } = await operate('erase', '--learner', learner, '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ items: [{ verification_id: id }] });
    await api.until(id, ({ redaction }) => redaction.status === 'done');
    expect((await operate('erase')).code).toBe(2);
    expect((await operate('erase', '--learner', 'x', '--tenant', 'nobody')).code).toBe(1);
  });

  it('sees whether promises are kept, and that the audit holds', async () => {
    await advance('PT20M');
    const report = await operate('compliance', '--json');
    expect(JSON.parse(report.stdout)).toMatchObject({ overdue: [], orphans: [], audit: { ok: true } });
    expect(report.code).toBe(0);
    const audit = await operate('audit', 'verify', '--json');
    expect(JSON.parse(audit.stdout)).toMatchObject({ ok: true });
    expect(audit.code).toBe(0);
  });

  it('verifies a receipt with the keys that the service publishes', async () => {
    const { id } = await api.create();
    await api.platform('POST', `/v1/verifications/${id}/cancel`, {});
    await api.until(id, ({ redaction }) => redaction.status === 'done');
    const { body } = await api.platform('GET', `/v1/verifications/${id}/deletion_receipt`);
    const file = path.join(scratch, 'receipt.json');
    writeFileSync(file, JSON.stringify(body));
    const verified = await lethe('receipt', 'verify', file);
    expect(verified.code).toBe(0);
    expect(JSON.parse(verified.stdout)).toMatchObject({ valid: true, sub: id });
    const jws = body.receipt as string;
    writeFileSync(
      file,
      jws.replace(/\.([A-Za-z0-9_-])/, (_, c: string) => `.${c === 'A' ? 'B' : 'A'}`),
    );
    const forged = await lethe(
      'receipt',
      'verify',
      file,
      '--jwks',
      `${sandbox.info.base_url}/.well-known/jwks.json`,
    );
    expect(forged.code).toBe(1);
  });

  it('rotates a key: both work for a while, and the use of each is noted', async () => {
    const made = await operate('keys', 'create', '--tenant', 'sandbox', '--scopes', 'verifications:read');
    const old = JSON.parse(made.stdout) as { id: string; secret: string };
    const rotated = await operate('keys', 'rotate', old.id, '--overlap', '1');
    const fresh = JSON.parse(rotated.stdout) as { id: string; secret: string };
    for (const { secret } of [old, fresh])
      expect((await api.call('GET', '/v1/verifications', { token: secret })).status).toBe(200);
    const denied = await api.call('POST', '/v1/verifications', { token: fresh.secret, body: {} });
    expect(denied.status).toBe(403);
    const listed = (await operate('keys', 'list', '--tenant', 'sandbox')).stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { id: string; expiresAt: string | null; lastUsedAt: string | null });
    const find = (id: string) => listed.find((key) => key.id === id)!;
    expect(find(old.id).lastUsedAt).not.toBeNull();
    expect(Date.parse(find(old.id).expiresAt!) - Date.now()).toBeLessThanOrEqual(3_600_000);
    expect(find(fresh.id).expiresAt).toBeNull();
    expect((await operate('keys', 'rotate', old.id, '--overlap', '0')).code).toBe(0);
    expect((await api.call('GET', '/v1/verifications', { token: old.secret })).status).toBe(401);
    expect((await operate('keys', 'rotate', old.id)).code).toBe(1);
  });

  it('is told where there is no service to work on', async () => {
    const { code, stderr } = await lethe('compliance', '--data-dir', path.join(scratch, 'nothing'));
    expect([code, stderr]).toEqual([2, 'lethe: --data-dir is invalid\n']);
  });
});
