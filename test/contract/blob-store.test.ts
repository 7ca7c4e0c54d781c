import { DeleteObjectCommand, GetObjectCommand, ListObjectVersionsCommand } from '@aws-sdk/client-s3';
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { makeFsBlobStore } from '../../src/adapters/fs-blob-store.js';
import { makeS3BlobStore } from '../../src/adapters/s3-blob-store.js';
import type { BlobStore } from '../../src/app/ports/blob-store.js';
import { StorageError } from '../../src/domain/errors.js';
import {
  clientFor,
  makeBucket,
  startTestSwift,
  withoutVersionListings,
  type SwiftServer,
} from '../support/swift.js';

const SWIFT_START_MS = 180_000;
const PLAIN = 'plain-blobs';
const VERSIONED = 'versioned-blobs';

let swift: SwiftServer;
let withoutVersions: Awaited<ReturnType<typeof withoutVersionListings>>;
let scratch: string;

beforeAll(async () => {
  scratch = await mkdtemp(path.join(os.tmpdir(), 'lethe-blobs-'));
  swift = await startTestSwift();
  withoutVersions = await withoutVersionListings(swift);
  await makeBucket(swift, PLAIN, { versioned: false });
  await makeBucket(swift, VERSIONED, { versioned: true });
}, SWIFT_START_MS);

afterAll(async () => {
  await withoutVersions?.stop();
  await swift?.stop();
  await rm(scratch, { recursive: true, force: true });
});

const s3Store = (bucket: string, more: Partial<Parameters<typeof makeS3BlobStore>[0]> = {}) =>
  makeS3BlobStore({ ...swift, bucket, forcePathStyle: true, ...more });

const freshFolder = () => mkdtemp(path.join(scratch, 'store-'));

async function listed(store: BlobStore, prefix: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of store.list(prefix)) keys.push(key);
  return keys.sort();
}

const bytesOf = (text: string) => new TextEncoder().encode(text);
const textOf = (bytes: Uint8Array | null) => bytes && new TextDecoder().decode(bytes);

/** A prefix of its own for every test, since buckets are shared. */
let count = 0;
const ownPrefix = () => `t${String(count++)}`;

