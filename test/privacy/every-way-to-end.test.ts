import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type pg from 'pg';
import { startPostgres } from '../../src/sandbox/embedded/postgres.js';
import { makeApi, type Api } from '../support/api.js';
import {
  copyStack,
  dump,
  findInFiles,
  flushToFiles,
  openWithKeysOf,
  takeAside,
  tilesOf,
  unwrapRow,
  wrappingKeyIds,
  writtenFiles,
  type Aside,
} from '../support/forensics.js';
import { startSandbox, type Sandbox } from '../support/sandbox.js';
import { openDatabase } from '../support/stack-access.js';

/** Stands in every name that is planted and nowhere else on this machine. */
const CANARY = 'Qwyzzelda';
const NOTE = 'note-canary-51b0e7';
const PEOPLE = 200;
/** Every so many people have photographed their document and their face. */
const WITH_IMAGES = 8;

const WAYS = [
  'approve',
  'decline',
  'cancel',
  'expire',
  'withdraw',
  'redact',
  'erase',
  'revoke',
  'hold',
  'age',
] as const;
type Way = (typeof WAYS)[number];

interface Person {
  readonly id: string;
  readonly token: string;
  readonly learner: string;
  readonly way: Way;
  readonly name: string;
  readonly hasImages: boolean;
}

let sandbox: Sandbox;
let api: Api;
let database: pg.Client;
let temporary: string;
let oldCopy: string;

beforeAll(async () => {
  temporary = mkdtempSync(path.join(os.tmpdir(), 'lethe-tmpdir-'));
  oldCopy = path.join(mkdtempSync(path.join(os.tmpdir(), 'lethe-old-')), 'copy');
  sandbox = await startSandbox({ env: { TMPDIR: temporary } });
  api = makeApi(sandbox.info);
}, 180_000);
afterAll(async () => {
  await database?.end();
  await sandbox.dispose();
  rmSync(temporary, { recursive: true, force: true });
  rmSync(path.dirname(oldCopy), { recursive: true, force: true });
});

const officer = (method: string, url: string, body?: unknown) =>
  api.call(method, url, {
    token: sandbox.info.tokens.privacy_officer,
    ...(body === undefined ? {} : { body }),
  });

/** For each of many, a few at a time: the order of their answers does not matter. */
async function forEach<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const left = [...items];
  await Promise.all(
    Array.from({ length: 4 }, async () => {
      for (let item = left.shift(); item !== undefined; item = left.shift()) await work(item);
    }),
  );
}

async function plant(index: number): Promise<Person> {
  const name = `${CANARY} Vrax${index.toString(36)}holm`;
  const learner = api.newLearner();
  const created = await api.platform(
    'POST',
    '/v1/verifications',
    { learner_ref: learner, expected: { full_name: name, date_of_birth: '1937-11-23' } },
    { 'Idempotency-Key': `plant-${index}` },
  );
  const [id, token] = [created.body.id as string, created.body.capture.token as string];
  const hasImages = index % WITH_IMAGES === 0;
  await api.consent(id, token);
  if (hasImages) {
    const answer = await api.upload(id, token, { id_front: 'approve', selfie: 'approve_selfie' });
    if (answer.status !== 200) throw new Error(`upload answered ${answer.status}`);
  }
  return { id, token, learner, way: WAYS[Math.floor(index / WITH_IMAGES) % WAYS.length]!, name, hasImages };
}

const simulate = (id: string, outcome: string) =>
  api.platform('POST', `/v1/test/verifications/${id}/simulate`, { outcome });

async function expectStatus(work: Promise<{ status: number; body: unknown }>, status: number): Promise<void> {
  const answer = await work;
  if (answer.status !== status) throw new Error(`answered ${answer.status}: ${JSON.stringify(answer.body)}`);
}

