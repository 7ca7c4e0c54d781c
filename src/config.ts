import os from 'node:os';

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

export interface Config {
  readonly sandbox: boolean;
  readonly production: boolean;
  readonly databaseUrl: string;
  readonly databasePool: number;
  readonly redisUrl: string;
  readonly storage: StorageConfig;
  readonly keyDir: string;
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
  readonly faceEngine: 'faceplugin' | 'dlib';
  /** Jobs that a worker runs at the same time in each queue. */
  readonly workerConcurrency: number;
  readonly autoDecline: boolean;
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

const MEBIBYTE = 1024 * 1024;

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
  const oneOf = <T extends string>(key: string, known: readonly [T, ...T[]]): T => {
    const value = text(key) ?? known[0];
    const found = known.find((each) => each === value);
    if (found === undefined) throw new ConfigError(key, 'invalid');
    return found;
  };
  const url = (key: string, value: string): string => {
    if (!URL.canParse(value)) throw new ConfigError(key, 'invalid');
    return value.replace(/\/+$/, '');
  };

  const production = text('NODE_ENV') === 'production';
  const sandbox = flag('LETHE_SANDBOX');
  if (sandbox && production) throw new ConfigError('LETHE_SANDBOX', 'invalid');
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
    faceEngine: oneOf('FACE_ENGINE', ['faceplugin', 'dlib']),
    workerConcurrency: number('WORKER_CONCURRENCY', engineHosts, 1, 64),
    autoDecline: flag('AUTO_DECLINE'),
    samplesDir: sandbox ? text('LETHE_SAMPLES_DIR') : undefined,
    sandboxIssuerFile: sandbox ? text('LETHE_SANDBOX_ISSUER') : undefined,
    accessLogFile: text('ACCESS_LOG_FILE'),
  });
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
