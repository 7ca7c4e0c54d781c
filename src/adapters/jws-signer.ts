import { readdir } from 'node:fs/promises';
import path from 'node:path';
import {
  calculateJwkThumbprint,
  CompactSign,
  compactVerify,
  createLocalJWKSet,
  exportJWK,
  generateKeyPair,
  importJWK,
  type JSONWebKeySet,
  type JWK,
} from 'jose';
import type { Signer } from '../app/ports/signer.js';
import { KeyError } from '../domain/errors.js';
import { readKeyFile, readOrCreateKeyFile } from './key-files.js';

const FILE = /^signing-(\d{4})\.jwk$/;
const fileName = (serial: number) => `signing-${String(serial).padStart(4, '0')}.jwk`;

interface SigningKey {
  readonly secret: JWK;
  readonly published: JWK & { readonly kid: string };
}

async function newKey(): Promise<Uint8Array> {
  const { privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
  return Buffer.from(JSON.stringify(await exportJWK(privateKey)));
}

async function parseKey(bytes: Buffer): Promise<SigningKey> {
  const secret = parseJwk(bytes);
  const { kty, crv, x } = secret;
  const bare = { ...(kty && { kty }), ...(crv && { crv }), ...(x && { x }) } as JWK;
  const kid = await calculateJwkThumbprint(bare, 'sha256');
  return { secret, published: { ...bare, kid, alg: 'EdDSA', use: 'sig' } };
}

function parseJwk(bytes: Buffer): JWK {
  try {
    return JSON.parse(bytes.toString('utf8')) as JWK;
  } catch {
    // Without its cause: a parser's message quotes what it met, and here that is a secret.
    throw new KeyError('keys_unavailable');
  }
}

/**
 * Ed25519 keys as files of the key directory: the one with the highest number signs, all of them verify, for a receipt outlives its key. The
 * directory is looked at on each call: what one process has signed with a new key, every other one verifies and publishes at once.
 * The key id is the thumbprint of RFC 7638.
 */
export async function makeJwsSigner({ keyDir }: { readonly keyDir: string }): Promise<
  Signer & {
    /** Adds a key that signs from now on, in every process on this directory. */
    rotate(): Promise<void>;
  }
> {
  const folder = path.join(keyDir, 'signing');
  await readOrCreateKeyFile(path.join(folder, fileName(1)), newKey);

  const listSerials = async (): Promise<readonly number[]> => {
    try {
      return (await readdir(folder))
        .map((name) => FILE.exec(name)?.[1])
        .filter((serial) => serial !== undefined)
        .map(Number)
        .sort((a, b) => b - a);
    } catch (error) {
      throw new KeyError('keys_unavailable', { cause: error });
    }
  };

  const load = async (serials: readonly number[]): Promise<readonly SigningKey[]> => {
    const keys: SigningKey[] = [];
    for (const serial of serials) {
      const bytes = await readKeyFile(path.join(folder, fileName(serial)));
      if (bytes) keys.push(await parseKey(bytes));
    }
    return keys;
  };

  let held: { readonly serials: string; readonly keys: readonly SigningKey[] } = { serials: '', keys: [] };
  /** The key that signs first. */
  const currentKeys = async (): Promise<readonly SigningKey[]> => {
    const serials = await listSerials();
    if (serials.join() !== held.serials) held = { serials: serials.join(), keys: await load(serials) };
    return held.keys;
  };
  const jwks = async (): Promise<JSONWebKeySet> => ({
    keys: (await currentKeys()).map(({ published }) => published),
  });
  // Whoever starts with keys that cannot be read should fail now and not at the first receipt.
  await currentKeys();

  return {
    async sign(typ, claims) {
      const [current] = await currentKeys();
      if (!current) throw new KeyError('keys_unavailable');
      return new CompactSign(Buffer.from(JSON.stringify(claims)))
        .setProtectedHeader({ alg: 'EdDSA', kid: current.published.kid, typ })
        .sign(await importJWK(current.secret, 'EdDSA'));
    },
    async verify(typ, jws) {
      const keys = createLocalJWKSet(await jwks());
      try {
        const { payload, protectedHeader } = await compactVerify(jws, keys, {
          algorithms: ['EdDSA'],
        });
        if (protectedHeader.typ !== typ) throw new KeyError('signature_invalid');
        return JSON.parse(Buffer.from(payload).toString('utf8')) as Record<string, unknown>;
      } catch {
        throw new KeyError('signature_invalid');
      }
    },
    jwks,
    async rotate() {
      const [highest = 0] = await listSerials();
      await readOrCreateKeyFile(path.join(folder, fileName(highest + 1)), newKey);
    },
  };
}
