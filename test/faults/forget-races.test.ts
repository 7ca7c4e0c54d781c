import { readdirSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import type pg from 'pg';
import { makeApi, type Answer, type Api } from '../support/api.js';
import { startSandbox, type Sandbox } from '../support/sandbox.js';
import { openDatabase } from '../support/stack-access.js';

let sandbox: Sandbox;
let api: Api;
let database: pg.Client;
beforeAll(async () => {
  sandbox = await startSandbox();
  api = makeApi(sandbox.info);
  database = await openDatabase(sandbox.dataDir);
}, 180_000);
afterAll(async () => {
  await database.end();
  await sandbox.dispose();
});

interface Case {
  readonly id: string;
  readonly token: string;
  readonly learner: string;
}

const staff = (who: keyof Sandbox['info']['tokens'], method: string, url: string, body?: unknown) =>
  api.call(method, url, { token: sandbox.info.tokens[who], ...(body === undefined ? {} : { body }) });

/** What ends a case, and what others may be doing with it at that very moment. */
const ENDS = ['cancel', 'withdraw', 'redact', 'erase', 'approve'] as const;
const OTHERS = [
  'upload front',
  'upload selfie',
  'take back',
  'submit',
  'review',
  'look',
  'decide',
  'export',
  'hold and release',
  'disclose nothing',
  'renew',
] as const;

async function run(
  { id, token, learner }: Case,
  what: (typeof ENDS)[number] | (typeof OTHERS)[number],
): Promise<Answer> {
  const url = `/v1/verifications/${id}`;
  switch (what) {
    case 'cancel':
      return api.platform('POST', `${url}/cancel`, {});
    case 'withdraw':
      return api.call('DELETE', `${url}/consent`, { token });
    case 'redact':
      return api.platform('POST', `${url}/redact`);
    case 'erase':
      return staff('privacy_officer', 'POST', '/v1/erasure_requests', { learner_ref: learner });
    case 'approve':
      return api.platform('POST', `/v1/test/verifications/${id}/simulate`, { outcome: 'approved' });
    case 'upload front':
      return api.upload(id, token, { id_front: 'approve' });
    case 'upload selfie':
      return api.upload(id, token, { selfie: 'approve_selfie' });
    case 'take back':
      return api.call('DELETE', `${url}/images/selfie`, { token });
    case 'submit':
      return api.call('POST', `${url}/submit`, { token });
    case 'review':
      await api.platform('POST', `/v1/test/verifications/${id}/simulate`, { outcome: 'in_review' });
      return staff('reviewer', 'POST', `/v1/reviews/${id}/claim`);
    case 'look':
      return staff('reviewer', 'GET', `/v1/reviews/${id}/images/id_front`);
    case 'decide':
      return staff('reviewer', 'POST', `/v1/reviews/${id}/decision`, {
        decision: 'request_resubmission',
        reasons: ['document_blurry'],
        note: 'once more',
      });
    case 'export':
      return staff('privacy_officer', 'GET', `/v1/learners/${learner}/data?format=zip`);
    case 'hold and release': {
      const placed = await staff('privacy_officer', 'POST', '/v1/legal_holds', {
        verification_id: id,
        authority: 'Court',
        reference: '1',
        expires_at: new Date(Date.now() + 86_400_000).toISOString(),
        notice: 'forbidden',
      });
      return placed.status === 201
        ? staff('privacy_officer', 'POST', `/v1/legal_holds/${placed.body.id as string}/release`)
        : placed;
    }
    case 'disclose nothing':
      return api.platform('GET', url);
    case 'renew':
      return api.platform('POST', `${url}/capture_tokens`);
  }
}

describe('forgetting', () => {
  it('always ends done, whatever comes at the same moment, and nothing comes back', async () => {
    const [ends, courses] = [
      fc.constantFrom(...ENDS),
      fc.shuffledSubarray([...OTHERS], { minLength: 3, maxLength: 6 }),
    ];
    const plans = fc.sample(fc.tuple(ends, courses), { numRuns: 36, seed: 20_261_128 });
    const cases: Case[] = [];
    for (const [end, others] of plans) {
      const created = await api.create();
      cases.push(created);
      await api.consent(created.id, created.token);
      await api.upload(created.id, created.token, { id_front: 'approve', selfie: 'approve_selfie' });
      const answers = await Promise.all([...others, end].map((what) => run(created, what)));
      const failed = answers.map(({ status, body }, index) => ({
        what: [...others, end][index],
        status,
        body,
      }));
      expect(failed.filter(({ status }) => status >= 500)).toEqual([]);
      // Whatever won: it is over now, if it was not before.
      await run(created, 'redact');
    }
    for (const { id } of cases) await api.until(id, ({ redaction }) => redaction.status === 'done');
    // Uploads that lost leave a row that the sweep erases once more after their own time limit.
    await api.platform('POST', '/v1/test/clock', { advance: 'PT30M' });

    const ids = cases.map(({ id }) => id);
    for (const table of ['data_keys', 'sealed_fields', 'blobs', 'evidence', 'progress']) {
      const { rows } = await database.query(
        `select verification_id from ${table} where verification_id = any($1)`,
        [ids],
      );
      expect({ table, rows }).toEqual({ table, rows: [] });
    }
    const objects = readdirSync(path.join(sandbox.dataDir, 'blobs'), {
      recursive: true,
      withFileTypes: true,
    });
    expect(objects.filter((entry) => entry.isFile()).map(({ name }) => name)).toEqual([]);
    const { body } = await staff('auditor', 'GET', '/v1/compliance');
    expect(body).toMatchObject({ overdue: [], orphans: [], audit: { ok: true } });
  }, 300_000);
});
