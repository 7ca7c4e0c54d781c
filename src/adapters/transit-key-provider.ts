import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { KeyBinding, KeyProvider } from '../app/ports/key-provider.js';
import { KeyError, type FaultCode } from '../domain/errors.js';
import { isWrappingKeyId } from '../domain/wrapping-keys.js';

export interface TransitKeyProviderOptions {
  /** Where OpenBao or Vault answers, without a trailing slash. */
  readonly url: string;
  /** Path of the transit engine. */
  readonly mount: string;
  /** Begins the name of every key that is ours. */
  readonly prefix: string;
  /** The token itself, or a file that an agent keeps fresh and that is read for each call. */
  readonly token: { readonly value: string } | { readonly file: string };
  readonly namespace?: string;
  /** Milliseconds for one call; 5 s by default. */
  readonly timeoutMs?: number;
}

const KEY = 32;
/** The only version that ever wraps: a later one marks the key as destroyed. */
const VERSION = 1;
const WRAPPING = new RegExp(`^vault:v${VERSION}:([A-Za-z0-9+/]+={0,2})$`);
/** Keys whose state is asked for at the same time. */
const AT_ONCE = 8;

interface TransitKey {
  readonly type: string;
  readonly exportable: boolean;
  readonly allow_plaintext_backup: boolean;
  readonly latest_version: number;
  readonly min_decryption_version: number;
  readonly min_available_version: number;
}

interface Answer {
  readonly status: number;
  readonly data: Readonly<Record<string, unknown>>;
  readonly errors: readonly unknown[];
}

const base64 = (bytes: Uint8Array | string) => Buffer.from(bytes).toString('base64');

/** Is authenticated with the wrapped key, and stands in no store. */
const bindingOf = (keyId: string, { tenantId, verificationId, epoch }: KeyBinding) =>
  base64(JSON.stringify(['lethe/wrap/v1', keyId, tenantId, verificationId, epoch]));

const unavailable = (cause?: unknown) => new KeyError('keys_unavailable', { cause });

/** Whether the key no longer opens anything, though its first version may still be there to be trimmed. */
const isEnding = (key: TransitKey) => key.min_decryption_version > VERSION;
const isTrimmed = (key: TransitKey) => key.min_available_version > VERSION;
/** A key that could have been taken out of the engine cannot be destroyed there. */
const isOurs = (key: TransitKey) =>
  key.type === 'aes256-gcm96' && !key.exportable && !key.allow_plaintext_backup;

/**
 * Wrapping keys in the transit engine of OpenBao or Vault: a key `<prefix>-<id>` each, not exportable.
 *
 * Destroying rotates the key, forbids its first version and trims it, which removes that version from key and archive for good. The name stays
 * taken, and because only version 1 is ever asked to wrap, the engine itself refuses a destroyed key. Deleting the key would free its name, and
 * between looking for a mark and making the key another process could bring it back.
 */
