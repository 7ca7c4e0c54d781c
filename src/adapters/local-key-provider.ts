import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { open, readdir, unlink } from 'node:fs/promises';
import path from 'node:path';
import type { KeyBinding, KeyProvider } from '../app/ports/key-provider.js';
import { KeyError } from '../domain/errors.js';
import { isWrappingKeyId } from '../domain/wrapping-keys.js';
import { ensureKeyDirectory, isCode, readKeyFile, readOrCreateKeyFile, syncDirectory } from './key-files.js';

const KEY = 32;
const NONCE = 12;
const TAG = 16;
const SUFFIX = '.key';

const bindingBytes = (keyId: string, { tenantId, verificationId, epoch }: KeyBinding) =>
  Buffer.from(JSON.stringify(['lethe/wrap/v1', keyId, tenantId, verificationId, epoch]));

/** What the file system says names the path; what we say must not. */
const unavailable = (error: unknown) =>
  error instanceof KeyError ? error : new KeyError('keys_unavailable', { cause: error });

/**
 * Wrapping keys as files of a directory that only the service may read (0700, files 0600). A wrapping is nonce, ciphertext and tag of
 * AES-256-GCM with the binding as associated data.
 *
 * Destroying leaves an empty mark, `<id>.destroyed`, so that an id never gets a second key, and overwrites the file before it
 * is unlinked. On a copy-on-write file system, an SSD or a disk with snapshots the old blocks can outlive that: put the directory on a
 * volume that is neither backed up nor snapshotted, or use a KMS. No process keeps a wrapping key, so destruction binds all of them at once.
 */
export function makeLocalKeyProvider({ directory }: { readonly directory: string }): KeyProvider {
  const folder = path.join(directory, 'wrapping-keys');
  const fileOf = (keyId: string) => {
    if (!isWrappingKeyId(keyId)) throw new KeyError('key_rejected');
    return path.join(folder, `${keyId}${SUFFIX}`);
  };
  const markOf = (keyId: string) => fileOf(keyId).replace(/key$/, 'destroyed');

  /** The mark is set before the key is overwritten: bytes that were read in between are no key, and this tells. */
  async function liveKey(keyId: string, read: () => Promise<Buffer | null>): Promise<Buffer> {
    const bytes = await read();
    if (!bytes || (await readKeyFile(markOf(keyId)))) {
      bytes?.fill(0);
      throw new KeyError('key_destroyed');
    }
    if (bytes.length !== KEY) throw new KeyError('keys_unavailable');
    return bytes;
  }

  async function keyForWrapping(keyId: string): Promise<Buffer> {
    const file = fileOf(keyId);
    if (await readKeyFile(markOf(keyId))) throw new KeyError('key_destroyed');
    return liveKey(keyId, () => readOrCreateKeyFile(file, () => randomBytes(KEY)));
  }

  async function wrap(keyId: string, key: Uint8Array, binding: KeyBinding): Promise<Buffer> {
    const wrappingKey = await keyForWrapping(keyId);
    try {
      const nonce = randomBytes(NONCE);
      const cipher = createCipheriv('aes-256-gcm', wrappingKey, nonce, { authTagLength: TAG });
      cipher.setAAD(bindingBytes(keyId, binding));
      return Buffer.concat([nonce, cipher.update(key), cipher.final(), cipher.getAuthTag()]);
    } finally {
      wrappingKey.fill(0);
    }
  }

  /** Overwrites in place, so that every name of the file (a link left by a crash) loses the key. */
  async function wipe(keyId: string): Promise<void> {
    const file = fileOf(keyId);
    const handle = await open(file, 'r+');
    try {
      await (await open(markOf(keyId), 'a', 0o600)).close();
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
    destructionDelay: 0,

    async generateDataKey(keyId, binding) {
      const key = randomBytes(KEY);
      return { key, wrapped: await wrap(keyId, key, binding) };
    },

    wrap,

    async unwrap(keyId, wrapped, binding) {
      const file = fileOf(keyId);
      const wrappingKey = await liveKey(keyId, () => readKeyFile(file));
      try {
        const bytes = Buffer.from(wrapped);
        const decipher = createDecipheriv('aes-256-gcm', wrappingKey, bytes.subarray(0, NONCE), {
          authTagLength: TAG,
        });
        decipher.setAAD(bindingBytes(keyId, binding));
        decipher.setAuthTag(bytes.subarray(bytes.length - TAG));
        return Buffer.concat([decipher.update(bytes.subarray(NONCE, bytes.length - TAG)), decipher.final()]);
      } catch {
        throw new KeyError('key_rejected');
      } finally {
        wrappingKey.fill(0);
      }
    },

    async destroy(keyId) {
      try {
        await wipe(keyId);
      } catch (error) {
        // None there, or another process was quicker.
        if (isCode(error, 'ENOENT')) return;
        throw unavailable(error);
      }
    },

    isDestroyed: async (keyId) => (await readKeyFile(fileOf(keyId))) === null,

    async keyIds() {
      try {
        await ensureKeyDirectory(folder);
        return (await readdir(folder))
          .filter((name) => name.endsWith(SUFFIX))
          .map((name) => name.slice(0, -SUFFIX.length))
          .filter(isWrappingKeyId)
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
