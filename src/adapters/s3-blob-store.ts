import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BlobStore } from '../app/ports/blob-store.js';
import { StorageError } from '../domain/errors.js';
import { assertBlobKey, assertBlobPrefix } from './blob-key.js';

export interface S3BlobStoreOptions {
  readonly bucket: string;
  readonly region: string;
  /** For a server other than AWS. */
  readonly endpoint?: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** `http://host/bucket/key` in place of `http://bucket.host/key`; most servers other than AWS want it. */
  readonly forcePathStyle?: boolean;
  /** Milliseconds for one try of one call; 10 s by default. */
  readonly timeoutMs?: number;
  /** Tries of one call, with exponential backoff between them; 3 by default. */
  readonly maxAttempts?: number;
  /** Entries of one page of a listing, 1–1,000; the server's own measure by default. */
  readonly pageSize?: number;
}

const CONNECT_MS = 3_000;
/** Listings may lag behind deletions on servers that update them in the background: looks that find nothing new. */
const ERASE_ROUNDS = 6;
const ERASE_PAUSE_MS = 250;

/** An object, a version or a delete marker. */
interface Version {
  readonly key: string;
  /** Absent where the server lists no versions. */
  readonly versionId?: string;
  readonly isLatest: boolean;
  readonly modifiedAt: Date;
}

/** The same as listings give it. */
interface Entry {
  readonly Key?: string | undefined;
  readonly VersionId?: string | undefined;
  readonly IsLatest?: boolean | undefined;
  readonly LastModified?: Date | undefined;
}

interface Page {
  readonly entries: readonly Version[];
  /** The last key of the page where there are more; `null` on the last page. */
  readonly lastKey: string | null;
}

interface AwsFault {
  readonly name?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

const statusOf = (error: unknown): number | undefined =>
  (error as AwsFault | null)?.$metadata?.httpStatusCode;

/** What a server's message says may name bucket and key, hence status and error name alone. */
const fault = (error: unknown): StorageError => {
  if (error instanceof StorageError) return error;
  const name = (error as AwsFault | null)?.name ?? 'unknown';
  return new StorageError('storage_unavailable', {
    cause: new Error(`${name} ${String(statusOf(error) ?? '')}`.trim()),
  });
};

async function guarded<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw fault(error);
  }
}

/** `null` for an object that is not there; a bucket that is not there is a fault. */
async function orNull<T>(work: Promise<T>): Promise<T | null> {
  try {
    return await work;
  } catch (error) {
    if (statusOf(error) === 404 && (error as AwsFault).name !== 'NoSuchBucket') return null;
    throw error;
  }
}

const toVersion = (entry: Entry, versionId: string | undefined): Version[] =>
  entry.Key === undefined
    ? []
    : [
        {
          key: entry.Key,
          ...(versionId === undefined ? {} : { versionId }),
          isLatest: entry.IsLatest ?? true,
          modifiedAt: entry.LastModified ?? new Date(0),
        },
      ];

/** By code unit, as servers sort keys of the store's alphabet. */
const largestKey = (entries: readonly Version[]): string | null =>
  entries.reduce<string | null>((last, { key }) => (last === null || key > last ? key : last), null);

/**
 * Gives a DELETE its length of zero. Without it OpenStack Swift waits a minute for a body, where deleting one version makes it look at
 * the others.
 */
function stateEmptyBody(client: S3Client): void {
  client.middlewareStack.add(
    (next) => (args) => {
      const request = args.request as { method?: string; headers?: Record<string, string> };
      if (request.method === 'DELETE' && request.headers) request.headers['content-length'] = '0';
      return next(args);
    },
    { step: 'build', name: 'stateEmptyBody' },
  );
}

function makeClient(options: S3BlobStoreOptions): S3Client {
  const { region, endpoint, accessKeyId, secretAccessKey } = options;
  const client = new S3Client({
    region,
    ...(endpoint === undefined ? {} : { endpoint }),
    credentials: { accessKeyId, secretAccessKey },
    forcePathStyle: options.forcePathStyle ?? false,
    maxAttempts: options.maxAttempts ?? 3,
    // Newer checksums than MD5 and the signature's SHA-256 are unknown to most servers other than AWS.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: {
      connectionTimeout: CONNECT_MS,
      requestTimeout: options.timeoutMs ?? 10_000,
      // The time above ends with the answer's head; this one is for a body that stalls.
      socketTimeout: options.timeoutMs ?? 10_000,
      // Without this the SDK only warns.
      throwOnRequestTimeout: true,
    },
  });
  stateEmptyBody(client);
  return client;
}

/**
 * A blob store in an S3 bucket, versioned or not. Erasing deletes every version and delete marker of a key, one call each (a bulk
 * delete needs a checksum that servers do not agree on), and confirms that none is left. A server without version listings is taken to
 * keep none; one that refuses them (403) is not, since then nothing could be confirmed.
 *
 * `list` goes by versions too: a key whose newest version is a delete marker still holds bytes.
 */
