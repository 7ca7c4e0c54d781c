import { randomUUID } from 'node:crypto';
import { isIP } from 'node:net';
import type { RequestHandler } from 'express';

/** One line of the access log. There is no field for a path, a query, an id or a token. */
export interface AccessLine {
  /** Made for this line and standing nowhere else, so that the line can never be joined to a person. */
  readonly access_id: string;
  readonly at: string;
  readonly method: string;
  /** The route's template: `/v1/verifications/{id}`. */
  readonly route: string;
  readonly status: number;
  readonly ms: number;
  /** Network only: /24 of IPv4, /48 of IPv6. */
  readonly network: string;
}

export type AccessLog = RequestHandler;

/** The network part of an address: too little to say who it was. */
export function truncateAddress(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(address)?.[1] ?? address;
  if (isIP(mapped) === 4) return `${mapped.split('.').slice(0, 3).join('.')}.0/24`;
  if (isIP(mapped) !== 6) return '-';
  const [head = '', tail] = mapped.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const groups =
    tail === undefined
      ? left
      : [...left, ...Array<string>(8 - left.length - right.length).fill('0'), ...right];
  return `${groups.slice(0, 3).join(':')}::/48`;
}

/** Writes a line for each answer. `write` gets the line; times are real. */
export function makeAccessLog(write: (line: AccessLine) => void): AccessLog {
  return (req, res, next) => {
    const begun = performance.now();
    // Now, for a connection that its client has closed no longer knows where it came from.
    const network = truncateAddress(req.socket.remoteAddress ?? '');
    res.once('close', () => {
      write({
        access_id: randomUUID(),
        at: new Date().toISOString(),
        method: req.method,
        route: typeof res.locals['route'] === 'string' ? res.locals['route'] : 'other',
        status: res.statusCode,
        ms: Math.round(performance.now() - begun),
        network,
      });
    });
    next();
  };
}
