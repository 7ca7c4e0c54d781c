import { randomBytes } from 'node:crypto';
import http from 'node:http';
import https from 'node:https';
import { Webhook } from 'standardwebhooks';
import type { SendOutcome, WebhookMessage, WebhookSender } from '../../app/ports/webhook-sender.js';
import type { DeliveryResult } from '../../domain/webhooks.js';
import { checkedLookup, makeResolve, type Resolve } from './checked-lookup.js';
import { makeTargetRules, type TargetSettings } from './target-rules.js';

/** For all of it: name, connection, answer (real milliseconds). */
const TIMEOUT_MS = 10_000;
/** Of an answer so much is read, so that a polite receiver can end it; it is dropped. */
const MOST_READ = 64 * 1024;
const SECRET = 32;

const CLASSES = ['1xx', '2xx', '3xx', '4xx', '5xx'] as const satisfies readonly DeliveryResult[];
const classOf = (status: number): DeliveryResult => CLASSES[Math.floor(status / 100) - 1] ?? '5xx';

/** Seconds, or a date (RFC 9110, 10.2.3), in milliseconds from now; 0 where it is neither. */
function retryAfter(header: string | undefined): number {
  if (header === undefined) return 0;
  if (/^\d{1,9}$/.test(header)) return Number(header) * 1000;
  const at = new Date(header).getTime();
  return Number.isNaN(at) ? 0 : Math.max(0, at - new Date().getTime());
}

/** Headers of Standard Webhooks; several signatures stand beside each other. */
function signed({ id, secrets, body }: WebhookMessage, now: Date) {
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
    'webhook-signature': secrets.map((secret) => new Webhook(secret).sign(id, now, body)).join(' '),
  };
}

/**
 * Sends over a connection of its own each: no redirect is followed, no proxy of the environment is used, and the address is checked where
 * the connection is made.
 */
export function makeHttpWebhookSender(
  settings: TargetSettings & { readonly resolve?: Resolve; readonly timeoutMs?: number },
): WebhookSender {
  const rules = makeTargetRules(settings);
  const resolve = settings.resolve ?? makeResolve();
  const timeoutMs = settings.timeoutMs ?? TIMEOUT_MS;
  const agents = {
    'http:': new http.Agent({ keepAlive: false }),
    'https:': new https.Agent({ keepAlive: false, maxCachedSessions: 0 }),
  };

  function exchange(message: WebhookMessage): Promise<Omit<SendOutcome, 'ms'>> {
    const failed = (result: DeliveryResult) => ({ result, status: null, retryAfter: 0 });
    const problem = rules.problemOf(message.url);
    if (problem !== null)
      return Promise.resolve(
        failed(problem === 'address_not_allowed' ? 'address_not_allowed' : 'url_not_allowed'),
      );
    const url = new URL(message.url);
    const scheme = url.protocol === 'http:' ? 'http:' : 'https:';

    return new Promise((done) => {
      let refused = false;
      let answer: Omit<SendOutcome, 'ms'> | null = null;
      const request = (scheme === 'http:' ? http : https).request(url, {
        method: 'POST',
        agent: agents[scheme],
        headers: {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(message.body),
          'user-agent': 'Lethe-Webhooks/1',
          ...signed(message, new Date()),
        },
        lookup: checkedLookup(rules, resolve, () => {
          refused = true;
        }),
      });
      const timer = setTimeout(() => end('timeout'), timeoutMs);
      const end = (result: DeliveryResult) => {
        clearTimeout(timer);
        done(answer ?? failed(refused ? 'address_not_allowed' : result));
        request.destroy();
      };
      request.on('error', () => end('unreachable'));
      // Not an answer: nobody has asked to go on, or to speak another protocol.
      request.on('upgrade', () => end('1xx'));
      request.on('response', (response) => {
        const status = response.statusCode ?? 0;
        answer = {
          result: classOf(status),
          status,
          retryAfter: status === 429 || status === 503 ? retryAfter(response.headers['retry-after']) : 0,
        };
        let read = 0;
        response.on('data', (chunk: Buffer) => {
          read += chunk.length;
          if (read > MOST_READ) end('unreachable');
        });
        for (const event of ['end', 'error', 'close']) response.on(event, () => end('unreachable'));
      });
      request.end(message.body);
    });
  }

  return {
    problemOf: (url) => rules.problemOf(url),
    makeSecret: () => `whsec_${randomBytes(SECRET).toString('base64')}`,
    async send(message) {
      const begun = performance.now();
      const outcome = await exchange(message);
      return { ...outcome, ms: Math.round(performance.now() - begun) };
    },
  };
}