/** Ends a case as its person's way says; what time ends is left to time. */
async function end({ id, token, learner, way }: Person): Promise<void> {
  const url = `/v1/verifications/${id}`;
  const { tokens } = sandbox.info;
  switch (way) {
    case 'approve':
      return expectStatus(simulate(id, 'approved'), 200);
    case 'decline':
      await expectStatus(simulate(id, 'in_review'), 200);
      await expectStatus(api.call('POST', `/v1/reviews/${id}/claim`, { token: tokens.reviewer }), 200);
      return expectStatus(
        api.call('POST', `/v1/reviews/${id}/decision`, {
          token: tokens.reviewer,
          body: { decision: 'decline', reasons: ['name_mismatch'], note: NOTE },
        }),
        200,
      );
    case 'cancel':
      return expectStatus(api.call('POST', `${url}/cancel`, { token }), 200);
    case 'withdraw':
      return expectStatus(api.call('DELETE', `${url}/consent`, { token }), 200);
    case 'redact':
      return expectStatus(api.platform('POST', `${url}/redact`), 202);
    case 'erase':
      return expectStatus(officer('POST', '/v1/erasure_requests', { learner_ref: learner }), 202);
    case 'revoke':
      await expectStatus(simulate(id, 'approved'), 200);
      return expectStatus(api.platform('POST', `${url}/revoke`, { reason: 'honor_code' }), 200);
    case 'age':
      // Waits for a reviewer who never comes.
      return expectStatus(simulate(id, 'in_review'), 200);
    case 'expire':
    case 'hold':
      return;
  }
}

async function untilForgotten(people: readonly Person[]): Promise<void> {
  for (const { id, way } of people)
    await api
      .until(id, ({ redaction }) => redaction.status === 'done')
      .catch((error: unknown) => {
        throw new Error(`${way}: ${String(error)}`);
      });
}

const texts = [CANARY, '1937-11-23', NOTE];

async function expectNowhereInClear(needles: readonly Buffer[]): Promise<void> {
  await flushToFiles(sandbox.dataDir, database);
  const files = writtenFiles(sandbox.dataDir, temporary);
  expect(files.length).toBeGreaterThan(100);
  expect(findInFiles(files, needles)).toEqual([]);
  const text = await dump(database);
  for (const needle of texts) expect(text.includes(needle)).toBe(false);
}

