import {
  CreateAliasCommand,
  CreateKeyCommand,
  DecryptCommand,
  DescribeKeyCommand,
  EncryptCommand,
  GenerateDataKeyCommand,
  KMSClient,
  ListAliasesCommand,
  ScheduleKeyDeletionCommand,
  type KeyMetadata,
} from '@aws-sdk/client-kms';
import path from 'node:path';
import type { Clock } from '../app/ports/clock.js';
import type { KeyBinding, KeyProvider } from '../app/ports/key-provider.js';
import { KeyError, type FaultCode } from '../domain/errors.js';
import { isWrappingKeyId } from '../domain/wrapping-keys.js';
import { readKeyFile, readOrCreateKeyFile } from './key-files.js';

export interface KmsKeyProviderOptions {
  readonly region: string;
  /** For a server other than AWS, or a private endpoint. */
  readonly endpoint?: string;
  /** Where they are not given, the SDK looks for them in its usual places (role of the machine, profile). */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** Begins the alias of every key that is ours. */
  readonly prefix: string;
  /** Days between the order to delete a key and its deletion, 7–30. */
  readonly pendingDays: number;
  /** The key directory that all processes share: keeps the marks of what was destroyed. */
  readonly keyDir: string;
  /** Real time: the service's own keeps to nothing else. */
  readonly clock: Clock;
  /** Milliseconds for one try of one call; 5 s by default. */
  readonly timeoutMs?: number;
}

const CONNECT_MS = 3_000;
const DAY = 24 * 3_600_000;
const ALIAS_PAGE = 100;

/** The wrapping is not what this key has made for that binding. */
const REFUSED = new Set(['InvalidCiphertextException', 'IncorrectKeyException', 'ValidationException']);
/** Something is the matter with the key. */
const STATE = new Set(['KMSInvalidStateException', 'NotFoundException', 'DisabledException']);

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : '');

/** What the service's message says may name account and key, hence the kind alone. */
const unavailable = (error: unknown): KeyError =>
  error instanceof KeyError
    ? error
    : new KeyError('keys_unavailable', { cause: new Error(nameOf(error) || 'unknown') });

/** `null` where the service knows no such key. */
async function orNull<T>(work: Promise<T>): Promise<T | null> {
  try {
    return await work;
  } catch (error) {
    if (nameOf(error) === 'NotFoundException') return null;
    throw unavailable(error);
  }
}

/** Is authenticated with the wrapped key, and stands in the service's own trail. */
const contextOf = (keyId: string, { tenantId, verificationId, epoch }: KeyBinding) => ({
  purpose: 'lethe/wrap/v1',
  key: keyId,
  tenant: tenantId,
  verification: verificationId,
  epoch: String(epoch),
});

/**
 * Wrapping keys in AWS KMS: a symmetric key each, found by its alias `alias/<prefix>-<id>`.
 *
 * Destroying orders the key's deletion: it wraps and opens nothing from then on, and is gone after the waiting time, its alias with it. What
 * keeps the id from ever getting a second key is a mark in the key directory, set before the order.
 */
