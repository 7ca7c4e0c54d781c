import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import type { SealContext, Sealer } from '../app/ports/sealer.js';
import { KeyError } from '../domain/errors.js';

/*
 * A sealed value, byte by byte:
 *   0–2   magic "LTH"
 *   3     version of the format, 1
 *   4     algorithm, 1 = AES-256-GCM
 *   5–16  nonce, random
 *   17–   ciphertext
 *   last 16 bytes: tag
 * Subkey: HKDF-SHA-256 (RFC 5869) of the data key with the salt that is kept apart; info = associated data = version, algorithm and the
 * context, each part with its length before it, so that no two contexts encode alike.
 */
const MAGIC = Buffer.from('LTH');
const VERSION = 1;
const AES_256_GCM = 1;
const NONCE = 12;
const TAG = 16;
const HEADER = MAGIC.length + 2 + NONCE;
const SALT = 32;
const KEY = 32;

/** Length-prefixed parts (32-bit big endian). */
function encodeContext(context: SealContext): Buffer {
  const parts = [
    `lethe/seal/v${VERSION}/${AES_256_GCM}`,
    context.tenantId,
    context.verificationId,
    String(context.epoch),
    context.purpose,
    context.recordId,
  ];
  return Buffer.concat(
    parts.flatMap((part) => {
      const bytes = Buffer.from(part, 'utf8');
      const length = Buffer.alloc(4);
      length.writeUInt32BE(bytes.length);
      return [length, bytes];
    }),
  );
}

/** Runs `work` with the subkey and wipes it. */
function withSubkey<T>(dataKey: Uint8Array, salt: Uint8Array, info: Buffer, work: (subkey: Buffer) => T): T {
  const subkey = Buffer.from(hkdfSync('sha256', dataKey, salt, info, KEY));
  try {
    return work(subkey);
  } finally {
    subkey.fill(0);
  }
}

export function makeAesGcmSealer(): Sealer {
  return {
    seal(dataKey, context, plaintext) {
      const salt = randomBytes(SALT);
      const info = encodeContext(context);
      return withSubkey(dataKey, salt, info, (subkey) => {
        const nonce = randomBytes(NONCE);
        const header = Buffer.concat([MAGIC, Buffer.from([VERSION, AES_256_GCM]), nonce]);
        const cipher = createCipheriv('aes-256-gcm', subkey, nonce, { authTagLength: TAG });
        cipher.setAAD(Buffer.concat([header, info]));
        const sealed = Buffer.concat([header, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
        return { salt, sealed };
      });
    },

    open(dataKey, context, salt, sealed) {
      const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength);
      const header = bytes.subarray(0, HEADER);
      const known = Buffer.concat([MAGIC, Buffer.from([VERSION, AES_256_GCM])]);
      if (bytes.length < HEADER + TAG || !header.subarray(0, known.length).equals(known))
        throw new KeyError('seal_broken');
      const info = encodeContext(context);
      return withSubkey(dataKey, salt, info, (subkey) => {
        try {
          const decipher = createDecipheriv('aes-256-gcm', subkey, header.subarray(known.length), {
            authTagLength: TAG,
          });
          decipher.setAAD(Buffer.concat([header, info]));
          decipher.setAuthTag(bytes.subarray(bytes.length - TAG));
          return Buffer.concat([
            decipher.update(bytes.subarray(HEADER, bytes.length - TAG)),
            decipher.final(),
          ]);
        } catch {
          throw new KeyError('seal_broken');
        }
      });
    },
  };
}
