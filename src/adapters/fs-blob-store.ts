import { randomUUID } from 'node:crypto';
import {
  type FileHandle,
  mkdir,
  open,
  opendir,
  readFile,
  readdir,
  rename,
  rm,
  rmdir,
  stat,
  unlink,
} from 'node:fs/promises';
import path from 'node:path';
import type { BlobStore } from '../app/ports/blob-store.js';
import { StorageError } from '../domain/errors.js';
import { assertBlobKey, assertBlobPrefix } from './blob-key.js';

// Keys hold no dot: so neither suffix can be part of one, and an object `a` and a folder `a` for `a/b` do not collide.
const OBJECT = '.blob';
const PART = '.part';
/** How often a folder may vanish under a write before that is more than a neighbour tidying up. */
const FOLDER_TRIES = 20;

interface Place {
  readonly folder: string;
  /** Name without suffix. */
  readonly name: string;
  readonly file: string;
}

interface Found {
  readonly key: string;
  readonly modifiedAt: Date;
}

const codeOf = (error: unknown): string => {
  const code = (error as NodeJS.ErrnoException | null)?.code;
  return typeof code === 'string' ? code : 'unknown';
};

const isMissing = (error: unknown): boolean => codeOf(error) === 'ENOENT';

/** The system's message names the path, hence the code alone. */
const fault = (error: unknown): StorageError =>
  error instanceof StorageError
    ? error
    : new StorageError('storage_unavailable', { cause: new Error(codeOf(error)) });

async function guarded<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw fault(error);
  }
}

async function orNull<T>(work: Promise<T>): Promise<T | null> {
  try {
    return await work;
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

/** Makes a rename or an unlink in a folder outlast a power cut. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Makes a folder and those above it, each durably. */
async function makeFolder(folder: string): Promise<void> {
  const first = await mkdir(folder, { recursive: true, mode: 0o700 });
  if (first === undefined) return;
  // Each new entry stands in the folder above it.
  for (let made = folder; made.length >= first.length; made = path.dirname(made))
    await syncFolder(path.dirname(made));
}

async function writeDurably(handle: FileHandle, bytes: Uint8Array): Promise<void> {
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * A blob store in a folder. An object is written aside, synced and renamed, so that it is there whole or not at all; folders 0700, files
 * 0600. What a killed write leaves (`KEY.ID.part`) counts as the key's: it is listed, keeps the key from being absent, and goes with it.
 *
 * Unlinking does not overwrite: on flash storage that would not reach the old cells, and what lies here is sealed under a key that is
 * forgotten for itself.
 * @param options.root the store's folder; made if need be
 */
export function makeFsBlobStore(options: { readonly root: string }): BlobStore {
  const root = path.resolve(options.root);
  const placeOf = (key: string): Place => {
    assertBlobKey(key);
    const file = path.join(root, `${key}${OBJECT}`);
    return { folder: path.dirname(file), name: path.basename(key), file };
  };

  /** Opens a new file; its folder may be tidied away by an erase between the two steps, and is then made again. */
  const openNew = async (folder: string, file: string): Promise<FileHandle> => {
    for (let attempt = 1; ; attempt++) {
      try {
        await makeFolder(folder);
        return await open(file, 'wx', 0o600);
      } catch (error) {
        if (!isMissing(error) || attempt === FOLDER_TRIES) throw error;
      }
    }
  };

  /** Removes empty folders upwards. rmdir refuses one that is not empty, so a write that is quicker wins. */
  const prune = async (folder: string): Promise<void> => {
    for (let at = folder; at !== root; at = path.dirname(at)) {
      try {
        await rmdir(at);
      } catch (error) {
        if (!isMissing(error)) return;
        continue;
      }
      await orNull(syncFolder(path.dirname(at)));
    }
  };

  /** Every file that holds bytes of the key. */
  const remains = async ({ folder, name }: Place): Promise<string[]> => {
    const entries = (await orNull(readdir(folder))) ?? [];
    const mine = entries.filter(
      (entry) => entry === `${name}${OBJECT}` || (entry.startsWith(`${name}.`) && entry.endsWith(PART)),
    );
    return mine.map((entry) => path.join(folder, entry));
  };

  const put = async (place: Place, bytes: Uint8Array): Promise<void> => {
    const part = path.join(place.folder, `${place.name}.${randomUUID()}${PART}`);
    const handle = await openNew(place.folder, part);
    try {
      await writeDurably(handle, bytes);
      // Not there any more? Then the key was erased meanwhile, and must not rise again: this fails, and nothing is left.
      await rename(part, place.file);
    } catch (error) {
      await rm(part, { force: true });
      throw error;
    }
    await syncFolder(place.folder);
  };

  const erase = async (place: Place): Promise<void> => {
    const files = await remains(place);
    for (const file of files) await orNull(unlink(file));
    if (files.length > 0) await orNull(syncFolder(place.folder));
    await prune(place.folder);
    if ((await remains(place)).length > 0) throw new StorageError('storage_unavailable');
  };

  /** What a file is of, each key once: remains of writes are told only where they are all there is. */
  const look = async (within: string, seenParts: Set<string>): Promise<Found | null> => {
    const key = keyOf(within);
    if (key === null) return null;
    const info = await orNull(stat(path.join(root, within)));
    if (info === null) return null;
    if (within.endsWith(PART)) {
      if (seenParts.has(key) || (await orNull(stat(path.join(root, `${key}${OBJECT}`))))) return null;
      seenParts.add(key);
    }
    return { key, modifiedAt: info.mtime };
  };

  async function* walk(folder: string, prefix: string): AsyncGenerator<Found> {
    const entries = await orNull(opendir(folder));
    if (entries === null) return;
    const seenParts = new Set<string>();
    for await (const entry of entries) {
      const within = path.relative(root, path.join(folder, entry.name));
      if (entry.isDirectory()) {
        if (within.startsWith(prefix) || prefix.startsWith(`${within}/`))
          yield* walk(path.join(folder, entry.name), prefix);
      } else if (within.startsWith(prefix)) {
        const found = await look(within, seenParts);
        if (found) yield found;
      }
    }
  }

  return {
    put: (key, bytes) => {
      const place = placeOf(key);
      return guarded(() => put(place, bytes));
    },
    get: (key) => {
      const { file } = placeOf(key);
      return guarded(() => orNull(readFile(file)));
    },
    stat: (key) => {
      const { file } = placeOf(key);
      return guarded(async () => {
        const info = await orNull(stat(file));
        return info && { size: info.size };
      });
    },
    erase: (key) => {
      const place = placeOf(key);
      return guarded(() => erase(place));
    },
    isAbsent: (key) => {
      const place = placeOf(key);
      return guarded(async () => (await remains(place)).length === 0);
    },
    async *list(prefix) {
      assertBlobPrefix(prefix);
      try {
        yield* walk(root, prefix);
      } catch (error) {
        throw fault(error);
      }
    },
    check: () =>
      guarded(async () => {
        await makeFolder(root);
        // Only a write shows that the disk is neither full nor read-only.
        const probe = path.join(root, `.${randomUUID()}${PART}`);
        const handle = await open(probe, 'wx', 0o600);
        await handle.close();
        await unlink(probe);
      }),
  };
}

/** The key that a file belongs to; `null` for a file that is none of the store's objects. */
function keyOf(within: string): string | null {
  if (within.endsWith(OBJECT)) return within.slice(0, -OBJECT.length);
  if (!within.endsWith(PART)) return null;
  const key = within.slice(0, within.indexOf('.'));
  return key === '' ? null : key;
}