export function makeKmsKeyProvider(options: KmsKeyProviderOptions): KeyProvider {
  const { region, endpoint, credentials, prefix, pendingDays, keyDir, clock, timeoutMs = 5_000 } = options;
  const client = new KMSClient({
    region,
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(credentials === undefined ? {} : { credentials }),
    maxAttempts: 3,
    requestHandler: { connectionTimeout: CONNECT_MS, requestTimeout: timeoutMs },
  });
  const aliasOf = (keyId: string) => {
    if (!isWrappingKeyId(keyId)) throw new KeyError('key_rejected');
    return `alias/${prefix}-${keyId}`;
  };

  const markOf = (keyId: string) => path.join(keyDir, 'destroyed-keys', keyId);
  const isMarked = async (keyId: string) => (await readKeyFile(markOf(keyId))) !== null;
  const mark = (keyId: string) => readOrCreateKeyFile(markOf(keyId), () => new Uint8Array());

  const describe = async (keyId: string): Promise<KeyMetadata | null> =>
    (await orNull(client.send(new DescribeKeyCommand({ KeyId: aliasOf(keyId) }))))?.KeyMetadata ?? null;

  /** The service's own id of a live key. @throws KeyError `key_destroyed` for one whose deletion was ordered */
  function idOf({ KeyId, KeyState }: KeyMetadata): string {
    if (KeyState === 'PendingDeletion') throw new KeyError('key_destroyed');
    if (KeyId === undefined || KeyState !== 'Enabled') throw new KeyError('keys_unavailable');
    return KeyId;
  }

  const orderDeletion = (id: string) =>
    client.send(new ScheduleKeyDeletionCommand({ KeyId: id, PendingWindowInDays: pendingDays }));

  /** Of several processes that make it at once the first to take the alias wins; the others' keys, which wrapped nothing, are deleted. */
  async function create(keyId: string): Promise<KeyMetadata> {
    const { KeyMetadata: made } = await client.send(
      new CreateKeyCommand({
        KeySpec: 'SYMMETRIC_DEFAULT',
        KeyUsage: 'ENCRYPT_DECRYPT',
        Description: 'Lethe wrapping key',
        Tags: [{ TagKey: 'lethe-prefix', TagValue: prefix }],
      }),
    );
    if (made?.KeyId === undefined) throw new KeyError('keys_unavailable');
    try {
      await client.send(new CreateAliasCommand({ AliasName: aliasOf(keyId), TargetKeyId: made.KeyId }));
      return made;
    } catch (error) {
      await orderDeletion(made.KeyId);
      const winner = nameOf(error) === 'AlreadyExistsException' ? await describe(keyId) : null;
      if (!winner) throw error;
      return winner;
    }
  }

  /** Ids of live keys by ours. An alias is never moved to another key. */
  const known = new Map<string, Promise<string>>();
  async function keyForWrapping(keyId: string): Promise<string> {
    const alias = aliasOf(keyId);
    if (await isMarked(keyId)) throw new KeyError('key_destroyed');
    let id = known.get(alias);
    if (!id) {
      id = describe(keyId).then(async (found) => idOf(found ?? (await create(keyId))));
      known.set(alias, id);
      id.catch(() => known.delete(alias));
    }
    return id;
  }

  /** Uses a key; what the service says of its state is looked up before it is believed. */
  async function using<T>(keyId: string, refused: FaultCode, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (REFUSED.has(nameOf(error))) throw new KeyError(refused);
      if (!STATE.has(nameOf(error))) throw unavailable(error);
      known.delete(aliasOf(keyId));
      const key = await describe(keyId);
      if (!key) throw new KeyError('key_destroyed');
      idOf(key);
      throw new KeyError('keys_unavailable');
    }
  }

  return {
    // The service says that it may take up to a day longer than the waiting time.
    destructionDelay: (pendingDays + 1) * DAY,

    generateDataKey: async (keyId, binding) =>
      using(keyId, 'keys_unavailable', async () => {
        const { Plaintext: key, CiphertextBlob: wrapped } = await client.send(
          new GenerateDataKeyCommand({
            KeyId: await keyForWrapping(keyId),
            KeySpec: 'AES_256',
            EncryptionContext: contextOf(keyId, binding),
          }),
        );
        if (!key || !wrapped) throw new KeyError('keys_unavailable');
        return { key, wrapped };
      }),

    wrap: async (keyId, key, binding) =>
      using(keyId, 'keys_unavailable', async () => {
        const { CiphertextBlob: wrapped } = await client.send(
          new EncryptCommand({
            KeyId: await keyForWrapping(keyId),
            Plaintext: key,
            EncryptionContext: contextOf(keyId, binding),
          }),
        );
        if (!wrapped) throw new KeyError('keys_unavailable');
        return wrapped;
      }),

    async unwrap(keyId, wrapped, binding) {
      const alias = aliasOf(keyId);
      if (await isMarked(keyId)) throw new KeyError('key_destroyed');
      return using(keyId, 'key_rejected', async () => {
        const found = known.get(alias) ?? describe(keyId).then((key) => key && idOf(key));
        const id = await found;
        if (id === null) throw new KeyError('key_destroyed');
        known.set(alias, Promise.resolve(id));
        const { Plaintext: key } = await client.send(
          new DecryptCommand({
            // Named, or a wrapping of any other key of the account would open as well.
            KeyId: id,
            CiphertextBlob: wrapped,
            EncryptionContext: contextOf(keyId, binding),
          }),
        );
        if (!key) throw new KeyError('keys_unavailable');
        return key;
      });
    },

    async destroy(keyId) {
      const key = await describe(keyId);
      if (key?.KeyId === undefined) return;
      await mark(keyId);
      known.delete(aliasOf(keyId));
      if (key.KeyState === 'PendingDeletion') return;
      try {
        await orderDeletion(key.KeyId);
      } catch (error) {
        // Another process was quicker.
        if ((await describe(keyId))?.KeyState !== 'PendingDeletion') throw unavailable(error);
      }
    },

    async isDestroyed(keyId) {
      const key = await describe(keyId);
      if (!key) return true;
      const { KeyState, DeletionDate } = key;
      return (
        KeyState === 'PendingDeletion' &&
        DeletionDate !== undefined &&
        DeletionDate.getTime() + DAY <= clock.now().getTime()
      );
    },

    async keyIds() {
      const ids: string[] = [];
      let marker: string | undefined;
      try {
        do {
          const page = await client.send(
            new ListAliasesCommand({
              Limit: ALIAS_PAGE,
              ...(marker === undefined ? {} : { Marker: marker }),
            }),
          );
          for (const { AliasName = '' } of page.Aliases ?? []) {
            const start = `alias/${prefix}-`;
            const id = AliasName.slice(start.length);
            if (AliasName.startsWith(start) && isWrappingKeyId(id) && !(await isMarked(id))) ids.push(id);
          }
          marker = page.Truncated === true ? page.NextMarker : undefined;
        } while (marker !== undefined);
        return ids.sort();
      } catch (error) {
        throw unavailable(error);
      }
    },

    async check() {
      try {
        await client.send(new ListAliasesCommand({ Limit: 1 }));
      } catch (error) {
        throw unavailable(error);
      }
    },
  };
}
