/**
 * What every request meets first, a plain one and an upgrade alike: its target and its Host are read here, once, and
 * nothing else ever parses them.
 */
import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { type Front, visitorOf } from './front.ts';

export type Admitted = { readonly path: string } | { readonly status: 400 | 421; readonly why: string };

/**
 * The path that a request asks for, below the station's root, or why it gets no other answer. A proxy may have taken the
 * root away already.
 */
export function admit(request: IncomingMessage, front: Front): Admitted {
  const path = pathOf(request.url);
  if (path === null) return { status: 400, why: 'Bad request target' };
  // Node takes the first of several (RFC 9112, 3.2, wants them refused).
  const count = request.rawHeaders.filter((text, i) => i % 2 === 0 && text.toLowerCase() === 'host').length;
  if (count > 1) return { status: 400, why: 'More than one Host' };
  const { host } = visitorOf(request, front);
  if (!allowsHost(host, front.hosts, front.byAddress))
    return { status: 421, why: 'Not a name of this station' };
  return { path: path.startsWith(`${front.root}/`) ? path.slice(front.root.length) : path };
}

/**
 * The path of a request target in origin form (RFC 9112, 3.2.1), percent-decoded once, without its query. null: any
 * other form, two slashes in front (a host, to those who resolve it), bytes that decode to no text, control
 * characters, backslashes, or a step up.
 */
export function pathOf(target: string | undefined): string | null {
  if (!target || !/^\/(?!\/)/.test(target)) return null;
  let path: string;
  try {
    path = decodeURIComponent(target.replace(/[?#].*$/s, ''));
  } catch {
    return null;
  }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (/[\x00-\x1f\x7f\\]/.test(path)) return null;
  return path.split('/').some((step) => step === '..' || step === '.') ? null : path;
}

/**
 * Whether a Host header names this station: a name of loopback, or one that was configured, or, where that is wished,
 * any address; ports are not looked at.
 * Refusing the rest keeps pages of strangers from reaching a station through a name of their own that points at this
 * machine (DNS rebinding).
 */
export function allowsHost(
  host: string | undefined,
  hosts: readonly string[] = [],
  byAddress = false,
): boolean {
  const name = /^(\[[\da-f:.]+\]|[\w.-]+)(:\d{1,5})?$/i.exec(host ?? '')?.[1]?.toLowerCase();
  if (name === undefined) return false;
  // A name may end in the dot of the root (RFC 1034, 3.1), an address may not.
  const plain = name.replace(/(?<=[a-z])\.$/, '');
  if (LOOPBACK.has(plain) || hosts.some((own) => own.toLowerCase() === plain)) return true;
  return byAddress && isIP(name.replace(/^\[|\]$/g, '')) !== 0;
}
const LOOPBACK: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);
