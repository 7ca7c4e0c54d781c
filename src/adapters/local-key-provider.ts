import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { open, readdir, unlink } from 'node:fs/promises';
import path from 'node:path';
import type { KeyBinding, KeyProvider } from '../app/ports/key-provider.js';
import { KeyError } from '../domain/errors.js';
import { ensureKeyDirectory, isCode, readKeyFile, readOrCreateKeyFile, syncDirectory } from './key-files.js';

const KEY = 32;
const NONCE = 12;
const TAG = 16;
const FILE = /^period-(\d{4}-\d{2}-\d{2})\.key$/;

const bindingBytes = (periodId: string, { tenantId, verificationId, epoch }: KeyBinding) =>
  Buffer.from(JSON.stringify(['lethe/wrap/v1', periodId, tenantId, verificationId, epoch]));

/** What the file system says names the path; what we say must not. */
const unavailable = (error: unknown) =>
  error instanceof KeyError ? error : new KeyError('keys_unavailable', { cause: error });

/**
 * Period keys as files of a directory that only the service may read (0700, files 0600). A wrapping is nonce, ciphertext and tag of
 * AES-256-GCM with the binding as associated data.
 *
 * Destroying leaves an empty mark, `period-<day>.destroyed`, so that a period never gets a second key, and overwrites the file before it
 * is unlinked. On a copy-on-write file system, an SSD or a disk with snapshots the old blocks can outlive that: put the directory on a
 * volume that is neither backed up nor snapshotted, or use a KMS. No process keeps a period key, so destruction binds all of them at once.
 */
export function makeLocalKeyProvider({ directory }: { readonly directory: string }): KeyProvider {
  const folder = path.join(directory, 'periods');
  const fileOf = (periodId: string) => {
    const name = `period-${periodId}.key`;
    if (!FILE.test(name)) throw new KeyError('key_rejected');
    return path.join(folder, name);
  };
  const markOf = (periodId: string) => fileOf(periodId).replace(/key$/, 'destroyed');

  /** The mark is set before the key is overwritten: bytes that were read in between are no key, and this tells. */
  async function liveKey(periodId: string, read: () => Promise<Buffer | null>): Promise<Buffer> {
    const bytes = await read();
    if (!bytes || (await readKeyFile(markOf(periodId)))) {
      bytes?.fill(0);
      throw new KeyError('key_destroyed');
    }
    if (bytes.length !== KEY) throw new KeyError('keys_unavailable');
    return bytes;
  }

  async function keyForWrapping(periodId: string): Promise<Buffer> {
    const file = fileOf(periodId);
    if (await readKeyFile(markOf(periodId))) throw new KeyError('key_destroyed');
    return liveKey(periodId, () => readOrCreateKeyFile(file, () => randomBytes(KEY)));
  }

  /** Overwrites in place, so that every name of the file (a link left by a crash) loses the key. */
  async function wipe(periodId: string): Promise<void> {
    const file = fileOf(periodId);
    const handle = await open(file, 'r+');
    try {
      await (await open(markOf(periodId), 'a', 0o600)).close();
      await syncDirectory(folder);
      await handle.write(randomBytes(KEY), 0, KEY, 0);
      await handle.sync();
      await handle.truncate(0);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await unlink(file);
    await syncDirectory(folder);
  }

  return {
    /** Throws KeyError `key_destroyed` for a period whose key was destroyed. */
    async generateDataKey(periodId, binding) {
      const periodKey = await keyForWrapping(periodId);
      try {
        const key = randomBytes(KEY);
        const nonce = randomBytes(NONCE);
        const cipher = createCipheriv('aes-256-gcm', periodKey, nonce, { authTagLength: TAG });
        cipher.setAAD(bindingBytes(periodId, binding));
        const wrapped = Buffer.concat([nonce, cipher.update(key), cipher.final(), cipher.getAuthTag()]);
        return { key, wrapped };
      } finally {
        periodKey.fill(0);
      }
    },

    async unwrap(periodId, wrapped, binding) {
      const file = fileOf(periodId);
      const periodKey = await liveKey(periodId, () => readKeyFile(file));
      try {
        const bytes = Buffer.from(wrapped);
        const decipher = createDecipheriv('aes-256-gcm', periodKey, bytes.subarray(0, NONCE), {
          authTagLength: TAG,
        });
        decipher.setAAD(bindingBytes(periodId, binding));
        decipher.setAuthTag(bytes.subarray(bytes.length - TAG));
        return Buffer.concat([decipher.update(bytes.subarray(NONCE, bytes.length - TAG)), decipher.final()]);
      } catch {
        throw new KeyError('key_rejected');
      } finally {
        periodKey.fill(0);
      }
    },

    async destroyPeriod(periodId) {
      try {
        await wipe(periodId);
      } catch (error) {
        // None there, or another process was quicker.
        if (isCode(error, 'ENOENT')) return;
        throw unavailable(error);
      }
    },

    async periods() {
      try {
        await ensureKeyDirectory(folder);
        return (await readdir(folder))
          .map((name) => FILE.exec(name)?.[1])
          .filter((period) => period !== undefined)
          .sort();
      } catch (error) {
        throw unavailable(error);
      }
    },

    async check() {
      try {
        await ensureKeyDirectory(folder);
        await readdir(folder);
      } catch (error) {
        throw unavailable(error);
      }
    },
  };
}
