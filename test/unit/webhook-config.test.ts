import { ConfigError, readConfig } from '../../src/config.js';

const BASE = { DATABASE_URL: 'postgresql://x', REDIS_URL: 'redis://x', BLOB_DIR: '/x', KEY_DIR: '/x' };
const read = (env: Readonly<Record<string, string>> = {}) => readConfig({ ...BASE, ...env }).webhooks;

describe('where events may be sent to', () => {
  it('is nowhere but public addresses by https, unless the settings say more', () => {
    expect(read()).toEqual({ allowHttp: false, allowedHosts: [], allowedNetworks: [] });
    expect(
      read({
        WEBHOOK_ALLOW_HTTP: '1',
        WEBHOOK_ALLOWED_HOSTS: 'a.internal, b.internal',
        WEBHOOK_ALLOWED_NETWORKS: '10.1.0.0/16,fd00:1::/32',
      }),
    ).toEqual({
      allowHttp: true,
      allowedHosts: ['a.internal', 'b.internal'],
      allowedNetworks: ['10.1.0.0/16', 'fd00:1::/32'],
    });
  });

  it('is this machine as well in the sandbox', () => {
    expect(read({ LETHE_SANDBOX: '1' })).toEqual({
      allowHttp: true,
      allowedHosts: [],
      allowedNetworks: ['127.0.0.0/8', '::1/128'],
    });
  });

  it.each(['10.0.0.1', '10.0.0.0/33', '10.0.0/8', '::1/129', 'internal/8', '10.0.0.0/8/8', '10.0.0.0/'])(
    'is not read from the network %s',
    (network) => {
      expect(() => read({ WEBHOOK_ALLOWED_NETWORKS: network })).toThrow(
        new ConfigError('WEBHOOK_ALLOWED_NETWORKS', 'invalid'),
      );
    },
  );
});
