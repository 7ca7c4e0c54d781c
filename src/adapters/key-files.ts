import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { link, mkdir, open, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { KeyError } from '../domain/errors.js';

/** Whether the file system said so. Not by `instanceof`, which an error of Node's own realm need not pass. */
export const isCode = (error: unknown, code: string): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === code;

/** What the file system says names the path; what we say must not. */
const unavailable = (error: unknown) => new KeyError('keys_unavailable', { cause: error });

/** Makes what was done in a directory last (fsync). */
export async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

export async function ensureKeyDirectory(directory: string): Promise<void> {
  const firstMade = await mkdir(directory, { recursive: true, mode: 0o700 });
  if (firstMade === undefined) return;
  // A folder is an entry of its parent: without this, a key that was synced could lose its folder in a power cut.
  const top = path.dirname(firstMade);
  for (let parent = path.dirname(directory); parent.startsWith(top); parent = path.dirname(parent)) {
    await syncDirectory(parent);
    if (parent === top) break;
  }
}

/** The bytes of a key file, or `null` where there is none. @throws KeyError `keys_unavailable` */
export async function readKeyFile(file: string): Promise<Buffer | null> {
  try {
    return await readFile(file);
  } catch (error) {
    if (isCode(error, 'ENOENT')) return null;
    throw unavailable(error);
  }
}

/**
 * The bytes of a key file, made by `make` where there is none. Several processes may ask at once: the file appears whole (written aside,
 * synced, linked into place), and whoever comes second reads what the first has made.
 *
 * @throws KeyError `keys_unavailable`; what `make` throws
 */
export async function readOrCreateKeyFile(
  file: string,
  make: () => Uint8Array | Promise<Uint8Array>,
): Promise<Buffer> {
  const existing = await readKeyFile(file);
  if (existing) return existing;
  const bytes = await make();
  try {
    await ensureKeyDirectory(path.dirname(file));
    await placeOnce(file, bytes);
    return await readFile(file);
  } catch (error) {
    throw unavailable(error);
  }
}

/** Puts a whole, synced file in place, unless another was quicker. */
async function placeOnce(file: string, bytes: Uint8Array): Promise<void> {
  const aside = `${file}.${randomBytes(8).toString('hex')}.new`;
  try {
    const handle = await open(aside, 'wx', 0o600);
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await link(aside, file);
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw error;
  } finally {
    await rm(aside, { force: true });
  }
  await syncDirectory(path.dirname(file));
}
