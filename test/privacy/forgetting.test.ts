import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type pg from 'pg';
import { makeApi, type Api } from '../support/api.js';
import {
  destroyWrappingKey,
  dump,
  filesUnder,
  findInFiles,
  flushToFiles,
  openAll,
  takeAside,
  tilesOf,
  unwrapRow,
  writtenFiles,
  type Aside,
  type Row,
} from '../support/forensics.js';
import { startSandbox, type Sandbox } from '../support/sandbox.js';
import { openDatabase, openRedis } from '../support/stack-access.js';

/** A name that stands nowhere else on this machine. */
const CANARY_NAME = 'Qwyzzelda Vraxholm Tzyphon';
const CANARY_BIRTH = '1937-11-23';
const CANARY_NOTE = 'note-canary-7f3a9c';

let sandbox: Sandbox;
let api: Api;
let database: pg.Client;
let temporary: string;

beforeAll(async () => {
  temporary = mkdtempSync(path.join(os.tmpdir(), 'lethe-tmpdir-'));
  sandbox = await startSandbox({ env: { TMPDIR: temporary } });
  api = makeApi(sandbox.info);
  database = await openDatabase(sandbox.dataDir);
}, 180_000);
afterAll(async () => {
  await database.end();
  await sandbox.dispose();
  rmSync(temporary, { recursive: true, force: true });
});

async function planted() {
  const [front] = (await api.samples()).filter(({ name }) => name === 'approve');
  const mrz = (front as unknown as { mrz: string[] }).mrz;
  return {
    documentNumber: mrz[1]!.slice(0, 9),
    uploads: [await api.sampleImage('approve'), await api.sampleImage('approve_selfie')],
  };
}

const rowsOf = async (table: string, id: string) =>
  (await database.query<Row>(`select * from ${table} where verification_id = $1`, [id])).rows;

const written = () => writtenFiles(sandbox.dataDir, temporary);
const blobDir = () => path.join(sandbox.dataDir, 'blobs');

/** What of it opens with every wrapped key that the live database still holds. */
async function openWithWhatIsHeld(aside: Aside): Promise<Buffer[]> {
  const { rows } = await database.query<Row>('select * from data_keys');
  const opened: Buffer[] = [];
  for (const row of rows) opened.push(...openAll(aside, await unwrapRow(sandbox.dataDir, row)));
  return opened;
}

async function expectNowhereInClear(needles: readonly Buffer[], textNeedles: readonly string[]) {
  await flushToFiles(sandbox.dataDir, database);
  expect(findInFiles(written(), needles)).toEqual([]);
  const text = await dump(database);
  for (const needle of textNeedles) expect(text.includes(needle)).toBe(false);
}

describe('forgetting', () => {
  it('opens everything before the end, and nothing after it; nothing stands in clear at any time', async () => {
    const { documentNumber, uploads } = await planted();
    const { id, decided } = await api.verify('approve', {
      expected: { full_name: CANARY_NAME, date_of_birth: CANARY_BIRTH },
    });
    expect(decided.status).toBe('in_review');
    const texts = [CANARY_NAME, 'Vraxholm', CANARY_BIRTH, CANARY_NOTE, documentNumber];
    const needles = [...texts.map((text) => Buffer.from(text)), ...uploads.flatMap(tilesOf)];

    // The scan itself works: what is put there in clear is found.
    const { rows } = await database.query<Row>('select id from tenants limit 1');
    expect(findInFiles(written(), [Buffer.from(rows[0]!['id'] as string)]).length).toBeGreaterThan(0);

    const before = await takeAside(database, blobDir(), id);
    expect(before.keys).toHaveLength(1);
    expect(before.fields.map((field) => field['name']).sort()).toEqual(['expected', 'extracted']);
    expect(before.blobs).toHaveLength(2);
    const opened = await openWithWhatIsHeld(before);
    expect(opened).toHaveLength(4);
    expect(opened.some((plain) => plain.includes(CANARY_NAME))).toBe(true);
    const images = opened.filter((plain) => plain.subarray(0, 2).equals(Buffer.from([0xff, 0xd8])));
    expect(images).toHaveLength(2);
    const stored = images.flatMap(tilesOf);
    await expectNowhereInClear([...needles, ...stored], texts);

    await api.call('POST', `/v1/reviews/${id}/claim`, { token: sandbox.info.tokens.reviewer });
    await api.call('GET', `/v1/reviews/${id}/images/selfie`, { token: sandbox.info.tokens.reviewer });
    const answer = await api.call('POST', `/v1/reviews/${id}/decision`, {
      token: sandbox.info.tokens.reviewer,
      body: { decision: 'decline', reasons: ['name_mismatch'], note: CANARY_NOTE },
    });
    expect(answer.status).toBe(200);
    await api.until(id, ({ redaction }) => redaction.status === 'done');

    for (const table of ['data_keys', 'sealed_fields', 'blobs', 'evidence', 'progress'])
      expect(await rowsOf(table, id)).toEqual([]);
    expect((await rowsOf('tasks', id)).filter(({ kind }) => kind !== 'forget')).toEqual([]);
    const digests = new Set(before.blobs.map((blob) => blob['digest']));
    for (const file of filesUnder(blobDir()))
      expect(digests.has(createHash('sha256').update(readFileSync(file)).digest('hex'))).toBe(false);
    expect(await openWithWhatIsHeld(before)).toEqual([]);
    await expectNowhereInClear([...needles, ...stored], texts);

    const redis = openRedis(sandbox.dataDir);
    const leftovers = await redis.keys('*t-tsk_*');
    redis.disconnect();
    expect(leftovers).toEqual([]);
  });

  it('is made final for every copy, old dumps included, when the period key goes', async () => {
    const { id } = await api.verify('approve', { expected: { full_name: CANARY_NAME } });
    const aside = await takeAside(database, blobDir(), id);
    await api.platform('POST', `/v1/verifications/${id}/cancel`, {});
    await api.until(id, ({ redaction }) => redaction.status === 'done');
    const [row] = aside.keys;
    const keyFromDump = () => unwrapRow(sandbox.dataDir, row!);
    // An old dump still opens while the period key lives: docs/privacy.md says so, and the receipt names the day by which it ends.
    expect(openAll(aside, await keyFromDump())).toHaveLength(4);
    const { body } = await api.platform('GET', `/v1/verifications/${id}/deletion_receipt`);
    const claims = JSON.parse(Buffer.from(body.receipt.split('.')[1], 'base64url').toString()) as Record<
      string,
      string
    >;
    expect(claims['period']).toBe(row!['key_id']);
    expect(Date.parse(claims['period_key_destroy_not_after']!)).toBeGreaterThan(
      Date.parse(claims['key_unlinked_at']!),
    );
    await destroyWrappingKey(sandbox.dataDir, row!['key_id'] as string);
    await expect(keyFromDump()).rejects.toMatchObject({ code: 'key_destroyed' });
  });
});