describe.each<[string, () => Promise<BlobStore>]>([
  ['folder', async () => makeFsBlobStore({ root: await freshFolder() })],
  ['S3 bucket', () => Promise.resolve(s3Store(PLAIN))],
  ['S3 bucket with versions', () => Promise.resolve(s3Store(VERSIONED))],
  ['S3 bucket with versions, listed two a page', () => Promise.resolve(s3Store(VERSIONED, { pageSize: 2 }))],
  [
    'S3 server without version listings',
    () => Promise.resolve(s3Store(PLAIN, { endpoint: withoutVersions.endpoint, pageSize: 2 })),
  ],
])('blob store: %s', (_name, open) => {
  let store: BlobStore;
  let prefix: string;

  beforeEach(async () => {
    store = await open();
    prefix = ownPrefix();
  });

  it('answers the check', async () => {
    await expect(store.check()).resolves.toBeUndefined();
  });

  it('gives back the very bytes, also none and a megabyte of them', async () => {
    for (const bytes of [new Uint8Array(), bytesOf('sealed'), randomBytes(1024 * 1024)]) {
      await store.put(`${prefix}/a-b_c/0`, bytes);
      const read = await store.get(`${prefix}/a-b_c/0`);
      expect(read && Buffer.compare(read, bytes)).toBe(0);
      expect(await store.stat(`${prefix}/a-b_c/0`)).toEqual({ size: bytes.length });
    }
  });

  it('stores a view of a larger buffer and nothing around it', async () => {
    const around = bytesOf('secret-visible-secret');
    await store.put(`${prefix}/view`, around.subarray(7, 14));
    expect(textOf(await store.get(`${prefix}/view`))).toBe('visible');
  });

  it('overwrites', async () => {
    await store.put(`${prefix}/k`, bytesOf('older and longer'));
    await store.put(`${prefix}/k`, bytesOf('newer'));
    expect(textOf(await store.get(`${prefix}/k`))).toBe('newer');
    expect(await store.stat(`${prefix}/k`)).toEqual({ size: 5 });
  });

  it('knows nothing of an object that was never put', async () => {
    expect(await store.get(`${prefix}/none`)).toBeNull();
    expect(await store.stat(`${prefix}/none`)).toBeNull();
    expect(await store.isAbsent(`${prefix}/none`)).toBe(true);
    await expect(store.erase(`${prefix}/none`)).resolves.toBeUndefined();
    expect(await store.isAbsent(`${prefix}/none`)).toBe(true);
  });

  it('is not absent before and absent after an erasure, however often it was overwritten', async () => {
    for (const text of ['1', '2', '3', '4', '5']) await store.put(`${prefix}/k`, bytesOf(text));
    expect(await store.isAbsent(`${prefix}/k`)).toBe(false);
    await store.erase(`${prefix}/k`);
    expect(await store.isAbsent(`${prefix}/k`)).toBe(true);
    expect(await store.get(`${prefix}/k`)).toBeNull();
    expect(await listed(store, prefix)).toEqual([]);
  });

  it('erases one key and leaves those that begin with it', async () => {
    const neighbours = [`${prefix}/k-1`, `${prefix}/k/inner`, `${prefix}/k0`, `${prefix}/k_`];
    for (const key of [`${prefix}/k`, ...neighbours]) await store.put(key, bytesOf(key));
    await store.erase(`${prefix}/k`);
    expect(await store.isAbsent(`${prefix}/k`)).toBe(true);
    for (const key of neighbours) expect(textOf(await store.get(key))).toBe(key);
    expect(await listed(store, prefix)).toEqual([...neighbours].sort());
    await store.erase(`${prefix}/k/inner`);
    expect(await store.isAbsent(`${prefix}/k/inner`)).toBe(true);
  });

  it('can put a key again after its erasure', async () => {
    await store.put(`${prefix}/k`, bytesOf('first'));
    await store.erase(`${prefix}/k`);
    await store.put(`${prefix}/k`, bytesOf('second'));
    expect(textOf(await store.get(`${prefix}/k`))).toBe('second');
    expect(await store.isAbsent(`${prefix}/k`)).toBe(false);
  });

  it('lists each key below a prefix once, with a time', async () => {
    const keys = ['a/1', 'a/2', 'ab/3', 'b/4', 'a/deep/er/5'].map((key) => `${prefix}/${key}`);
    for (const key of keys) {
      await store.put(key, bytesOf('1'));
      await store.put(key, bytesOf('2'));
    }
    expect(await listed(store, prefix)).toEqual([...keys].sort());
    expect(await listed(store, `${prefix}/a`)).toEqual(keys.filter((key) => key.includes('/a')).sort());
    expect(await listed(store, `${prefix}/a/`)).toEqual(keys.filter((key) => key.includes('/a/')).sort());
    expect(await listed(store, `${prefix}/none`)).toEqual([]);
    for await (const { modifiedAt } of store.list(prefix)) {
      expect(Math.abs(modifiedAt.getTime() - Date.now())).toBeLessThan(3_600_000);
    }
  });

  it('keeps apart what is put and erased at once under one folder', async () => {
    const keys = Array.from({ length: 24 }, (_, index) => `${prefix}/same/folder/${String(index)}`);
    await Promise.all(
      keys.map(async (key, index) => {
        await store.put(key, bytesOf(key));
        if (index % 2 === 0) await store.erase(key);
      }),
    );
    expect(await listed(store, prefix)).toEqual(keys.filter((_, index) => index % 2 === 1).sort());
    await Promise.all(keys.map((key) => store.erase(key)));
    expect(await listed(store, prefix)).toEqual([]);
  });

  it.each([
    '',
    '/',
    'a//b',
    '/a',
    'a/',
    '../a',
    'a/../b',
    './a',
    'A',
    'a.b',
    'a\\b',
    'a\0',
    'é',
    'x'.repeat(201),
  ])('refuses the key %j and does not repeat it', async (key) => {
    const attempts = [
      () => store.put(key, bytesOf('x')),
      () => store.get(key),
      () => store.stat(key),
      () => store.erase(key),
      () => store.isAbsent(key),
    ];
    for (const attempt of attempts) {
      await expect((async () => attempt())()).rejects.toThrow(new TypeError('A blob key is not well formed'));
    }
  });
});

