import http from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Webhook } from 'standardwebhooks';

export interface Message {
  readonly id: string;
  readonly type: string;
  readonly timestamp: string;
  readonly data: Readonly<Record<string, unknown>>;
  /** As it came. */
  readonly raw: string;
  readonly headers: Record<string, string>;
}

/** A status to answer with, or `hang`: no answer at all. */
type Answer = number | 'hang' | { readonly status: number; readonly headers: Record<string, string> };

export type Receiver = Awaited<ReturnType<typeof startReceiver>>;

/** A platform's own server on loopback. What it answers is the test's to say, at any time. */
export async function startReceiver(port = 0) {
  const sockets = new Set<Socket>();
  const received: Message[] = [];
  let answer: (message: Message) => Answer = () => 200;
  const secrets: string[] = [];
  let wrong = 0;

  const server = http.createServer((req, res) => {
    const chunks: Buffer[] = [];
    req.on('data', (chunk: Buffer) => chunks.push(chunk));
    req.on('end', () => {
      const raw = Buffer.concat(chunks).toString('utf8');
      const headers = req.headers as Record<string, string>;
      const message = { ...JSON.parse(raw), id: headers['webhook-id'] ?? '', raw, headers } as Message;
      for (const secret of secrets)
        try {
          new Webhook(secret).verify(raw, headers);
        } catch {
          wrong++;
        }
      received.push(message);
      const said = answer(message);
      if (said === 'hang') return;
      if (typeof said === 'number') res.writeHead(said).end();
      else res.writeHead(said.status, said.headers).end();
    });
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const taken = (server.address() as AddressInfo).port;

  return {
    port: taken,
    url: `http://127.0.0.1:${taken}/hook`,
    received,
    /** Connections whose request has got no answer. */
    open: () => sockets.size,
    answers(how: (message: Message) => Answer): void {
      answer = how;
    },
    /** Each message has to verify by each of these. */
    verifyBy(...which: readonly string[]): void {
      secrets.splice(0, secrets.length, ...which);
    },
    /** Signatures that did not verify. */
    wrong: () => wrong,
    of: (verificationId: string) => received.filter(({ data }) => data['id'] === verificationId),
    async until(done: (received: readonly Message[]) => boolean, ms = 45_000): Promise<void> {
      const end = performance.now() + ms;
      while (!done(received)) {
        if (performance.now() > end) throw new Error(`the receiver still has ${received.length} messages`);
        await sleep(50);
      }
    },
    stop: () =>
      new Promise<void>((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}
