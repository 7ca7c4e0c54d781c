import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import path from 'node:path';
import type { SecretBox } from '../app/ports/secret-box.js';
import { KeyError } from '../domain/errors.js';
import { readOrCreateKeyFile } from './key-files.js';

/*
 * A sealed secret, byte by byte: version of key and format (1), nonce (12, random), ciphertext, tag (16).
 * AES-256-GCM; associated data: purpose and version, and the id of the row.
 */
const VERSION = 1;
const NONCE = 12;
const TAG = 16;
const KEY = 32;

/** Seals secrets under a key of their own in the key directory, which no dump of the store holds. */
export async function makeSecretBox({ keyDir }: { readonly keyDir: string }): Promise<SecretBox> {
  const key = await readOrCreateKeyFile(path.join(keyDir, `secret-box-v${VERSION}.key`), () =>
    randomBytes(KEY),
  );
  const boundTo = (id: string) => Buffer.from(JSON.stringify([`lethe/secret-box/v${VERSION}`, id]));

  return {
    seal(id, secret) {
      const nonce = randomBytes(NONCE);
      const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG });
      cipher.setAAD(boundTo(id));
      return Buffer.concat([
        Buffer.from([VERSION]),
        nonce,
        cipher.update(secret, 'utf8'),
        cipher.final(),
        cipher.getAuthTag(),
      ]);
    },
    open(id, sealed) {
      const bytes = Buffer.from(sealed);
      if (bytes.length < 1 + NONCE + TAG || bytes[0] !== VERSION) throw new KeyError('seal_broken');
      try {
        const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(1, 1 + NONCE), {
          authTagLength: TAG,
        });
        decipher.setAAD(boundTo(id));
        decipher.setAuthTag(bytes.subarray(bytes.length - TAG));
        return Buffer.concat([
          decipher.update(bytes.subarray(1 + NONCE, bytes.length - TAG)),
          decipher.final(),
        ]).toString('utf8');
      } catch {
        throw new KeyError('seal_broken');
      }
    },
  };
}