export function makeS3BlobStore(options: S3BlobStoreOptions): BlobStore & { close(): void } {
  const client = makeClient(options);
  const { bucket: Bucket } = options;
  const paging = options.pageSize === undefined ? {} : { MaxKeys: options.pageSize };
  /** Until the server says otherwise. */
  let listsVersions = true;

  const versionPage = async (prefix: string, after: string | null): Promise<Page> => {
    // By key alone, which goes on behind all versions of that key: the version markers of some servers lead nowhere, and more of a
    // key than its being there is asked for only by its own first page.
    const from = after === null ? {} : { KeyMarker: after };
    const page = await client.send(
      new ListObjectVersionsCommand({ Bucket, Prefix: prefix, ...paging, ...from }),
    );
    const listed = [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])];
    const entries = listed.flatMap((entry) => toVersion(entry, entry.VersionId ?? 'null'));
    return { entries, lastKey: page.IsTruncated === true ? largestKey(entries) : null };
  };

  const objectPage = async (prefix: string, after: string | null): Promise<Page> => {
    const from = after === null ? {} : { StartAfter: after };
    const page = await client.send(new ListObjectsV2Command({ Bucket, Prefix: prefix, ...paging, ...from }));
    const entries = (page.Contents ?? []).flatMap((entry) => toVersion(entry, undefined));
    return { entries, lastKey: page.IsTruncated === true ? largestKey(entries) : null };
  };

  /** One page of all versions, or where the server lists none, of the objects. */
  const pageOf = async (prefix: string, after: string | null): Promise<Page> => {
    if (listsVersions) {
      try {
        return await versionPage(prefix, after);
      } catch (error) {
        if (!lacksVersions(error)) throw error;
        listsVersions = false;
      }
    }
    return objectPage(prefix, after);
  };

  /** What there is of a key. It sorts before all that it is a prefix of, and so stands on the first page; `more`: not all of it. */
  const versionsOf = async (key: string) => {
    const { entries, lastKey } = await pageOf(key, null);
    return { own: entries.filter((entry) => entry.key === key), more: lastKey === key };
  };

  const head = (key: string) => orNull(client.send(new HeadObjectCommand({ Bucket, Key: key })));

  const isAbsent = async (key: string): Promise<boolean> =>
    (await versionsOf(key)).own.length === 0 && (await head(key)) === null;

  const remove = async (key: string, versionId?: string): Promise<void> => {
    const which = { Bucket, Key: key, ...(versionId === undefined ? {} : { VersionId: versionId }) };
    try {
      await client.send(new DeleteObjectCommand(which));
    } catch (error) {
      // Gone already. Swift says so (and names the bucket) also where it has just deleted a key's last version; what is true is seen
      // by the next look, which fails when the bucket is not there.
      if (statusOf(error) !== 404) throw error;
    }
  };

  const erase = async (key: string): Promise<void> => {
    const removed = new Set<string | undefined>();
    for (let idle = 0; idle < ERASE_ROUNDS;) {
      const { own, more } = await versionsOf(key);
      const known = removed.size;
      for (const { versionId } of inOrderOfErasure(own, more)) {
        await remove(key, versionId);
        removed.add(versionId);
      }
      if (own.length === 0) {
        if ((await head(key)) === null) return;
        // There, though not listed. Only then: on a versioned bucket a plain delete makes a marker.
        await remove(key);
      }
      if (removed.size === known) await sleep(ERASE_PAUSE_MS * ++idle);
    }
    throw new StorageError('storage_unavailable');
  };

  return {
    put(key, bytes) {
      assertBlobKey(key);
      // A Buffer and no stream: its length and digest are known, and it can be sent again.
      const Body = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      return guarded(async () => {
        await client.send(
          new PutObjectCommand({ Bucket, Key: key, Body, ContentType: 'application/octet-stream' }),
        );
      });
    },
    get(key) {
      assertBlobKey(key);
      return guarded(async () => {
        const found = await orNull(client.send(new GetObjectCommand({ Bucket, Key: key })));
        if (found === null) return null;
        if (!found.Body) throw new StorageError('storage_unavailable');
        return found.Body.transformToByteArray();
      });
    },
    stat(key) {
      assertBlobKey(key);
      return guarded(async () => {
        const found = await head(key);
        return found && { size: found.ContentLength ?? 0 };
      });
    },
    erase(key) {
      assertBlobKey(key);
      return guarded(() => erase(key));
    },
    isAbsent(key) {
      assertBlobKey(key);
      return guarded(() => isAbsent(key));
    },
    async *list(prefix) {
      assertBlobPrefix(prefix);
      try {
        let after: string | null = null;
        do {
          const page: Page = await pageOf(prefix, after);
          const newest = new Map<string, Date>();
          for (const { key, modifiedAt } of page.entries) {
            const known = newest.get(key);
            if (known === undefined || modifiedAt > known) newest.set(key, modifiedAt);
          }
          for (const [key, modifiedAt] of newest) yield { key, modifiedAt };
          after = page.lastKey;
        } while (after !== null);
      } catch (error) {
        throw fault(error);
      }
    },
    check: () =>
      guarded(async () => {
        await client.send(new HeadBucketCommand({ Bucket }));
      }),
    close: () => client.destroy(),
  };
}

/**
 * The current version last, and not before all others are known: or else each deletion would make an older one current, and readable.
 */
function inOrderOfErasure(own: readonly Version[], more: boolean): readonly Version[] {
  const older = own.filter((version) => !version.isLatest);
  if (more && older.length > 0) return older;
  return [...older, ...own.filter((version) => version.isLatest)];
}

/** Answers of servers that do not know version listings, as opposed to those that deny them or fail. */
function lacksVersions(error: unknown): boolean {
  const status = statusOf(error);
  return status === 501 || status === 405 || (error as AwsFault | null)?.name === 'NotImplemented';
}
