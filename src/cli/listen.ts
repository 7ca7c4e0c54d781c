import http from 'node:http';
import { buffer } from 'node:stream/consumers';
import { Webhook } from 'standardwebhooks';
import { EVENT_TYPES } from '../domain/webhooks.js';
import { parse, UsageError, type ExitCode } from './command-line.js';
import { openSandbox, type CallSandbox } from './sandbox-client.js';

/** What a receiver verifies by, and what is handed on. */
const HEADERS = ['webhook-id', 'webhook-timestamp', 'webhook-signature', 'content-type'] as const;
/** Longer than any event. */
const MOST_BYTES = 64 * 1024;
const FORWARD_MS = 9_000;
/** By this path a later run knows what an earlier one has left. */
const PATH = '/lethe-listen';

/**
 * Prints each event of the sandbox as one JSON line, once its signature has been verified, and hands it on to `--forward`, whose refusal is
 * the sandbox's to hear: it sends the event again. Takes an endpoint of its own for as long as it runs.
 */
export async function runListen(args: readonly string[], stopped: Promise<void>): Promise<ExitCode> {
  const { values, positionals } = parse(args, {
    forward: { type: 'string' },
    events: { type: 'string' },
    'data-dir': { type: 'string' },
  });
  const { forward, events: asked, 'data-dir': dataDir = '.lethe' } = values;
  if (positionals.length > 0) throw new UsageError('listen takes options only');
  if (typeof forward === 'string' && !URL.canParse(forward)) throw new UsageError('--forward is a URL');
  const events = typeof asked === 'string' ? asked.split(',').filter(Boolean) : null;
  if (events?.some((type) => !(EVENT_TYPES as readonly string[]).includes(type)))
    throw new UsageError(`events are ${EVENT_TYPES.join(', ')}`);

  const call = await openSandbox(String(dataDir));
  let setSecret: (secret: string) => void = () => undefined;
  const secret = new Promise<string>((resolve) => {
    setSecret = resolve;
  });
  const printed = new Set<string>();
  const server = http.createServer((req, res) => {
    const answer = (status: number) => res.writeHead(status, { connection: 'close' }).end();
    if (Number(req.headers['content-length'] ?? Infinity) > MOST_BYTES) {
      answer(413);
      return;
    }
    receive(req, typeof forward === 'string' ? forward : undefined, secret, printed).then(answer, () =>
      answer(400),
    );
  });
  const port = await new Promise<number>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : 0);
    });
  });
  try {
    await removeLeftovers(call);
    const endpoint = await call<{ id: string; secret: string }>('POST', '/v1/webhook_endpoints', {
      url: `http://127.0.0.1:${port}${PATH}`,
      events,
    });
    setSecret(endpoint.secret);
    process.stderr.write('Listening; stop with Ctrl-C.\n');
    await stopped;
    await call('DELETE', `/v1/webhook_endpoints/${endpoint.id}`);
  } finally {
    server.close();
    server.closeAllConnections();
  }
  return 0;
}

/** Endpoints of runs that were killed: nobody is there any more. */
async function removeLeftovers(call: CallSandbox): Promise<void> {
  const { data } = await call<{ data: readonly { id: string; url: string }[] }>(
    'GET',
    '/v1/webhook_endpoints',
  );
  for (const { id, url } of data) {
    if (!url.startsWith('http://127.0.0.1:') || new URL(url).pathname !== PATH) continue;
    const lives = await fetch(url, { method: 'HEAD' }).then(
      () => true,
      () => false,
    );
    if (!lives) await call('DELETE', `/v1/webhook_endpoints/${id}`);
  }
}

/** The status to answer with. @throws where the signature does not hold */
async function receive(
  req: http.IncomingMessage,
  forward: string | undefined,
  secret: Promise<string>,
  printed: Set<string>,
): Promise<number> {
  const body = await buffer(req);
  const headers = Object.fromEntries(
    HEADERS.map((name): [string, string] => [name, String(req.headers[name] ?? '')]),
  );
  const event = new Webhook(await secret).verify(body, headers) as Readonly<Record<string, unknown>>;
  const id = String(headers['webhook-id']);
  if (!printed.has(id)) {
    printed.add(id);
    process.stdout.write(`${JSON.stringify({ id, ...event })}\n`);
  }
  if (forward === undefined) return 204;
  try {
    const answer = await fetch(forward, {
      method: 'POST',
      headers,
      body: new Uint8Array(body),
      redirect: 'manual',
      signal: AbortSignal.timeout(FORWARD_MS),
    });
    return answer.status;
  } catch {
    return 502;
  }
}
