import { Resolver } from 'node:dns/promises';
import type { LookupFunction } from 'node:net';
import type { TargetRules } from './target-rules.js';

export type Resolve = (host: string) => Promise<readonly string[]>;

const LOCALHOST = /^(.+\.)?localhost\.?$/i;

/**
 * The addresses of a name by DNS. Not by `dns.lookup`: that one waits in a pool of few threads, where two names that do not resolve
 * would hold up all others. Names of this machine are its loopback addresses and asked of nobody (RFC 6761, 6.3).
 */
export function makeResolve(): Resolve {
  return async (host) => {
    if (LOCALHOST.test(host)) return ['127.0.0.1', '::1'];
    const resolver = new Resolver({ timeout: 2_000, tries: 2 });
    const found = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)]);
    return found.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
  };
}

/**
 * A `lookup` for one connection that gives the allowed addresses only. The socket connects to what stands here and asks no second time,
 * so a name cannot resolve to one address for the check and to another for the connection.
 *
 * @param onRefused called where there are addresses and none is allowed
 */
export const checkedLookup =
  (rules: TargetRules, resolve: Resolve, onRefused: () => void): LookupFunction =>
  (host, { all, family }, callback) => {
    const fail = (code: string) => callback(Object.assign(new Error(code), { code }), '', 0);
    resolve(host).then(
      (addresses) => {
        const allowed = addresses
          .filter((address) => rules.allows(host, address))
          .map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))
          .filter((found) => ![4, 6].includes(Number(family)) || found.family === family);
        const [first] = allowed;
        if (first) {
          if (all) callback(null, allowed);
          else callback(null, first.address, first.family);
          return;
        }
        if (addresses.length > 0) onRefused();
        fail('ENOTFOUND');
      },
      () => fail('ENOTFOUND'),
    );
  };
