import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { Server } from 'node:http';
import { readApiDescription } from '../../src/http/api-description.js';
import { makeAccessLog, truncateAddress, type AccessLine } from '../../src/http/middleware/access-log.js';
import type { Handlers, Reply } from '../../src/http/operation.js';
import { makeServer } from '../../src/http/server.js';

describe('an address in the access log', () => {
  it.each([
    ['192.0.2.77', '192.0.2.0/24'],
    ['::ffff:192.0.2.77', '192.0.2.0/24'],
    ['2001:db8:aaaa:bbbb:cccc:dddd:eeee:ffff', '2001:db8:aaaa::/48'],
    ['2001:db8::1', '2001:db8:0::/48'],
    ['2001:db8:aaaa::', '2001:db8:aaaa::/48'],
    ['2001::bbbb:cccc:dddd:eeee:ffff', '2001:0:0::/48'],
    ['::1', '0:0:0::/48'],
    ['::', '0:0:0::/48'],
    ['fe80::1%eth0', 'fe80:0:0::/48'],
    ['64:ff9b::192.0.2.33', '64:ff9b:0::/48'],
    ['::FFFF:192.0.2.77', '0:0:0::/48'],
    ['1::2:3:4:5:6:7', '1:0:2::/48'],
    ['::2:3:4:5:6:7:8', '0:2:3::/48'],
    ['', '-'],
    ['localhost', '-'],
    ['::ffff:999.0.2.77', '-'],
    ['192.0.2.77:8080', '-'],
  ])('%s is %s', (address, network) => {
    expect(truncateAddress(address)).toBe(network);
  });
});

describe('the access log of the service', () => {
  const lines: AccessLine[] = [];
  const released: (() => void)[] = [];
  let server: Server;
  let base: string;
  let waiting: Promise<void> | undefined;
  let logged: () => void = () => undefined;

  beforeAll(async () => {
    const { operations } = readApiDescription();
    const answer = (): Promise<Reply> => Promise.resolve({ status: 200, body: {} });
    const handlers: Record<
      string,
      (call: { readonly res: { write(text: string): unknown } }) => Promise<Reply | undefined>
    > = Object.fromEntries(operations.map(({ id }) => [id, answer]));
    // A stream that its client leaves before it ends.
    handlers['streamEvents'] = async ({ res }) => {
      res.write(': hello\n\n');
      await new Promise<void>((resolve) => released.push(resolve));
      return undefined;
    };
    const app = makeServer({
      operations,
      handlers: handlers as unknown as Handlers,
      authenticate: () => Promise.resolve({ kind: 'anyone' } as const),
      receiveUpload: () => Promise.resolve(),
      limiter: { take: () => Promise.resolve(null) },
      logger: { info: () => undefined, warn: () => undefined, error: () => undefined },
      accessLog: makeAccessLog((line) => {
        lines.push(line);
        logged();
      }),
      sandbox: false,
      pages: (_req, _res, next) => next(),
    });
    server = app.listen(0, '127.0.0.1');
    await once(server, 'listening');
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(async () => {
    for (const release of released) release();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  beforeEach(() => {
    lines.length = 0;
    waiting = new Promise((resolve) => (logged = resolve));
  });

  async function lineOf(path: string, init: RequestInit = {}): Promise<AccessLine> {
    const response = await fetch(base + path, init);
    await response.arrayBuffer();
    await waiting;
    const [line] = lines;
    if (!line) throw new Error('nothing was logged');
    return line;
  }

  it('has one line a call: template, status, time and network, and no other field', async () => {
    const line = await lineOf('/v1/verifications/ver_secret?learner_ref=x');
    expect(lines).toHaveLength(1);
    expect(Object.keys(line).sort()).toEqual([
      'access_id',
      'at',
      'method',
      'ms',
      'network',
      'route',
      'status',
    ]);
    expect(line).toMatchObject({ method: 'GET', route: '/v1/verifications/{id}', network: '127.0.0.0/24' });
    expect(line.at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(line.ms).toBeGreaterThanOrEqual(0);
  });

  it.each<[string, string, RequestInit, number]>([
    ['a call that is answered', '/v1/verifications/ver_secret', {}, 200],
    ['a query', '/v1/eligibility?learner_ref=secret&course_id=secret', {}, 200],
    ['a refused query', '/v1/eligibility?secret=secret', {}, 422],
    ['a path that does not exist', '/secret/ver_secret?secret', {}, 404],
    ['a method that does not exist', '/v1/verifications/ver_secret/submit', { method: 'DELETE' }, 405],
    ['a sandbox route outside the sandbox', '/v1/test/images/secret.jpg', {}, 404],
    [
      'a bad body',
      '/v1/verifications',
      { method: 'POST', body: '{secret', headers: { 'content-type': 'application/json' } },
      400,
    ],
  ])('holds nothing of path, query, body or headers: %s', async (_, path, init, status) => {
    const line = await lineOf(path, {
      ...init,
      headers: {
        ...init.headers,
        authorization: 'Bearer lct_secret',
        'x-request-id': 'secret',
        'user-agent': 'secret',
      },
    });
    expect(line.status).toBe(status);
    expect(JSON.stringify(line)).not.toContain('secret');
  });

  it('bears an id that stands in no header and is never the same', async () => {
    const ids = new Set<string>();
    for (let call = 0; call < 3; call++) {
      waiting = new Promise((resolve) => (logged = resolve));
      const response = await fetch(`${base}/healthz`, { headers: { 'x-request-id': 'mine' } });
      await response.arrayBuffer();
      await waiting;
      const line = lines.at(-1);
      if (!line) throw new Error('nothing was logged');
      ids.add(line.access_id);
      expect(JSON.stringify([...response.headers])).not.toContain(line.access_id);
    }
    expect(ids.size).toBe(3);
  });

  it('knows the network also of a client that went away', async () => {
    const leave = new AbortController();
    const response = await fetch(`${base}/v1/verifications/ver_secret/events`, { signal: leave.signal });
    await response.body?.getReader().read();
    leave.abort();
    await waiting;
    expect(lines[0]).toMatchObject({ route: '/v1/verifications/{id}/events', network: '127.0.0.0/24' });
  });
});
