import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type pg from 'pg';
import { makeAesGcmSealer } from '../../src/adapters/aes-gcm-sealer.js';
import { makeLocalKeyProvider } from '../../src/adapters/local-key-provider.js';
import { makeApi, type Api } from '../support/api.js';
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

const filesUnder = (dir: string): string[] =>
  readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));

/** Everything that the stack writes; the samples are the project's own pictures and names, and the programs of Postgres no data. */
function writtenFiles(): string[] {
  const own = [
    path.join(sandbox.dataDir, 'samples') + path.sep,
    path.join(sandbox.dataDir, 'postgres', 'native'),
  ];
  return [...filesUnder(sandbox.dataDir), ...filesUnder(temporary)].filter(
    (file) => !own.some((prefix) => file.startsWith(prefix)),
  );
}

/** Files in which one of the needles stands in clear, or in one of the usual encodings. */
function findInFiles(needles: readonly Buffer[]): string[] {
  const encoded = needles.flatMap((needle) => [
    needle,
    Buffer.from(needle.toString('hex')),
    // Base64 of a text depends on where it begins; the middle of it, at each of three offsets, does not.
    ...[0, 1, 2].map((skip) => {
      const usable = needle.subarray(skip, skip + Math.floor((needle.length - skip) / 3) * 3);
      return Buffer.from(usable.toString('base64'));
    }),
  ]);
  return writtenFiles().filter((file) => {
    let bytes: Buffer;
    try {
      bytes = readFileSync(file);
    } catch {
      return false;
    }
    return encoded.some((needle) => needle.length > 0 && bytes.includes(needle));
  });
}

/** Every row of every table as text, as a dump shows it. */
async function dump(): Promise<string> {
  const { rows: tables } = await database.query<{ tablename: string }>(
    "select tablename from pg_tables where schemaname = 'public'",
  );
  const parts: string[] = [];
  for (const { tablename } of tables) {
    const { rows } = await database.query<{ row: string }>(
      `select to_json(t)::text as row from "${tablename}" t`,
    );
    parts.push(...rows.map(({ row }) => row));
  }
  return parts.join('\n');
}

/** Tiles of a picture's entropy-coded part: long enough to stand nowhere by chance. */
const tilesOf = (image: Buffer) =>
  [0.3, 0.5, 0.7].map((at) =>
    image.subarray(Math.floor(image.length * at), Math.floor(image.length * at) + 48),
  );

async function planted() {
  const [front] = (await api.samples()).filter(({ name }) => name === 'approve');
  const mrz = (front as unknown as { mrz: string[] }).mrz;
  return {
    documentNumber: mrz[1]!.slice(0, 9),
    uploads: [await api.sampleImage('approve'), await api.sampleImage('approve_selfie')],
  };
}

interface Row {
  [column: string]: unknown;
}
const rowsOf = async (table: string, id: string) =>
  (await database.query<Row>(`select * from ${table} where verification_id = $1`, [id])).rows;

/** Takes aside everything that could open the case: ciphertexts, salts, wrapped keys. */
async function takeAside(id: string) {
  const keys = await rowsOf('data_keys', id);
  const fields = await rowsOf('sealed_fields', id);
  const blobs = await rowsOf('blobs', id);
  const stored = new Map(
    filesUnder(path.join(sandbox.dataDir, 'blobs')).map((file) => {
      const bytes = readFileSync(file);
      return [createHash('sha256').update(bytes).digest('hex'), bytes] as const;
    }),
  );
  return {
    keys,
    fields,
    blobs: blobs.map((blob) => ({ ...blob, bytes: stored.get(blob['digest'] as string) })),
  };
}
type Aside = Awaited<ReturnType<typeof takeAside>>;

const provider = () => makeLocalKeyProvider({ directory: path.join(sandbox.dataDir, 'keys') });

/** Tries a data key on every ciphertext that was taken aside; what opens. */
function openAll(aside: Aside, dataKey: Uint8Array): Buffer[] {
  const sealer = makeAesGcmSealer();
  const opened: Buffer[] = [];
  const attempt = (row: Row, purpose: string, bytes: Uint8Array | undefined) => {
    if (!bytes) return;
    try {
      const context = {
        tenantId: row['tenant_id'] as string,
        verificationId: row['verification_id'] as string,
        epoch: row['epoch'] as number,
        purpose,
        recordId: row['id'] as string,
      };
      opened.push(Buffer.from(sealer.open(dataKey, context, row['salt'] as Buffer, bytes)));
    } catch {
      // Not with this key.
    }
  };
  for (const field of aside.fields)
    attempt(field, `field:${field['name'] as string}`, field['sealed'] as Buffer);
  for (const blob of aside.blobs as Row[])
    attempt(blob, `blob:${blob['slot'] as string}`, blob['bytes'] as Buffer | undefined);
  return opened;
}

/** What of it opens with every wrapped key that the live database still holds. */
async function openWithWhatIsHeld(aside: Aside): Promise<Buffer[]> {
  const { rows } = await database.query<Row>('select * from data_keys');
  const opened: Buffer[] = [];
  for (const row of rows) {
    const binding = {
      tenantId: row['tenant_id'] as string,
      verificationId: row['verification_id'] as string,
      epoch: row['epoch'] as number,
    };
    opened.push(
      ...openAll(
        aside,
        await provider().unwrap(row['period_id'] as string, row['wrapped'] as Buffer, binding),
      ),
    );
  }
  return opened;
}

/** Postgres writes its pages at a checkpoint; what is only in memory would escape a look at the files. */
async function flushToFiles() {
  await database.query('checkpoint');
  const redis = openRedis(sandbox.dataDir);
  await redis.bgsave().catch(() => undefined);
  redis.disconnect();
}

async function expectNowhereInClear(needles: readonly Buffer[], textNeedles: readonly string[]) {
  await flushToFiles();
  expect(findInFiles(needles)).toEqual([]);
  const text = await dump();
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
    expect(findInFiles([Buffer.from(rows[0]!['id'] as string)]).length).toBeGreaterThan(0);

    const before = await takeAside(id);
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
    const digests = new Set(before.blobs.map((blob) => (blob as Row)['digest']));
    for (const file of filesUnder(path.join(sandbox.dataDir, 'blobs')))
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
    const aside = await takeAside(id);
    await api.platform('POST', `/v1/verifications/${id}/cancel`, {});
    await api.until(id, ({ redaction }) => redaction.status === 'done');
    const [row] = aside.keys;
    const binding = { tenantId: row!['tenant_id'] as string, verificationId: id, epoch: 1 };
    const keyFromDump = () =>
      provider().unwrap(row!['period_id'] as string, row!['wrapped'] as Buffer, binding);
    // An old dump still opens while the period key lives: docs/privacy.md says so, and the receipt names the day by which it ends.
    expect(openAll(aside, await keyFromDump())).toHaveLength(4);
    const { body } = await api.platform('GET', `/v1/verifications/${id}/deletion_receipt`);
    const claims = JSON.parse(Buffer.from(body.receipt.split('.')[1], 'base64url').toString()) as Record<
      string,
      string
    >;
    expect(claims['period']).toBe(row!['period_id']);
    expect(Date.parse(claims['period_key_destroy_not_after']!)).toBeGreaterThan(
      Date.parse(claims['key_unlinked_at']!),
    );
    await provider().destroyPeriod(row!['period_id'] as string);
    await expect(keyFromDump()).rejects.toMatchObject({ code: 'key_destroyed' });
  });
});
