import http from 'node:http';
import net, { type AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { makeHttpWebhookSender } from '../../src/adapters/webhooks/http-webhook-sender.js';

interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

const opened: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0)) await close();
});

async function listen(server: net.Server, host = '127.0.0.1'): Promise<number> {
  const sockets = new Set<net.Socket>();
  server.on('connection', (socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  opened.push(
    () =>
      new Promise((closed) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => closed());
      }),
  );
  return (server.address() as AddressInfo).port;
}

async function receiver(answer: (res: http.ServerResponse) => void) {
  const seen: Seen[] = [];
  const server = http.createServer((req, res) => {
    let body = '';
    req.on('data', (chunk: Buffer) => (body += chunk.toString('utf8')));
    req.on('end', () => {
      seen.push({ method: req.method ?? '', url: req.url ?? '', headers: req.headers, body });
      answer(res);
    });
  });
  return { seen, port: await listen(server) };
}

const LOOPBACK = { allowHttp: true, allowedHosts: [], allowedNetworks: ['127.0.0.0/8', '::1/128'] };
const sender = makeHttpWebhookSender(LOOPBACK);
const SECRETS = [sender.makeSecret(), sender.makeSecret()];
const message = (url: string, secrets: readonly string[] = SECRETS.slice(0, 1)) => ({
  url,
  secrets,
  id: 'evt_1',
  body: '{"type":"ping","data":{"text":"ü"}}',
});

describe('a message', () => {
  it('is signed as Standard Webhooks says, so that its library verifies it', async () => {
    const { seen, port } = await receiver((res) => res.writeHead(204).end());
    const outcome = await sender.send(message(`http://127.0.0.1:${port}/hook?a=1`));
    expect(outcome).toMatchObject({ result: '2xx', status: 204, retryAfter: 0 });
    const [got] = seen;
    expect(got).toMatchObject({ method: 'POST', url: '/hook?a=1' });
    expect(got!.headers).toMatchObject({ 'webhook-id': 'evt_1', 'content-type': 'application/json' });
    const headers = got!.headers as Record<string, string>;
    expect(new Webhook(SECRETS[0]!).verify(got!.body, headers)).toEqual(JSON.parse(got!.body));
    expect(() => new Webhook(SECRETS[1]!).verify(got!.body, headers)).toThrow();
    expect(() => new Webhook(SECRETS[0]!).verify(`${got!.body} `, headers)).toThrow();
  });

  it('bears a signature of each secret while there are two', async () => {
    const { seen, port } = await receiver((res) => res.end());
    await sender.send(message(`http://127.0.0.1:${port}/`, SECRETS));
    const headers = seen[0]!.headers as Record<string, string>;
    expect(headers['webhook-signature']!.split(' ')).toHaveLength(2);
    for (const secret of SECRETS) expect(new Webhook(secret).verify(seen[0]!.body, headers)).toBeDefined();
  });

  it('gets a secret of 256 bits, another each time', () => {
    const made = Array.from({ length: 50 }, () => sender.makeSecret());
    expect(new Set(made).size).toBe(50);
    for (const secret of made)
      expect(Buffer.from(/^whsec_(.+)$/.exec(secret)![1]!, 'base64')).toHaveLength(32);
  });
});

