import { ConfigError, readConfig } from '../../src/config.js';

const BASE = {
  DATABASE_URL: 'postgres://127.0.0.1/x',
  REDIS_URL: 'redis://127.0.0.1',
  BLOB_DIR: '/blobs',
  KEY_DIR: '/keys',
};
const keysOf = (env: Readonly<Record<string, string>>) => readConfig({ ...BASE, ...env }).keys;
const problemOf = (env: Readonly<Record<string, string>>) => {
  try {
    keysOf(env);
    return null;
  } catch (error) {
    return error instanceof ConfigError ? `${error.key} ${error.problem}` : error;
  }
};

const KMS = { KEYS: 'kms', KMS_REGION: 'eu-central-1' };
const TRANSIT = { KEYS: 'transit', TRANSIT_URL: 'https://bao.example:8200/', TRANSIT_TOKEN: 'secret' };

describe('where wrapping keys live', () => {
  it('is the key directory, unless told', () => {
    expect(keysOf({})).toEqual({ kind: 'local' });
    expect(keysOf({ KEYS: 'local', KMS_REGION: 'eu-central-1' })).toEqual({ kind: 'local' });
  });

  it('is a KMS by its region; the SDK finds credentials where none are given', () => {
    expect(keysOf(KMS)).toEqual({ kind: 'kms', region: 'eu-central-1', prefix: 'lethe', pendingDays: 7 });
    const more = {
      KMS_ENDPOINT: 'https://kms.example',
      KMS_ACCESS_KEY_ID: 'id',
      KMS_SECRET_ACCESS_KEY: 'secret',
      KMS_PREFIX: 'lethe-eu',
      KMS_PENDING_DAYS: '30',
    };
    expect(keysOf({ ...KMS, ...more })).toMatchObject({
      endpoint: 'https://kms.example',
      credentials: { accessKeyId: 'id', secretAccessKey: 'secret' },
      prefix: 'lethe-eu',
      pendingDays: 30,
    });
  });

  it('is a transit engine by its address, with a token or a file that keeps one', () => {
    expect(keysOf(TRANSIT)).toEqual({
      kind: 'transit',
      url: 'https://bao.example:8200',
      mount: 'transit',
      prefix: 'lethe',
      token: { value: 'secret' },
    });
    expect(
      keysOf({
        ...TRANSIT,
        TRANSIT_TOKEN_FILE: '/run/token',
        TRANSIT_MOUNT: 'a/transit',
        TRANSIT_NAMESPACE: 'ns',
      }),
    ).toMatchObject({ mount: 'a/transit', token: { file: '/run/token' }, namespace: 'ns' });
  });

  it.each<[string, Readonly<Record<string, string>>]>([
    ['KEYS invalid', { KEYS: 'hsm' }],
    ['KMS_REGION missing', { KEYS: 'kms' }],
    ['KMS_PENDING_DAYS invalid', { ...KMS, KMS_PENDING_DAYS: '6' }],
    ['KMS_PENDING_DAYS invalid', { ...KMS, KMS_PENDING_DAYS: '31' }],
    ['KMS_PREFIX invalid', { ...KMS, KMS_PREFIX: 'a/b' }],
    ['KMS_SECRET_ACCESS_KEY missing', { ...KMS, KMS_ACCESS_KEY_ID: 'id' }],
    ['KMS_ENDPOINT invalid', { ...KMS, KMS_ENDPOINT: 'http://kms.example' }],
    ['TRANSIT_URL missing', { KEYS: 'transit', TRANSIT_TOKEN: 'secret' }],
    ['TRANSIT_URL invalid', { ...TRANSIT, TRANSIT_URL: 'http://bao.example:8200' }],
    ['TRANSIT_URL invalid', { ...TRANSIT, TRANSIT_URL: 'bao' }],
    ['TRANSIT_TOKEN missing', { KEYS: 'transit', TRANSIT_URL: 'https://bao.example' }],
    ['TRANSIT_MOUNT invalid', { ...TRANSIT, TRANSIT_MOUNT: '../sys' }],
  ])('names the setting that cannot be used: %s', (problem, env) => {
    expect(problemOf(env)).toBe(problem);
  });

  it('sends data keys in clear to nobody but this machine', () => {
    for (const host of ['127.0.0.1:8200', 'localhost:8200', '[::1]:8200'])
      expect(problemOf({ ...TRANSIT, TRANSIT_URL: `http://${host}` })).toBeNull();
    expect(problemOf({ ...TRANSIT, TRANSIT_URL: 'http://localhost.example:8200' })).toBe(
      'TRANSIT_URL invalid',
    );
  });
});
