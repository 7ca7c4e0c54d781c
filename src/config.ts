import { readFile, rename, writeFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { REVIEW_OUTCOMES, type ReviewOutcome } from './domain/state-machine.js';

/** A setting that cannot be used. Names the setting, never its value: it may be a secret. */
export class ConfigError extends Error {
  constructor(
    readonly key: string,
    readonly problem: 'missing' | 'invalid',
  ) {
    super(`${key} is ${problem}`);
    this.name = 'ConfigError';
  }
}

export type StorageConfig =
  | { readonly kind: 'filesystem'; readonly directory: string }
  | {
      readonly kind: 's3';
      readonly endpoint?: string;
      readonly region: string;
      readonly bucket: string;
      readonly accessKeyId: string;
      readonly secretAccessKey: string;
      readonly forcePathStyle: boolean;
    };

/** Where wrapping keys live. The key directory is needed in any case: it has the keys that sign. */
export type KeysConfig =
  | { readonly kind: 'local' }
  | {
      readonly kind: 'kms';
      readonly region: string;
      readonly endpoint?: string;
      readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
      readonly prefix: string;
      readonly pendingDays: number;
    }
  | {
      readonly kind: 'transit';
      readonly url: string;
      readonly mount: string;
      readonly prefix: string;
      readonly token: { readonly value: string } | { readonly file: string };
      readonly namespace?: string;
    };

export interface Config {
  readonly sandbox: boolean;
  readonly production: boolean;
  readonly databaseUrl: string;
  readonly databasePool: number;
  readonly redisUrl: string;
  readonly storage: StorageConfig;
  readonly keyDir: string;
  readonly keys: KeysConfig;
  readonly host: string;
  readonly port: number;
  readonly metricsPort: number;
  readonly publicBaseUrl: string;
  readonly returnOrigins: readonly string[];
  readonly operatorIdentity: {
    readonly issuer: string;
    readonly audience: string;
    readonly jwksUrl: string;
  } | null;
  /** Bytes that all uploads of the process may hold together. */
  readonly uploadMemory: number;
  /** Processes with native engines in this process's service. */
  readonly engineHosts: number;
  readonly engineTimeoutMs: number;
  readonly engineMaxRss: number;
  readonly engineRecycleAfter: number;
  /** By the origin of its weights. */
  readonly faceEngine: (typeof FACE_ENGINES)[number];
  /** Jobs that a worker runs at the same time in each queue. */
  readonly workerConcurrency: number;
  /** Calls a minute. */
  readonly rateLimits: Readonly<Record<'apiKey' | 'captureToken' | 'operatorJwt', number>>;
  readonly autoDecline: boolean;
  readonly confirmDecisions: readonly ReviewOutcome[];
  /** Where events may be sent to, besides public addresses by https. */
  readonly webhooks: {
    readonly allowHttp: boolean;
    readonly allowedHosts: readonly string[];
    readonly allowedNetworks: readonly string[];
  };
  readonly samplesDir: string | undefined;
  /** Where the sandbox's own identity provider keeps its public keys. */
  readonly sandboxIssuerFile: string | undefined;
  /** File of the access log; standard output gets the application log only. */
  readonly accessLogFile: string | undefined;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** Where the set-up has put what the sandbox runs, and what its children inherit. */
export interface SandboxEnvironment {
  readonly redisServer: string | undefined;
  readonly redisLibraryPath: string | undefined;
  readonly redisUrl: string | undefined;
  readonly ocrbFont: string | undefined;
  readonly production: boolean;
  readonly inherited: Environment;
}

export const readSandboxEnvironment = (env: Environment = process.env): SandboxEnvironment => ({
  redisServer: env['LETHE_REDIS_SERVER'] || undefined,
  redisLibraryPath: env['LETHE_REDIS_LIBRARY_PATH'] || undefined,
  redisUrl: env['REDIS_URL'] || undefined,
  ocrbFont: env['LETHE_OCRB_FONT'] || undefined,
  production: env['NODE_ENV'] === 'production',
  inherited: env,
});

/** Of the sandbox's data dir: the settings of the service that runs there, for commands that are to work on it. */
const SERVICE_FILE = 'service.json';
const SERVICE_KEYS = [
  'LETHE_SANDBOX',
  'DATABASE_URL',
  'REDIS_URL',
  'BLOB_DIR',
  'KEY_DIR',
  'HOST',
  'PORT',
  'PUBLIC_BASE_URL',
] as const;

export async function saveServiceFile(dataDir: string, env: Environment): Promise<void> {
  const settings = Object.fromEntries(SERVICE_KEYS.map((key) => [key, env[key]]));
  const file = path.join(dataDir, SERVICE_FILE);
  await writeFile(`${file}.new`, JSON.stringify(settings), { mode: 0o600 });
  await rename(`${file}.new`, file);
}

/**
 * Where the environment names no database, a command works on the sandbox of `dataDir`.
 *
 * @throws ConfigError where the caller named the directory and no sandbox has run there
 */
export async function adoptServiceFile(dataDir: string | undefined): Promise<void> {
  if (process.env['DATABASE_URL'] && dataDir === undefined) return;
  let settings: Environment;
  try {
    settings = JSON.parse(
      await readFile(path.join(dataDir ?? '.lethe', SERVICE_FILE), 'utf8'),
    ) as Environment;
  } catch {
    if (dataDir === undefined) return;
    throw new ConfigError('--data-dir', 'invalid');
  }
  for (const key of SERVICE_KEYS) if (settings[key] !== undefined) process.env[key] = settings[key];
}

const MEBIBYTE = 1024 * 1024;
const FACE_ENGINES = ['faceplugin', 'dlib'] as const;

/** The face engine alone, for a command that needs no other setting. @throws ConfigError */
export function readFaceEngine(env: Environment = process.env): Config['faceEngine'] {
  const value = env['FACE_ENGINE'] || FACE_ENGINES[0];
  const found = FACE_ENGINES.find((name) => name === value);
  if (found === undefined) throw new ConfigError('FACE_ENGINE', 'invalid');
  return found;
}

/** Reads the environment once, checks all of it, and freezes it. @throws ConfigError */
export function readConfig(env: Environment = process.env): Config {
  const text = (key: string): string | undefined => env[key] || undefined;
  const required = (key: string): string => {
    const value = text(key);
    if (value === undefined) throw new ConfigError(key, 'missing');
    return value;
  };
  const number = (key: string, fallback: number, min: number, max: number): number => {
    const value = text(key);
    if (value === undefined) return fallback;
    const parsed = Number(value);
    if (!Number.isInteger(parsed) || parsed < min || parsed > max) throw new ConfigError(key, 'invalid');
    return parsed;
  };
  const flag = (key: string): boolean => {
    const value = text(key);
    if (value !== undefined && !['0', '1', 'true', 'false'].includes(value))
      throw new ConfigError(key, 'invalid');
    return value === '1' || value === 'true';
  };
  const someOf = <T extends string>(key: string, known: readonly T[]): readonly T[] => {
    const asked = (text(key) ?? '')
      .split(',')
      .map((each) => each.trim())
      .filter(Boolean);
    const found = known.filter((each) => asked.includes(each));
    if (found.length !== asked.length) throw new ConfigError(key, 'invalid');
    return found;
  };
  const url = (key: string, value: string): string => {
    if (!URL.canParse(value)) throw new ConfigError(key, 'invalid');
    return value.replace(/\/+$/, '');
  };

  const production = text('NODE_ENV') === 'production';
  const sandbox = flag('LETHE_SANDBOX');
  if (sandbox && production) throw new ConfigError('LETHE_SANDBOX', 'invalid');
  // Whoever tries the sandbox out, by hand or with a load of their own, is one caller.
  const patience = sandbox ? 20 : 1;
  const host = text('HOST') ?? '127.0.0.1';
  const port = number('PORT', 8080, 0, 65_535);
  const issuer = text('OPERATOR_JWT_ISSUER');
  const engineHosts = number('ENGINE_HOSTS', Math.min(2, os.availableParallelism()), 1, 64);

  return Object.freeze({
    sandbox,
    production,
    databaseUrl: required('DATABASE_URL'),
    databasePool: number('DATABASE_POOL', 10, 2, 200),
    redisUrl: required('REDIS_URL'),
    storage: readStorage(text, required, flag),
    keyDir: required('KEY_DIR'),
    keys: readKeys({ text, required, number, url }),
    host,
    port,
    metricsPort: number('METRICS_PORT', 9464, 0, 65_535),
    publicBaseUrl: url('PUBLIC_BASE_URL', text('PUBLIC_BASE_URL') ?? `http://${host}:${port}`),
    returnOrigins: (text('RETURN_ORIGINS') ?? '')
      .split(',')
      .map((origin) => origin.trim())
      .filter(Boolean)
      .map((origin) => new URL(url('RETURN_ORIGINS', origin)).origin),
    operatorIdentity:
      issuer === undefined
        ? null
        : {
            issuer,
            audience: required('OPERATOR_JWT_AUDIENCE'),
            jwksUrl: url('OPERATOR_JWKS_URL', required('OPERATOR_JWKS_URL')),
          },
    uploadMemory: number('UPLOAD_MEMORY_MIB', 128, 32, 65_536) * MEBIBYTE,
    engineHosts,
    engineTimeoutMs: number('ENGINE_TIMEOUT_MS', 30_000, 1_000, 600_000),
    engineMaxRss: number('ENGINE_MAX_RSS_MIB', 1_500, 256, 65_536) * MEBIBYTE,
    engineRecycleAfter: number('ENGINE_RECYCLE_AFTER', 200, 1, 100_000),
    faceEngine: readFaceEngine(env),
    workerConcurrency: number('WORKER_CONCURRENCY', engineHosts, 1, 64),
    rateLimits: {
      apiKey: number('RATE_LIMIT_KEY', 6_000 * patience, 1, 10_000_000),
      captureToken: number('RATE_LIMIT_LEARNER', 300 * patience, 1, 10_000_000),
      operatorJwt: number('RATE_LIMIT_STAFF', 1_200 * patience, 1, 10_000_000),
    },
    autoDecline: flag('AUTO_DECLINE'),
    confirmDecisions: someOf('CONFIRM_DECISIONS', REVIEW_OUTCOMES),
    webhooks: readWebhooks(sandbox, text, flag),
    samplesDir: sandbox ? text('LETHE_SAMPLES_DIR') : undefined,
    sandboxIssuerFile: sandbox ? text('LETHE_SANDBOX_ISSUER') : undefined,
    accessLogFile: text('ACCESS_LOG_FILE'),
  });
}

/** An address block in CIDR form. */
function isNetwork(value: string): boolean {
  const [, address = '', bits = ''] = /^([^/]+)\/(\d{1,3})$/.exec(value) ?? [];
  const version = isIP(address);
  return version !== 0 && Number(bits) <= (version === 4 ? 32 : 128);
}

function readWebhooks(
  sandbox: boolean,
  text: (key: string) => string | undefined,
  flag: (key: string) => boolean,
): Config['webhooks'] {
  const list = (key: string) =>
    (text(key) ?? '')
      .split(',')
      .map((item) => item.trim())
      .filter(Boolean);
  const allowedNetworks = list('WEBHOOK_ALLOWED_NETWORKS');
  if (!allowedNetworks.every(isNetwork)) throw new ConfigError('WEBHOOK_ALLOWED_NETWORKS', 'invalid');
  return {
    allowHttp: sandbox || flag('WEBHOOK_ALLOW_HTTP'),
    allowedHosts: list('WEBHOOK_ALLOWED_HOSTS'),
    allowedNetworks: sandbox ? [...allowedNetworks, '127.0.0.0/8', '::1/128'] : allowedNetworks,
  };
}

/** Plain text names of keys and paths; what goes between them is ours. */
const KEY_PREFIX = /^[A-Za-z0-9_-]{1,64}$/;
const MOUNT = /^[A-Za-z0-9_-]+(\/[A-Za-z0-9_-]+)*$/;
const LOOPBACK = new Set(['127.0.0.1', '[::1]', 'localhost']);

function readKeys(read: {
  readonly text: (key: string) => string | undefined;
  readonly required: (key: string) => string;
  readonly number: (key: string, fallback: number, min: number, max: number) => number;
  readonly url: (key: string, value: string) => string;
}): KeysConfig {
  const { text, required, number, url } = read;
  const matching = (key: string, fallback: string, pattern: RegExp): string => {
    const value = text(key) ?? fallback;
    if (!pattern.test(value)) throw new ConfigError(key, 'invalid');
    return value;
  };
  /** Data keys travel on it. */
  const secureUrl = (key: string, value: string): string => {
    const { protocol, hostname } = new URL(url(key, value));
    if (protocol !== 'https:' && !(protocol === 'http:' && LOOPBACK.has(hostname)))
      throw new ConfigError(key, 'invalid');
    return url(key, value);
  };

  const kind = text('KEYS') ?? 'local';
  if (kind === 'local') return { kind };
  if (kind === 'kms') {
    const endpoint = text('KMS_ENDPOINT');
    const accessKeyId = text('KMS_ACCESS_KEY_ID');
    return {
      kind,
      region: required('KMS_REGION'),
      prefix: matching('KMS_PREFIX', 'lethe', KEY_PREFIX),
      pendingDays: number('KMS_PENDING_DAYS', 7, 7, 30),
      ...(endpoint === undefined ? {} : { endpoint: secureUrl('KMS_ENDPOINT', endpoint) }),
      ...(accessKeyId === undefined
        ? {}
        : { credentials: { accessKeyId, secretAccessKey: required('KMS_SECRET_ACCESS_KEY') } }),
    };
  }
  if (kind === 'transit') {
    const file = text('TRANSIT_TOKEN_FILE');
    const namespace = text('TRANSIT_NAMESPACE');
    return {
      kind,
      url: secureUrl('TRANSIT_URL', required('TRANSIT_URL')),
      mount: matching('TRANSIT_MOUNT', 'transit', MOUNT),
      prefix: matching('TRANSIT_PREFIX', 'lethe', KEY_PREFIX),
      token: file === undefined ? { value: required('TRANSIT_TOKEN') } : { file },
      ...(namespace === undefined ? {} : { namespace }),
    };
  }
  throw new ConfigError('KEYS', 'invalid');
}

function readStorage(
  text: (key: string) => string | undefined,
  required: (key: string) => string,
  flag: (key: string) => boolean,
): StorageConfig {
  const directory = text('BLOB_DIR');
  if (directory !== undefined) return { kind: 'filesystem', directory };
  const endpoint = text('S3_ENDPOINT');
  return {
    kind: 's3',
    ...(endpoint === undefined ? {} : { endpoint }),
    region: text('S3_REGION') ?? 'us-east-1',
    bucket: required('S3_BUCKET'),
    accessKeyId: required('S3_ACCESS_KEY_ID'),
    secretAccessKey: required('S3_SECRET_ACCESS_KEY'),
    forcePathStyle: flag('S3_FORCE_PATH_STYLE'),
  };
}