describe('an answer', () => {
  it.each([
    [200, '2xx'],
    [202, '2xx'],
    [301, '3xx'],
    [404, '4xx'],
    [410, '4xx'],
    [500, '5xx'],
  ] as const)('%d is said as %s', async (status, result) => {
    const { port } = await receiver((res) => res.writeHead(status).end('what nobody is told'));
    expect(await sender.send(message(`http://127.0.0.1:${port}/`))).toMatchObject({ result, status });
  });

  it.each([301, 302, 303, 307, 308])('%d is not followed', async (status) => {
    const inner = await receiver((res) => res.end());
    const outer = await receiver((res) =>
      res.writeHead(status, { location: `http://127.0.0.1:${inner.port}/` }).end(),
    );
    const outcome = await sender.send(message(`http://127.0.0.1:${outer.port}/`));
    expect(outcome.result).toBe('3xx');
    expect(outer.seen).toHaveLength(1);
    expect(inner.seen).toEqual([]);
  });

  it.each([
    [429, '120', 120_000],
    [503, '0', 0],
    [503, 'soon', 0],
    [500, '120', 0],
    [429, new Date(0).toUTCString(), 0],
  ])('%d with Retry-After %s asks for %d ms', async (status, header, ms) => {
    const { port } = await receiver((res) => res.writeHead(status, { 'retry-after': header }).end());
    expect((await sender.send(message(`http://127.0.0.1:${port}/`))).retryAfter).toBe(ms);
  });

  it('with a date in Retry-After asks for the time until then', async () => {
    const header = new Date(Date.now() + 3_600_000).toUTCString();
    const { port } = await receiver((res) => res.writeHead(503, { 'retry-after': header }).end());
    const { retryAfter } = await sender.send(message(`http://127.0.0.1:${port}/`));
    expect(retryAfter).toBeGreaterThan(3_500_000);
    expect(retryAfter).toBeLessThanOrEqual(3_600_000);
  });

  it('without an end is read for a bit and then left', async () => {
    let written = 0;
    const { port } = await receiver((res) => {
      res.writeHead(200);
      const chunk = Buffer.alloc(16 * 1024);
      const write = () => {
        while (!res.destroyed && written < 512 * 1024 * 1024) {
          written += chunk.length;
          if (!res.write(chunk)) {
            res.once('drain', write);
            return;
          }
        }
      };
      write();
    });
    expect(await sender.send(message(`http://127.0.0.1:${port}/`))).toMatchObject({ result: '2xx' });
    expect(written).toBeLessThan(64 * 1024 * 1024);
  });

  it('that never comes, or never ends, does not hold the sender', async () => {
    const hasty = makeHttpWebhookSender({ ...LOOPBACK, timeoutMs: 200 });
    const silent = await receiver(() => undefined);
    expect(await hasty.send(message(`http://127.0.0.1:${silent.port}/`))).toMatchObject({
      result: 'timeout',
      status: null,
    });
    // What has been said counts.
    const endless = await receiver((res) => res.writeHead(200).write('…'));
    expect(await hasty.send(message(`http://127.0.0.1:${endless.port}/`))).toMatchObject({ result: '2xx' });
  });

  it('that is none is said as unreachable', async () => {
    const port = await listen(net.createServer((socket) => socket.destroy()));
    expect(await sender.send(message(`http://127.0.0.1:${port}/`))).toMatchObject({ result: 'unreachable' });
    const nonsense = await listen(net.createServer((socket) => socket.end('SSH-2.0-nonsense\r\n')));
    expect(await sender.send(message(`http://127.0.0.1:${nonsense}/`))).toMatchObject({
      result: 'unreachable',
    });
    expect(await sender.send(message(`https://127.0.0.1:${port}/`))).toMatchObject({ result: 'unreachable' });
  });
});

describe('where a message goes', () => {
  const strict = (resolve?: (host: string) => Promise<readonly string[]>) =>
    makeHttpWebhookSender({
      allowHttp: true,
      allowedHosts: [],
      allowedNetworks: [],
      ...(resolve && { resolve }),
    });

  it('is not a private address, whatever stands in the URL or the name resolves to', async () => {
    const { seen, port } = await receiver((res) => res.end());
    for (const host of [
      '127.0.0.1',
      '2130706433',
      '0x7f.1',
      '[::ffff:127.0.0.1]',
      'localhost',
      'a.localhost',
    ])
      expect((await strict().send(message(`http://${host}:${port}/`))).result).toBe('address_not_allowed');
    for (const address of ['127.0.0.1', '::ffff:127.0.0.1', '0.0.0.0', '::1'])
      expect(
        (await strict(() => Promise.resolve([address])).send(message(`http://shop.example:${port}/`))).result,
      ).toBe('address_not_allowed');
    expect(seen).toEqual([]);
  });

  it('is what was checked: a name is resolved once a message, and only allowed addresses are tried', async () => {
    const { seen, port } = await receiver((res) => res.end());
    let asked = 0;
    const rebinding = makeHttpWebhookSender({
      allowHttp: true,
      allowedHosts: [],
      allowedNetworks: ['127.0.0.1/32'],
      // The first answer may be connected to; whoever asks again would be led elsewhere.
      resolve: () => Promise.resolve(asked++ === 0 ? ['10.0.0.1', '127.0.0.1', '::1'] : ['127.0.0.2']),
    });
    expect(await rebinding.send(message(`http://shop.example:${port}/`))).toMatchObject({ result: '2xx' });
    expect(asked).toBe(1);
    expect(seen[0]!.headers.host).toBe(`shop.example:${port}`);
  });

  it('is nowhere for a name without an address', async () => {
    expect((await strict(() => Promise.resolve([])).send(message('http://shop.example/'))).result).toBe(
      'unreachable',
    );
  });

  it('is not a URL that the rules of today refuse, though it was taken once', async () => {
    const today = makeHttpWebhookSender({ ...LOOPBACK, allowHttp: false });
    expect((await today.send(message('http://127.0.0.1:1/'))).result).toBe('url_not_allowed');
  });

  it('is the receiver and no proxy of the environment', async () => {
    const proxy = await receiver((res) => res.end());
    const { seen, port } = await receiver((res) => res.end());
    const names = ['HTTP_PROXY', 'http_proxy', 'ALL_PROXY', 'NODE_USE_ENV_PROXY'];
    const before = names.map((name) => process.env[name]);
    for (const name of names) process.env[name] = `http://127.0.0.1:${proxy.port}`;
    try {
      await sender.send(message(`http://127.0.0.1:${port}/`));
    } finally {
      names.forEach((name, index) => {
        if (before[index] === undefined) delete process.env[name];
        else process.env[name] = before[index];
      });
    }
    expect(proxy.seen).toEqual([]);
    expect(seen).toHaveLength(1);
  });
});