export function makeTransitKeyProvider(options: TransitKeyProviderOptions): KeyProvider {
  const { url, mount, prefix, token, namespace, timeoutMs = 5_000 } = options;
  /** Names of keys that were seen to be sound; what changes afterwards shows when they are used. */
  const seen = new Set<string>();

  const nameOf = (keyId: string) => {
    if (!isWrappingKeyId(keyId)) throw new KeyError('key_rejected');
    return `${prefix}-${keyId}`;
  };

  /** Answers that say something about a key; any other is a fault of the engine, its token or the way to it. */
  async function call(method: 'GET' | 'POST', path: string, body?: object): Promise<Answer> {
    try {
      const value = 'value' in token ? token.value : (await readFile(token.file, 'utf8')).trim();
      const response = await fetch(`${url}/v1/${mount}/${path}`, {
        method,
        headers: {
          'X-Vault-Token': value,
          'X-Vault-Request': 'true',
          ...(namespace === undefined ? {} : { 'X-Vault-Namespace': namespace }),
          ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        // A redirect would take the token to wherever it says.
        redirect: 'error',
        signal: AbortSignal.timeout(timeoutMs),
      });
      const text = await response.text();
      const { data, errors } = (text === '' ? {} : JSON.parse(text)) as Partial<Answer>;
      if (![200, 204, 400, 403, 404].includes(response.status)) throw unavailable();
      return { status: response.status, data: data ?? {}, errors: errors ?? [] };
    } catch (error) {
      throw error instanceof KeyError ? error : unavailable(error);
    }
  }

  async function must(path: string, body: object): Promise<void> {
    const { status } = await call('POST', path, body);
    if (status !== 200 && status !== 204) throw unavailable();
  }

  async function readKey(name: string): Promise<TransitKey | null> {
    const { status, data, errors } = await call('GET', `keys/${name}`);
    // Without an error it is the key that is missing; with one, the engine.
    if (status === 404 && errors.length === 0) return null;
    if (status !== 200) throw unavailable();
    return data as unknown as TransitKey;
  }

  async function ensureKey(name: string): Promise<void> {
    if (seen.has(name)) return;
    let key = await readKey(name);
    if (!key) {
      // Fine where another process is quicker: making a key that is there changes nothing.
      await must(`keys/${name}`, { type: 'aes256-gcm96', exportable: false, allow_plaintext_backup: false });
      key = await readKey(name);
    }
    if (!key || !isOurs(key)) throw unavailable();
    if (isEnding(key)) throw new KeyError('key_destroyed');
    seen.add(name);
  }

  /** Why the engine refused: the key is gone, or else what the caller takes it for. */
  async function refusal(name: string, otherwise: FaultCode): Promise<KeyError> {
    seen.delete(name);
    const key = await readKey(name);
    return new KeyError(!key || isEnding(key) ? 'key_destroyed' : otherwise);
  }

  async function wrap(keyId: string, key: Uint8Array, binding: KeyBinding): Promise<Uint8Array> {
    const name = nameOf(keyId);
    await ensureKey(name);
    const { status, data } = await call('POST', `encrypt/${name}`, {
      plaintext: base64(key),
      associated_data: bindingOf(keyId, binding),
      key_version: VERSION,
    });
    if (status !== 200) throw await refusal(name, 'keys_unavailable');
    const wrapped = WRAPPING.exec(String(data['ciphertext']))?.[1];
    if (wrapped === undefined) throw unavailable();
    return Buffer.from(wrapped, 'base64');
  }

  return {
    destructionDelay: 0,

    async generateDataKey(keyId, binding) {
      const key = randomBytes(KEY);
      return { key, wrapped: await wrap(keyId, key, binding) };
    },

    wrap,

    async unwrap(keyId, wrapped, binding) {
      const name = nameOf(keyId);
      const { status, data } = await call('POST', `decrypt/${name}`, {
        ciphertext: `vault:v${VERSION}:${base64(wrapped)}`,
        associated_data: bindingOf(keyId, binding),
      });
      if (status === 400) throw await refusal(name, 'key_rejected');
      const key = Buffer.from(String(data['plaintext']), 'base64');
      if (status !== 200 || key.length !== KEY) throw unavailable();
      return key;
    },

    async destroy(keyId) {
      const name = nameOf(keyId);
      const key = await readKey(name);
      if (!key || isTrimmed(key)) return;
      const next = VERSION + 1;
      if (key.latest_version < next) await must(`keys/${name}/rotate`, {});
      await must(`keys/${name}/config`, { min_decryption_version: next, min_encryption_version: next });
      await must(`keys/${name}/trim`, { min_available_version: next });
    },

    async isDestroyed(keyId) {
      const key = await readKey(nameOf(keyId));
      return !key || isTrimmed(key);
    },

    async keyIds() {
      const { status, data, errors } = await call('GET', 'keys?list=true');
      if (status === 404 && errors.length === 0) return [];
      if (status !== 200) throw unavailable();
      const ids = (data['keys'] as readonly string[])
        .filter((name) => name.startsWith(`${prefix}-`))
        .map((name) => name.slice(prefix.length + 1))
        .filter(isWrappingKeyId);
      const live: string[] = [];
      for (let start = 0; start < ids.length; start += AT_ONCE)
        await Promise.all(
          ids.slice(start, start + AT_ONCE).map(async (id) => {
            const key = await readKey(nameOf(id));
            if (key && !isTrimmed(key)) live.push(id);
          }),
        );
      return live.sort();
    },

    async check() {
      const { status, errors } = await call('GET', 'keys?list=true');
      if (status !== 200 && !(status === 404 && errors.length === 0)) throw unavailable();
    },
  };
}
