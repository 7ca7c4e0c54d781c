import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type pg from 'pg';
import { makeAesGcmSealer } from '../../src/adapters/aes-gcm-sealer.js';
import { makeLocalKeyProvider } from '../../src/adapters/local-key-provider.js';
import { openRedis } from './stack-access.js';

/** What someone with a copy of everything that the stack writes would try. */

export interface Row {
  readonly [column: string]: unknown;
}

export const filesUnder = (dir: string): string[] =>
  readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));

/** Everything that a stack writes; the samples are the project's own pictures and names, and the programs of Postgres no data. */
export function writtenFiles(dataDir: string, ...others: readonly string[]): string[] {
  const own = [path.join(dataDir, 'samples') + path.sep, path.join(dataDir, 'postgres', 'native')];
  return [dataDir, ...others]
    .flatMap(filesUnder)
    .filter((file) => !own.some((prefix) => file.startsWith(prefix)));
}

/** Files in which one of the needles stands in clear, or in one of the usual encodings. */
export function findInFiles(files: readonly string[], needles: readonly Buffer[]): string[] {
  const encoded = needles.flatMap((needle) => [
    needle,
    Buffer.from(needle.toString('hex')),
    // Base64 of a text depends on where it begins; the middle of it, at each of three offsets, does not.
    ...[0, 1, 2].map((skip) => {
      const usable = needle.subarray(skip, skip + Math.floor((needle.length - skip) / 3) * 3);
      return Buffer.from(usable.toString('base64'));
    }),
  ]);
  return files.filter((file) => {
    let bytes: Buffer;
    try {
      bytes = readFileSync(file);
    } catch {
      // Gone meanwhile.
      return false;
    }
    return encoded.some((needle) => needle.length > 0 && bytes.includes(needle));
  });
}

/** Tiles of a picture's entropy-coded part: long enough to stand nowhere by chance. */
export const tilesOf = (image: Buffer): Buffer[] =>
  [0.3, 0.5, 0.7].map((at) =>
    image.subarray(Math.floor(image.length * at), Math.floor(image.length * at) + 48),
  );

/** Every row of every table as text, as a dump shows it. */
export async function dump(database: pg.Client): Promise<string> {
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

/** Postgres writes its pages at a checkpoint; what is only in memory would escape a look at the files. */
export async function flushToFiles(dataDir: string, database: pg.Client): Promise<void> {
  await database.query('checkpoint');
  const redis = openRedis(dataDir);
  await redis.bgsave().catch(() => undefined);
  redis.disconnect();
}

/** A copy of a stack that is not running, with owners and times. */
export function copyStack(dataDir: string, to: string): void {
  execFileSync('cp', ['-a', dataDir, to]);
}

/** All that could open a person: ciphertexts, salts, wrapped keys. */
export interface Aside {
  readonly keys: readonly Row[];
  readonly fields: readonly Row[];
  readonly blobs: readonly (Row & { readonly bytes: Buffer | undefined })[];
}

/** Takes it out of a database and a folder of objects; of one verification, or of all. */
export async function takeAside(
  database: pg.Client,
  blobDir: string,
  verificationId?: string,
): Promise<Aside> {
  const rowsOf = async (table: string) =>
    verificationId === undefined
      ? (await database.query<Row>(`select * from ${table}`)).rows
      : (await database.query<Row>(`select * from ${table} where verification_id = $1`, [verificationId]))
          .rows;
  const stored = new Map(
    filesUnder(blobDir).map((file) => {
      const bytes = readFileSync(file);
      return [createHash('sha256').update(bytes).digest('hex'), bytes] as const;
    }),
  );
  return {
    keys: await rowsOf('data_keys'),
    fields: await rowsOf('sealed_fields'),
    blobs: (await rowsOf('blobs')).map((blob) => ({ ...blob, bytes: stored.get(blob['digest'] as string) })),
  };
}

/** Tries a data key on every ciphertext that was taken aside; what opens. */
export function openAll(aside: Aside, dataKey: Uint8Array): Buffer[] {
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
    attempt(field, `field:${(field['name'] as string).split('~')[0]}`, field['sealed'] as Buffer);
  for (const blob of aside.blobs) attempt(blob, `blob:${blob['slot'] as string}`, blob.bytes);
  return opened;
}

const providerOf = (dataDir: string) => makeLocalKeyProvider({ directory: path.join(dataDir, 'keys') });

/** The data key behind a row, with the wrapping keys of `dataDir`. @throws KeyError */
export const unwrapRow = (dataDir: string, row: Row): Promise<Uint8Array> =>
  providerOf(dataDir).unwrap(row['key_id'] as string, row['wrapped'] as Buffer, {
    tenantId: row['tenant_id'] as string,
    verificationId: row['verification_id'] as string,
    epoch: row['epoch'] as number,
  });

/** Everything that opens with the wrapped keys of `aside` and the wrapping keys of `dataDir`. */
export async function openWithKeysOf(dataDir: string, aside: Aside): Promise<Buffer[]> {
  const opened: Buffer[] = [];
  for (const row of aside.keys) {
    const key = await unwrapRow(dataDir, row).catch(() => null);
    if (!key) continue;
    const id = row['verification_id'];
    const ofEpoch = <T extends Row>(rows: readonly T[]) =>
      rows.filter((each) => each['verification_id'] === id && each['epoch'] === row['epoch']);
    opened.push(...openAll({ keys: [], fields: ofEpoch(aside.fields), blobs: ofEpoch(aside.blobs) }, key));
  }
  return opened;
}

/** Wrapping keys that `dataDir` still has. */
export const wrappingKeyIds = (dataDir: string): Promise<readonly string[]> => providerOf(dataDir).keyIds();
export const destroyWrappingKey = (dataDir: string, keyId: string): Promise<void> =>
  providerOf(dataDir).destroy(keyId);