describe('blob store in a folder', () => {
  it('keeps folders and files from other users', async () => {
    const root = path.join(await freshFolder(), 'made');
    const store = makeFsBlobStore({ root });
    await store.put('a/b/c', bytesOf('x'));
    const modes = await Promise.all(
      ['', 'a', 'a/b', 'a/b/c.blob'].map(async (name) => (await stat(path.join(root, name))).mode & 0o777),
    );
    expect(modes).toEqual([0o700, 0o700, 0o700, 0o600]);
  });

  it('leaves no empty folder behind an erasure, and keeps one that still holds something', async () => {
    const root = await freshFolder();
    const store = makeFsBlobStore({ root });
    await store.put('a/b/c', bytesOf('x'));
    await store.put('a/d', bytesOf('x'));
    await store.erase('a/b/c');
    expect(await readdir(root, { recursive: true })).toEqual(['a', 'a/d.blob']);
    await store.erase('a/d');
    expect(await readdir(root)).toEqual([]);
  });

  it('counts what a killed write has left as the key’s: listed, not absent, erased', async () => {
    const root = await freshFolder();
    const store = makeFsBlobStore({ root });
    await mkdir(path.join(root, 'a'));
    await writeFile(path.join(root, 'a', 'k.0000.part'), 'half');
    expect(await store.get('a/k')).toBeNull();
    expect(await store.isAbsent('a/k')).toBe(false);
    expect(await listed(store, '')).toEqual(['a/k']);
    await store.erase('a/k');
    expect(await store.isAbsent('a/k')).toBe(true);
    expect(await readdir(root)).toEqual([]);
  });

  it('does not name its folder when it fails', async () => {
    const blocked = path.join(await freshFolder(), 'not-a-folder');
    await writeFile(blocked, '');
    const store = makeFsBlobStore({ root: path.join(blocked, 'store') });
    await expectFixedFault(store, 'not-a-folder');
  });
});

describe('blob store in S3', () => {
  it('deletes hidden versions and delete markers too', async () => {
    const store = s3Store(VERSIONED, { pageSize: 2 });
    const client = clientFor(swift);
    const Key = 'hidden/k';
    for (const text of ['1', '2', '3']) await store.put(Key, bytesOf(text));
    // As a console or another program would: the newest version is now a marker, and the older ones still hold the bytes.
    await client.send(new DeleteObjectCommand({ Bucket: VERSIONED, Key }));
    expect(await store.get(Key)).toBeNull();
    expect(await store.isAbsent(Key)).toBe(false);
    expect(await listed(store, 'hidden/')).toEqual([Key]);
    const before = await client.send(new ListObjectVersionsCommand({ Bucket: VERSIONED, Prefix: Key }));
    expect([before.Versions?.length, before.DeleteMarkers?.length]).toEqual([3, 1]);

    await store.erase(Key);
    expect(await store.isAbsent(Key)).toBe(true);
    expect(await listed(store, 'hidden/')).toEqual([]);
    for (const { VersionId } of before.Versions ?? []) {
      const read = client.send(new GetObjectCommand({ Bucket: VERSIONED, Key, VersionId: VersionId ?? '' }));
      await expect(read).rejects.toMatchObject({ $metadata: { httpStatusCode: 404 } });
    }
    client.destroy();
  });

  it('takes a bucket that is not there for a fault, and not for an empty one', async () => {
    await expectFixedFault(s3Store('no-such-bucket'), 'no-such-bucket', { statTells: false });
  });

  it('takes a refused credential for a fault', async () => {
    await expectFixedFault(s3Store(PLAIN, { secretAccessKey: 'wrong' }), 'wrong');
  });

  it('fails in bounded time when the server cannot be reached', async () => {
    const store = s3Store(PLAIN, { endpoint: await closedEndpoint(), maxAttempts: 2 });
    await expectFixedFault(store, '127.0.0.1');
  });

  it('fails in bounded time when the server never answers', async () => {
    const silent = createServer();
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    try {
      const store = s3Store(PLAIN, { endpoint: endpointOf(silent), maxAttempts: 1, timeoutMs: 100 });
      await expectFixedFault(store, '127.0.0.1');
    } finally {
      silent.close();
    }
  });
});

const endpointOf = (server: Server) => {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('not listening on TCP');
  return `http://127.0.0.1:${String(address.port)}`;
};

async function closedEndpoint(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endpoint = endpointOf(server);
  await new Promise((resolve) => server.close(resolve));
  return endpoint;
}

/** Every method fails with the code alone: neither the error nor its cause repeats where or what. */
async function expectFixedFault(
  store: BlobStore,
  telltale: string,
  { statTells = true } = {},
): Promise<void> {
  const key = 'some/private-key';
  const calls: (() => Promise<unknown>)[] = [
    () => store.put(key, bytesOf('x')),
    () => store.get(key),
    ...(statTells ? [() => store.stat(key)] : []),
    () => store.erase(key),
    () => store.isAbsent(key),
    () => listed(store, ''),
    () => store.check(),
  ];
  for (const call of calls) {
    const error = await call().then(
      () => null,
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(StorageError);
    const { message, code, cause } = error as StorageError;
    expect([message, code]).toEqual(['storage_unavailable', 'storage_unavailable']);
    const told = `${message} ${String(cause)}`;
    expect(told).not.toContain('private-key');
    expect(told).not.toContain(telltale);
  }
}
