import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { startHttpService, type ServiceAnswer } from './http-service.js';

/**
 * What OpenBao documents, and its source shows, of the transit calls that the adapter makes, with real AES-GCM: versions, their limits, trimming,
 * and what is refused how. Not OpenBao: there are no policies but whether a token may make keys by encrypting, no seals and no storage.
 */
export async function startTransitServer(options: { readonly token: string; readonly mount: string }) {
  const keys = new Map<string, Key>();
  const calls: string[] = [];
  let token = options.token;
  let failing = false;

  function view(name: string, key: Key) {
    return {
      name,
      type: 'aes256-gcm96',
      derived: false,
      exportable: key.exportable,
      allow_plaintext_backup: key.backup,
      deletion_allowed: false,
      latest_version: key.latest,
      min_decryption_version: key.minDecryption,
      min_encryption_version: key.minEncryption,
      min_available_version: key.minAvailable,
      keys: Object.fromEntries([...key.versions.keys()].map((version) => [String(version), 0])),
    };
  }

  function make(name: string, body: Body): Key {
    const key = keys.get(name) ?? {
      versions: new Map([[1, randomBytes(32)]]),
      exportable: body['exportable'] === true,
      backup: body['allow_plaintext_backup'] === true,
      latest: 1,
      minDecryption: 1,
      minEncryption: 0,
      minAvailable: 0,
    };
    keys.set(name, key);
    return key;
  }

  function encrypt(name: string, body: Body): object {
    const key = keys.get(name);
    // A token that may not create is refused before the engine is asked.
    if (!key) throw new Refusal(403, 'permission denied');
    if (typeof body['plaintext'] !== 'string') throw new Refusal(400, 'missing plaintext to encrypt');
    const version = Number(body['key_version'] ?? 0) || key.latest;
    if (version > key.latest)
      throw new Refusal(400, 'requested version for encryption is higher than the latest key version');
    if (version < key.minEncryption)
      throw new Refusal(
        400,
        'requested version for encryption is less than the minimum encryption key version',
      );
    const material = key.versions.get(version);
    if (!material) throw new Refusal(400, 'no such key version');
    const nonce = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', material, nonce);
    cipher.setAAD(associatedData(body));
    const sealed = Buffer.concat([
      nonce,
      cipher.update(Buffer.from(body['plaintext'], 'base64')),
      cipher.final(),
      cipher.getAuthTag(),
    ]);
    return { ciphertext: `vault:v${version}:${sealed.toString('base64')}`, key_version: version };
  }

  function decrypt(name: string, body: Body): object {
    const ciphertext = body['ciphertext'];
    if (typeof ciphertext !== 'string' || ciphertext === '')
      throw new Refusal(400, 'missing ciphertext to decrypt');
    const key = keys.get(name);
    if (!key) throw new Refusal(400, 'encryption key not found');
    const parts = /^vault:v(\d+):(.*)$/s.exec(ciphertext);
    if (!parts) throw new Refusal(400, 'invalid ciphertext: no prefix');
    const version = Number(parts[1]);
    if (version > key.latest) throw new Refusal(400, 'invalid ciphertext: version is too new');
    if (version < key.minDecryption)
      throw new Refusal(400, 'ciphertext or signature version is disallowed by policy (too old)');
    const material = key.versions.get(version);
    if (!material) throw new Refusal(400, 'no such key version');
    const sealed = Buffer.from(parts[2] ?? '', 'base64');
    if (sealed.length < 28) throw new Refusal(400, 'invalid ciphertext length');
    try {
      const decipher = createDecipheriv('aes-256-gcm', material, sealed.subarray(0, 12));
      decipher.setAAD(associatedData(body));
      decipher.setAuthTag(sealed.subarray(sealed.length - 16));
      const plaintext = Buffer.concat([
        decipher.update(sealed.subarray(12, sealed.length - 16)),
        decipher.final(),
      ]);
      return { plaintext: plaintext.toString('base64') };
    } catch {
      throw new Refusal(400, 'cipher: message authentication failed');
    }
  }

  function rotate(key: Key): void {
    key.latest++;
    key.versions.set(key.latest, randomBytes(32));
  }

  function configure(key: Key, body: Body): void {
    const decryption = Number(body['min_decryption_version'] ?? key.minDecryption);
    const encryption = Number(body['min_encryption_version'] ?? key.minEncryption);
    if (decryption > key.latest || encryption > key.latest)
      throw new Refusal(400, 'cannot set a minimum version above the latest key version');
    if (encryption > 0 && encryption < decryption)
      throw new Refusal(400, 'cannot set min encryption/decryption values');
    [key.minDecryption, key.minEncryption] = [decryption, encryption];
  }

  function trim(key: Key, body: Body): void {
    const least = Number(body['min_available_version']);
    if (least < key.minAvailable) throw new Refusal(400, 'minimum available version cannot be decremented');
    if (key.minEncryption === 0)
      throw new Refusal(
        400,
        'minimum available version cannot be set when minimum encryption version is not set',
      );
    if (!(least >= 1) || least > key.minEncryption || least > key.minDecryption)
      throw new Refusal(400, 'minimum available version cannot be greater than the others');
    key.minAvailable = least;
    for (const version of key.versions.keys()) if (version < least) key.versions.delete(version);
  }

  function answer(method: string, path: string, body: Body): object {
    const [area, name = '', action] = path.split('/');
    if (area === 'keys?list=true' && method === 'GET') {
      if (keys.size === 0) throw new Refusal(404);
      return { keys: [...keys.keys()].sort() };
    }
    if (method === 'POST' && area === 'encrypt') return encrypt(name, body);
    if (method === 'POST' && area === 'decrypt') return decrypt(name, body);
    if (area !== 'keys') throw new Refusal(404, 'unsupported path');
    if (method === 'POST' && action === undefined) return view(name, make(name, body));
    const key = keys.get(name);
    if (!key) throw action === undefined ? new Refusal(404) : new Refusal(400, 'no existing key');
    if (method === 'POST' && action === 'rotate') rotate(key);
    if (method === 'POST' && action === 'config') configure(key, body);
    if (method === 'POST' && action === 'trim') trim(key, body);
    return view(name, key);
  }

  const service = await startHttpService((request, body): ServiceAnswer => {
    const { method = '', url = '' } = request;
    const path = url.replace(`/v1/${options.mount}/`, '');
    calls.push(`${method} ${path}`);
    if (failing) return { status: 503, body: { errors: ['Vault is sealed'] } };
    if (request.headers['x-vault-token'] !== token)
      return { status: 403, body: { errors: ['permission denied'] } };
    if (path === url) return { status: 404, body: { errors: [`no handler for route "${url}"`] } };
    try {
      return {
        status: 200,
        body: { data: answer(method, path, body === '' ? {} : (JSON.parse(body) as Body)) },
      };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return { status: error.status, body: { errors: error.message === '' ? [] : [error.message] } };
    }
  });

  return {
    ...service,
    calls,
    keys,
    setFailing(value: boolean): void {
      failing = value;
    },
    setToken(value: string): void {
      token = value;
    },
  };
}

type Body = Readonly<Record<string, unknown>>;

interface Key {
  readonly versions: Map<number, Buffer>;
  readonly exportable: boolean;
  readonly backup: boolean;
  latest: number;
  minDecryption: number;
  minEncryption: number;
  minAvailable: number;
}

class Refusal extends Error {
  constructor(
    readonly status: number,
    message = '',
  ) {
    super(message);
  }
}

function associatedData(body: Body): Buffer {
  const data = body['associated_data'];
  if (data === undefined) return Buffer.alloc(0);
  if (typeof data !== 'string' || Buffer.from(data, 'base64').toString('base64') !== data)
    throw new Refusal(500, 'unable to get associated_data');
  return Buffer.from(data, 'base64');
}