describe('two hundred people, ended in every way', () => {
  it('are found sealed and open before; after the end of their period nothing opens, in old copies either', async () => {
    const people: Person[] = [];
    await forEach(
      Array.from({ length: PEOPLE }, (_, index) => index),
      async (index) => void people.push(await plant(index)),
    );
    const withImages = people.filter(({ hasImages }) => hasImages);
    expect(new Set(withImages.map(({ way }) => way)).size).toBe(WAYS.length);
    const held = people.filter(({ way }) => way === 'hold');
    const holds: string[] = [];
    for (const { id, token } of held) {
      const { body, status } = await officer('POST', '/v1/legal_holds', {
        verification_id: id,
        authority: 'Court of Somewhere',
        reference: 'K 1/26',
        expires_at: new Date(Date.now() + 300 * 86_400_000).toISOString(),
        notice: 'forbidden',
      });
      expect(status).toBe(201);
      holds.push(body.id as string);
      const approved = await api.call('POST', `/v1/legal_holds/${body.id as string}/approve`, {
        token: sandbox.info.tokens.privacy_officer_2,
      });
      expect(approved.status).toBe(200);
      await api.call('POST', `/v1/verifications/${id}/cancel`, { token });
    }

    // What an attacker takes away on this day: database with its write-ahead log, objects, queue, keys.
    await sandbox.stop();
    copyStack(sandbox.dataDir, oldCopy);
    await sandbox.restart();
    database = await openDatabase(sandbox.dataDir);

    // The control: all of it is there, sealed, and opens with the keys of this day.
    const before = await takeAside(database, path.join(sandbox.dataDir, 'blobs'));
    expect(before.keys).toHaveLength(PEOPLE);
    expect(before.fields).toHaveLength(PEOPLE);
    expect(before.blobs).toHaveLength(2 * withImages.length);
    const opened = await openWithKeysOf(sandbox.dataDir, before);
    expect(opened).toHaveLength(PEOPLE + 2 * withImages.length);
    const names = new Set(
      opened.map((plain) => plain.toString('latin1')).filter((plain) => plain.includes(CANARY)),
    );
    expect(names.size).toBe(PEOPLE);
    const images = opened.filter((plain) => plain[0] === 0xff && plain[1] === 0xd8);
    expect(images).toHaveLength(2 * withImages.length);
    const uploads = [await api.sampleImage('approve'), await api.sampleImage('approve_selfie')];
    const needles = [
      ...texts.map((text) => Buffer.from(text)),
      ...[...uploads, images[0]!, images[1]!].flatMap(tilesOf),
    ];
    await expectNowhereInClear(needles);

    await forEach(people, end);
    const soon: readonly Way[] = ['approve', 'decline', 'cancel', 'withdraw', 'redact', 'erase', 'revoke'];
    await untilForgotten(people.filter(({ way }) => soon.includes(way)));
    await api.platform('POST', '/v1/test/clock', { advance: 'PT73H' });
    await untilForgotten(people.filter(({ way }) => way === 'expire'));
    await api.platform('POST', '/v1/test/clock', { advance: 'P29D' });
    await untilForgotten(people.filter(({ way }) => way === 'age'));
    const still = await takeAside(database, path.join(sandbox.dataDir, 'blobs'));
    expect(still.keys.map((row) => row['verification_id']).sort()).toEqual(held.map(({ id }) => id).sort());
    expect(await openWithKeysOf(sandbox.dataDir, still)).toHaveLength(
      held.length + 2 * held.filter(({ hasImages }) => hasImages).length,
    );
    for (const hold of holds)
      expect((await officer('POST', `/v1/legal_holds/${hold}/release`)).status).toBe(200);
    await untilForgotten(held);
    await api.platform('POST', '/v1/test/clock', { advance: 'PT1H' });

    // Every one of them has it in writing that no copy can be opened.
    for (const { id, way } of people) {
      const { body } = await api.platform('GET', `/v1/verifications/${id}/deletion_receipt`);
      const claims = JSON.parse(Buffer.from(body.receipt.split('.')[1], 'base64url').toString()) as Record<
        string,
        unknown
      >;
      expect({ way, version: claims['receipt_version'] }).toEqual({ way, version: 2 });
      expect(claims['unrecoverable_since']).toBeTruthy();
    }

    // Nothing is left in the running stack.
    for (const table of ['data_keys', 'sealed_fields', 'blobs', 'evidence', 'progress', 'key_uses'])
      expect([table, (await database.query(`select * from ${table}`)).rowCount]).toEqual([table, 0]);
    await expectNowhereInClear(needles);

    // The old copy, brought up beside the keys of today.
    const restored = await startPostgres({ dataDir: oldCopy, onExit: () => undefined });
    try {
      const old = await openDatabase(oldCopy);
      const aside: Aside = await takeAside(old, path.join(oldCopy, 'blobs'));
      expect(aside.keys).toHaveLength(PEOPLE);
      expect(aside.blobs.filter(({ bytes }) => bytes)).toHaveLength(2 * withImages.length);
      // It is whole: with the keys of that day all of it opens.
      expect(await openWithKeysOf(oldCopy, aside)).toHaveLength(PEOPLE + 2 * withImages.length);
      expect(await openWithKeysOf(sandbox.dataDir, aside)).toEqual([]);
      for (const row of aside.keys) {
        await expect(unwrapRow(sandbox.dataDir, row)).rejects.toMatchObject({ code: 'key_destroyed' });
        for (const keyId of await wrappingKeyIds(sandbox.dataDir))
          await expect(unwrapRow(sandbox.dataDir, { ...row, key_id: keyId })).rejects.toMatchObject({
            code: 'key_rejected',
          });
      }
      // The digests of requests do not tell a name either: their keys hang on the same period.
      const { rows: days } = await old.query<{ day: string; wrapped: Buffer }>(
        'select day::text, wrapped from idempotency_days',
      );
      expect(days.length).toBeGreaterThan(0);
      for (const { day, wrapped } of days)
        await expect(
          unwrapRow(sandbox.dataDir, {
            key_id: day,
            wrapped,
            tenant_id: 'idempotency',
            verification_id: 'idempotency',
            epoch: 0,
          }),
        ).rejects.toMatchObject({ code: 'key_destroyed' });
      await old.end();
    } finally {
      await restored.stop();
    }
    const oldFiles = writtenFiles(oldCopy).filter((file) => !file.startsWith(path.join(oldCopy, 'keys')));
    expect(findInFiles(oldFiles, needles)).toEqual([]);
  }, 600_000);
});
