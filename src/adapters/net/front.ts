/**
 * What stands in front of a station: the public address, and the proxies whose word on a visitor is taken. Nobody else's
 * forwarded headers are looked at.
 */
import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';

/** How the world knows the station. */
export type Front = {
  /** Public address without a slash at its end, its path included; null: whatever name it is asked by. */
  readonly url: string | null;
  /** Path of the public address, `/piano` or ''. */
  readonly root: string;
  /** Names that it answers to besides those of loopback, without ports. */
  readonly hosts: readonly string[];
  /** Whether any address of a machine is taken for a name: no stranger's page can have one (DNS rebinding needs a name). */
  readonly byAddress: boolean;
  /** Whether a peer is a proxy of ours. */
  readonly trusts: (address: string | undefined) => boolean;
};

export type FrontConfig = {
  readonly url?: string | undefined;
  readonly hosts?: readonly string[] | undefined;
  readonly byAddress?: boolean | undefined;
  /** Addresses, networks like 10.0.0.0/8, or `loopback`. */
  readonly proxies?: readonly string[] | undefined;
};

/** A visitor, as whoever stands nearest to them saw them. */
export type Visitor = {
  readonly address: string;
  /** As a browser names it; undefined: the request named none. */
  readonly host: string | undefined;
  readonly scheme: 'http' | 'https';
};

/** @throws RangeError where an address is none, see `siteUrlOf` and `proxiesOf` */
export function frontOf({ url, hosts = [], byAddress = false, proxies = [] }: FrontConfig = {}): Front {
  const site = url === undefined ? null : siteUrlOf(url);
  const named = site ? [new URL(site).hostname] : [];
  return {
    url: site,
    root: site ? new URL(site).pathname.replace(/\/$/, '') : '',
    hosts: [...hosts, ...named].map((name) => name.toLowerCase()),
    byAddress,
    trusts: proxiesOf(proxies),
  };
}

/**
 * A public address in one form: scheme, host and path, without a slash at its end.
 * @throws RangeError for what is no plain http or https address
 */
export function siteUrlOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  const plain = url && !url.search && !url.hash && !url.username && !url.password;
  if (!plain || !/^https?:$/.test(url.protocol) || !/^(\/[\w.~-]+)*\/?$/.test(url.pathname))
    throw new RangeError('Give an address like https://piano.example/ or https://example.org/piano/.');
  return `${url.origin}${url.pathname.replace(/\/$/, '')}`;
}

const LOOPBACK = ['127.0.0.0/8', '::1/128'];

/**
 * Whether an address is among those named.
 * @param names addresses, networks like 10.0.0.0/8, or `loopback`
 * @throws RangeError for what is neither
 */
export function proxiesOf(names: readonly string[]): Front['trusts'] {
  const list = new BlockList();
  for (const name of names.flatMap((each) => (each === 'loopback' ? LOOPBACK : [each]))) {
    const [address = '', bits] = name.split('/');
    const family = isIP(address);
    const most = family === 4 ? 32 : 128;
    const length = bits === undefined ? most : Number(bits);
    if (!family || (bits !== undefined && !/^\d{1,3}$/.test(bits)) || length > most)
      throw new RangeError(`"${name}" is none. Give addresses, networks like 10.0.0.0/8, or loopback.`);
    list.addSubnet(address, length, family === 4 ? 'ipv4' : 'ipv6');
  }
  return (address) => {
    const plain = plainAddress(address ?? '');
    const family = isIP(plain);
    return family !== 0 && list.check(plain, family === 4 ? 'ipv4' : 'ipv6');
  };
}

/** An IPv4 address that came in by an IPv6 socket is the same address. */
const plainAddress = (address: string): string => address.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '');

/**
 * Who asks: the peer itself, or, where that is a proxy of ours, the nearest address before it in X-Forwarded-For that is
 * none. What a visitor wrote into that header themselves stands farther off, and is not believed.
 */
export function visitorOf(request: IncomingMessage, { trusts }: Front): Visitor {
  const peer = plainAddress(request.socket.remoteAddress ?? '');
  const encrypted = (request.socket as { encrypted?: boolean }).encrypted === true;
  const { host } = request.headers;
  if (!trusts(peer)) return { address: peer, host, scheme: encrypted ? 'https' : 'http' };
  let address = peer;
  for (const hop of listOf(request, 'x-forwarded-for').reverse()) {
    // With a port, as some proxies write it; what is no address ends what can be believed.
    const plain = plainAddress(hop.replace(/^\[(.*)\](:\d+)?$|^([\d.]+):\d+$/, '$1$3'));
    if (isIP(plain) === 0) break;
    address = plain;
    if (!trusts(plain)) break;
  }
  const proto = listOf(request, 'x-forwarded-proto').at(-1);
  return {
    address,
    host: listOf(request, 'x-forwarded-host').at(-1) ?? host,
    scheme: proto === 'https' || (proto === undefined && encrypted) ? 'https' : 'http',
  };
}

function listOf({ headers }: IncomingMessage, name: string): string[] {
  const value = headers[name];
  return (Array.isArray(value) ? value.join(',') : (value ?? ''))
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean);
}

/** Where a visitor finds the site, without a slash at its end. */
export const siteOf = (request: IncomingMessage, front: Front): string => {
  if (front.url !== null) return front.url;
  const { scheme, host = 'localhost' } = visitorOf(request, front);
  return `${scheme}://${host}`;
};

/** Pages may connect from where they were served: the public address, or the host that the visitor asked. `null` and none may not. */
export function ownOrigin(request: IncomingMessage, front: Front): boolean {
  const { origin } = request.headers;
  if (sameOrigin(origin, visitorOf(request, front).host)) return true;
  return origin !== undefined && front.url !== null && new URL(front.url).origin === origin;
}

/** Whether an Origin header names the host of a Host header. */
export function sameOrigin(origin: string | undefined, host: string | undefined): boolean {
  if (!origin || !host || !URL.canParse(origin)) return false;
  return new URL(origin).host === host;
}
