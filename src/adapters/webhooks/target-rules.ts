import ipaddr from 'ipaddr.js';
import type { TargetProblem } from '../../app/ports/webhook-sender.js';

export interface TargetSettings {
  /** Plain HTTP as well. */
  readonly allowHttp: boolean;
  /** Names whose addresses may be private. */
  readonly allowedHosts: readonly string[];
  /** CIDR blocks whose addresses may be private. */
  readonly allowedNetworks: readonly string[];
}

export interface TargetRules {
  /** What can be said of a URL without asking the network. */
  problemOf(url: string): TargetProblem | null;
  /** Whether a connection for `host` may go to that address. */
  allows(host: string, address: string): boolean;
}

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** The whole of what IANA has given out for the public IPv6 internet; what lies elsewhere is for some special use (RFC 4291). */
const GLOBAL_IPV6 = ipaddr.parseCIDR('2000::/3') as [ipaddr.IPv6, number];
/** Answers to the machines of one cloud with its metadata, from an address that looks public. */
const METADATA = new Set(['168.63.129.16']);

/** The name as it is compared: without the brackets of IPv6, the dot of the root, or capitals. */
const plainHost = (host: string) =>
  host
    .toLowerCase()
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/\.$/, '');

/** A literal address; IPv4 in the clothes of IPv6 counts as what it is. */
function literal(host: string): Address | null {
  return ipaddr.isValid(host) ? ipaddr.process(host) : null;
}

/** Reachable by anyone: not private, loopback, link-local, shared, multicast, translated or reserved (IANA special-purpose registries). */
function isPublic(address: Address): boolean {
  if (address.range() !== 'unicast') return false;
  return address instanceof ipaddr.IPv6 ? address.match(...GLOBAL_IPV6) : !METADATA.has(address.toString());
}

function isIn(address: Address, [network, bits]: [Address, number]): boolean {
  if (address instanceof ipaddr.IPv4) return network instanceof ipaddr.IPv4 && address.match(network, bits);
  return network instanceof ipaddr.IPv6 && address.match(network, bits);
}

/**
 * Where events may be sent to. Default deny: an address has to be a public one, or allowed by name or network.
 *
 * @param settings networks that parse, as `config.ts` has checked
 */
export function makeTargetRules(settings: TargetSettings): TargetRules {
  const hosts = new Set(settings.allowedHosts.map(plainHost));
  const networks = settings.allowedNetworks.map((network) => ipaddr.parseCIDR(network));

  const allows = (host: string, text: string): boolean => {
    const address = literal(text);
    if (address === null) return false;
    return (
      isPublic(address) || hosts.has(plainHost(host)) || networks.some((network) => isIn(address, network))
    );
  };

  return {
    allows,
    problemOf(text) {
      if (!URL.canParse(text)) return 'invalid_url';
      // It has made one form of the many that an IPv4 address can be written in.
      const url = new URL(text);
      if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'invalid_url';
      if (url.protocol === 'http:' && !settings.allowHttp) return 'https_required';
      if (url.username !== '' || url.password !== '') return 'userinfo_not_allowed';
      if (url.hash !== '' || text.includes('#')) return 'fragment_not_allowed';
      const host = plainHost(url.hostname);
      return literal(host) !== null && !allows(host, host) ? 'address_not_allowed' : null;
    },
  };
}
