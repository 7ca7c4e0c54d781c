import { createCipheriv, createDecipheriv, randomBytes, randomUUID } from 'node:crypto';
import { startHttpService, type ServiceAnswer } from './http-service.js';

/**
 * What AWS KMS documents of the calls that the adapter makes: JSON over HTTP (`X-Amz-Target: TrentService.…`), with real AES-GCM, its key
 * states, its limits and its refusals. Not AWS KMS: signatures of requests are looked for and not verified.
 */
export async function startKmsServer() {
  const keys = new Map<string, Key>();
  const aliases = new Map<string, string>();
  const calls: string[] = [];
  let offset = 0;
  let failing = false;
  const now = () => Date.now() + offset;

  /** Keys whose waiting time is over are gone, and their aliases with them. */
  function deleteDue(): void {
    for (const [id, { deletionDate }] of keys)
      if (deletionDate !== undefined && deletionDate <= now()) {
        keys.delete(id);
        for (const [alias, target] of aliases) if (target === id) aliases.delete(alias);
      }
  }

  function find(keyId: unknown, { byAlias = true } = {}): Key {
    const name = text(keyId);
    const isAlias = name.startsWith('alias/');
    if (isAlias && !byAlias) throw new Refusal('NotFoundException');
    const key = keys.get(isAlias ? (aliases.get(name) ?? '') : name);
    if (!key) throw new Refusal('NotFoundException');
    return key;
  }

  function usable(key: Key): Key {
    if (key.deletionDate !== undefined) throw new Refusal('KMSInvalidStateException');
    if (key.disabled) throw new Refusal('DisabledException');
    return key;
  }

  const metadata = (key: Key) => ({
    KeyId: key.id,
    Arn: `arn:aws:kms:eu-test-1:111122223333:key/${key.id}`,
    KeyState: key.deletionDate !== undefined ? 'PendingDeletion' : key.disabled ? 'Disabled' : 'Enabled',
    Enabled: key.deletionDate === undefined && !key.disabled,
    KeyUsage: 'ENCRYPT_DECRYPT',
    KeySpec: 'SYMMETRIC_DEFAULT',
    CreationDate: key.createdAt / 1000,
    ...(key.deletionDate === undefined ? {} : { DeletionDate: key.deletionDate / 1000 }),
  });

  function encrypt(key: Key, plaintext: Buffer, context: Buffer): string {
    const nonce = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', key.material, nonce);
    cipher.setAAD(context);
    const id = Buffer.from(key.id.replaceAll('-', ''), 'hex');
    return Buffer.concat([id, nonce, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]).toString(
      'base64',
    );
  }

  const operations: Readonly<Record<string, (input: Input) => object>> = {
    CreateKey(input) {
      only(input, ['KeySpec', 'KeyUsage', 'Description', 'Tags']);
      if (input['KeySpec'] !== 'SYMMETRIC_DEFAULT' || input['KeyUsage'] !== 'ENCRYPT_DECRYPT')
        throw new Refusal('ValidationException');
      const key: Key = { id: randomUUID(), material: randomBytes(32), createdAt: now(), disabled: false };
      keys.set(key.id, key);
      return { KeyMetadata: metadata(key) };
    },
    CreateAlias(input) {
      only(input, ['AliasName', 'TargetKeyId']);
      const alias = text(input['AliasName']);
      if (!/^alias\/(?!aws\/)[a-zA-Z0-9/_-]{1,250}$/.test(alias)) throw new Refusal('ValidationException');
      if (aliases.has(alias)) throw new Refusal('AlreadyExistsException');
      aliases.set(alias, usable(find(input['TargetKeyId'], { byAlias: false })).id);
      return {};
    },
    DescribeKey(input) {
      only(input, ['KeyId']);
      return { KeyMetadata: metadata(find(input['KeyId'])) };
    },
    ListAliases(input) {
      only(input, ['Limit', 'Marker']);
      const limit = Number(input['Limit'] ?? 50);
      if (!Number.isInteger(limit) || limit < 1 || limit > 100) throw new Refusal('ValidationException');
      const names = [...aliases.keys()].sort();
      const start = input['Marker'] === undefined ? 0 : Number(text(input['Marker']));
      const page = names.slice(start, start + limit);
      const more = start + limit < names.length;
      return {
        Aliases: page.map((AliasName) => ({ AliasName, TargetKeyId: aliases.get(AliasName) })),
        Truncated: more,
        ...(more ? { NextMarker: String(start + limit) } : {}),
      };
    },
    GenerateDataKey(input) {
      only(input, ['KeyId', 'KeySpec', 'EncryptionContext']);
      if (input['KeySpec'] !== 'AES_256') throw new Refusal('ValidationException');
      const key = usable(find(input['KeyId']));
      const plaintext = randomBytes(32);
      return {
        KeyId: metadata(key).Arn,
        Plaintext: plaintext.toString('base64'),
        CiphertextBlob: encrypt(key, plaintext, contextOf(input)),
      };
    },
    Encrypt(input) {
      only(input, ['KeyId', 'Plaintext', 'EncryptionContext']);
      const plaintext = Buffer.from(text(input['Plaintext']), 'base64');
      if (plaintext.length < 1 || plaintext.length > 4096) throw new Refusal('ValidationException');
      const key = usable(find(input['KeyId']));
      return { KeyId: metadata(key).Arn, CiphertextBlob: encrypt(key, plaintext, contextOf(input)) };
    },
    Decrypt(input) {
      only(input, ['KeyId', 'CiphertextBlob', 'EncryptionContext']);
      const blob = Buffer.from(text(input['CiphertextBlob']), 'base64');
      if (blob.length < 1 || blob.length > 6144) throw new Refusal('ValidationException');
      const key = usable(find(input['KeyId']));
      if (blob.length < 16 + 12 + 16) throw new Refusal('InvalidCiphertextException');
      const writer = [...keys.values()].find(
        ({ id }) => id.replaceAll('-', '') === blob.toString('hex', 0, 16),
      );
      if (!writer) throw new Refusal('InvalidCiphertextException');
      if (writer !== key) throw new Refusal('IncorrectKeyException');
      try {
        const decipher = createDecipheriv('aes-256-gcm', key.material, blob.subarray(16, 28));
        decipher.setAAD(contextOf(input));
        decipher.setAuthTag(blob.subarray(blob.length - 16));
        const plaintext = Buffer.concat([
          decipher.update(blob.subarray(28, blob.length - 16)),
          decipher.final(),
        ]);
        return { KeyId: metadata(key).Arn, Plaintext: plaintext.toString('base64') };
      } catch {
        throw new Refusal('InvalidCiphertextException');
      }
    },
    ScheduleKeyDeletion(input) {
      only(input, ['KeyId', 'PendingWindowInDays']);
      const days = Number(input['PendingWindowInDays'] ?? 30);
      if (!Number.isInteger(days) || days < 7 || days > 30) throw new Refusal('ValidationException');
      const key = find(input['KeyId'], { byAlias: false });
      if (key.deletionDate !== undefined) throw new Refusal('KMSInvalidStateException');
      key.deletionDate = now() + days * 24 * 3_600_000;
      return {
        KeyId: key.id,
        KeyState: 'PendingDeletion',
        PendingWindowInDays: days,
        DeletionDate: key.deletionDate / 1000,
      };
    },
  };

  const service = await startHttpService((request, body): ServiceAnswer => {
    const name = String(request.headers['x-amz-target']).replace(/^TrentService\./, '');
    calls.push(name);
    deleteDue();
    const refuse = (type: string, status = 400) => ({
      status,
      headers: { 'Content-Type': 'application/x-amz-json-1.1' },
      body: { __type: type, message: 'a message that names arn:aws:kms:eu-test-1:111122223333:key/x' },
    });
    if (failing) return refuse('KMSInternalException', 500);
    if (
      !/^AWS4-HMAC-SHA256 Credential=[^/]+\/\d{8}\/[a-z0-9-]+\/kms\/aws4_request/.test(
        request.headers.authorization ?? '',
      )
    )
      return refuse('MissingAuthenticationTokenException');
    const operation = Object.hasOwn(operations, name) ? operations[name] : undefined;
    if (!operation) return refuse('UnknownOperationException');
    try {
      return {
        status: 200,
        headers: { 'Content-Type': 'application/x-amz-json-1.1' },
        body: operation(JSON.parse(body) as Input),
      };
    } catch (error) {
      if (error instanceof Refusal) return refuse(error.message);
      throw error;
    }
  });

  return {
    ...service,
    /** Names of the operations that were asked for. */
    calls,
    now,
    advance(ms: number): void {
      offset += ms;
    },
    setFailing(value: boolean): void {
      failing = value;
    },
    disable(alias: string): void {
      find(alias).disabled = true;
    },
    /** Keys by state. */
    count: (state: string) => [...keys.values()].filter((key) => metadata(key).KeyState === state).length,
  };
}

type Input = Readonly<Record<string, unknown>>;

interface Key {
  readonly id: string;
  readonly material: Buffer;
  readonly createdAt: number;
  disabled: boolean;
  deletionDate?: number;
}

class Refusal extends Error {}

function text(value: unknown): string {
  if (typeof value !== 'string') throw new Refusal('ValidationException');
  return value;
}

function only(input: Input, known: readonly string[]): void {
  if (Object.keys(input).some((name) => !known.includes(name))) throw new Refusal('ValidationException');
}

/** The order of its members means nothing. */
function contextOf({ EncryptionContext: context = {} }: Input): Buffer {
  const entries = Object.entries(context as Record<string, unknown>).map(([name, value]) => [
    name,
    text(value),
  ]);
  return Buffer.from(JSON.stringify(entries.sort()));
}
