/**
 * Requests of the @connections API, signed with Signature Version 4, whatever protocol they go over. There are many in a
 * second, to one host, with one key and few bodies, which differ by the connection that is asked for: of each second
 * everything else is made once.
 */
import { hash } from 'node:crypto';
import { createScope, getSigningKey } from '@smithy/signature-v4';
import type { Credentials, Identity } from '../credentials.ts';
import { Sha256 } from '../sha256.ts';
import type { Body, Field, HttpRequest } from './request.ts';

export type Method = 'POST' | 'DELETE';
export type SignedRequest = {
  readonly request: HttpRequest;
  /** What it was signed with. */
  readonly keys: Credentials;
};

export type RequestsConfig = Identity & {
  /** With the stage in its path: `https://id.execute-api.region.amazonaws.com/prod`. */
  readonly endpoint: string;
};
export type Requests = {
  /** Remembers the last few: a frame goes to everybody. */
  body(text: string): Body;
  /** @param at epoch milliseconds, by the service's clock */
  signed(method: Method, connectionId: string, body: Body, at: number): Promise<SignedRequest>;
};

const SERVICE = 'execute-api';
/** Frames that are under way to a crowd at the same time are fewer. */
const BODIES = 16;
const BLOCK_BYTES = 64;
const HASH_BYTES = 32;
/** What is signed has some two hundred bytes: a name, a date, a scope, a hash. */
const MOST_SIGNED = 1_024;
export const NOTHING: Body = { bytes: Buffer.alloc(0), text: '', sha256: hash('sha256', '') };

export function requests({ endpoint, region, credentials }: RequestsConfig): Requests {
  const { host, pathname } = new URL(endpoint);
  const prefix = `${pathname.replace(/\/$/, '')}/@connections/`;
  const canonicalPrefix = prefix.split('/').map(encoded).join('/');
  const bodies = new Map<string, Body>();
  let place: string | null = null;
  let key: { readonly keys: Credentials; readonly day: string; readonly hmac: Hmac } | null = null;
  let second: Second | null = null;

  async function keyOf(keys: Credentials, day: string): Promise<Hmac> {
    if (key?.day === day && isSame(key.keys, keys)) return key.hmac;
    place ??= await region();
    const hmac = hmacWith(await getSigningKey(Sha256, keys, day, place, SERVICE));
    key = { keys, day, hmac };
    return hmac;
  }

  async function secondOf(keys: Credentials, number: number): Promise<Second> {
    if (second?.number === number && isSame(second.keys, keys)) return second;
    const date = new Date(number * 1000).toISOString().replace(/[-:]|\.\d+/g, '');
    const day = date.slice(0, 8);
    const hmac = await keyOf(keys, day);
    second = inSecond({ number, keys, hmac, date, scope: createScope(day, place!, SERVICE) }, host);
    return second;
  }

  return {
    body(text) {
      const known = bodies.get(text);
      if (known) return known;
      if (bodies.size >= BODIES) bodies.delete(bodies.keys().next().value!);
      const bytes = Buffer.from(text);
      const body = { bytes, text: bytes.toString('latin1'), sha256: hash('sha256', bytes) };
      bodies.set(text, body);
      return body;
    },
    async signed(method, connectionId, body, at) {
      const keys = await credentials();
      const number = Math.floor(at / 1000);
      // The SDK's providers give the same object for as long as it is valid.
      const now = second?.number === number && second.keys === keys ? second : await secondOf(keys, number);
      const id = encoded(connectionId);
      // What is signed is encoded once more, and an encoded name has nothing but its percent signs to encode.
      const signature = now.signature(method, canonicalPrefix + id.replaceAll('%', '%25'), body);
      const [shared, authorization] = [now.shared(body), now.authorization + signature];
      return {
        request: { method, path: prefix + id, authority: host, shared, authorization, body },
        keys,
      };
    },
  };
}

/** What all requests of a second have in common. */
type Second = {
  readonly number: number;
  readonly keys: Credentials;
  signature(method: Method, canonicalPath: string, body: Body): string;
  /** The fields but for the authorization; the same array for the same body. */
  shared(body: Body): readonly Field[];
  /** Up to the signature. */
  readonly authorization: string;
};
type Moment = {
  readonly number: number;
  readonly keys: Credentials;
  readonly hmac: Hmac;
  /** As signatures write it: 20261129T235958Z. */
  readonly date: string;
  readonly scope: string;
};

function inSecond({ number, keys, hmac, date, scope }: Moment, host: string): Second {
  const { accessKeyId, sessionToken } = keys;
  // Runs of spaces would be signed as one.
  if (![accessKeyId, sessionToken ?? '-'].every((text) => /^[\x21-\x7e]+(?: [\x21-\x7e]+)*$/.test(text)))
    throw new Error('the credentials have characters that no header may have; where do they come from?');
  const names = `host;x-amz-content-sha256;x-amz-date${sessionToken ? ';x-amz-security-token' : ''}`;
  const hostLine = `\n\nhost:${host}\nx-amz-content-sha256:`;
  const dateLines = `\nx-amz-date:${date}${sessionToken ? `\nx-amz-security-token:${sessionToken}` : ''}\n\n${names}\n`;
  const toSign = `AWS4-HMAC-SHA256\n${date}\n${scope}\n`;
  const fields: readonly Field[] = [
    ['x-amz-date', date],
    ...(sessionToken ? [['x-amz-security-token', sessionToken] as const] : []),
  ];
  const byBody = new Map<Body, readonly Field[]>();
  return {
    number,
    keys,
    signature(method, path, { sha256 }) {
      const request = `${method}\n${path}${hostLine}${sha256}${dateLines}${sha256}`;
      return hmac(toSign + hash('sha256', request));
    },
    authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope}, SignedHeaders=${names}, Signature=`,
    shared(body) {
      let shared = byBody.get(body);
      if (!shared) {
        if (byBody.size >= BODIES) byBody.clear();
        const own: readonly Field[] = [
          ['x-amz-content-sha256', body.sha256],
          ['content-length', String(body.bytes.length)],
        ];
        shared = [...fields, ...own];
        byBody.set(body, shared);
      }
      return shared;
    },
  };
}

type Hmac = (text: string) => string;

/**
 * HMAC with SHA-256 (RFC 2104) in hexadecimal digits, of ASCII. Two hashes in one call each take half as long as `createHmac`,
 * whose objects have to be made and collected.
 * @param key of 32 bytes
 */
function hmacWith(key: Uint8Array): Hmac {
  const padded = (by: number) => Buffer.alloc(BLOCK_BYTES, by).map((byte, i) => byte ^ (key[i] ?? 0));
  const [inner, outer] = [Buffer.alloc(MOST_SIGNED), Buffer.alloc(BLOCK_BYTES + HASH_BYTES)];
  inner.set(padded(0x36));
  outer.set(padded(0x5c));
  return (text) => {
    const end = BLOCK_BYTES + inner.write(text, BLOCK_BYTES, 'latin1');
    if (end === MOST_SIGNED) throw new Error('what is to be signed is too long');
    outer.write(hash('sha256', inner.subarray(0, end)), BLOCK_BYTES, 'hex');
    return hash('sha256', outer);
  };
}

const isSame = (a: Credentials, b: Credentials): boolean =>
  a.accessKeyId === b.accessKeyId &&
  a.secretAccessKey === b.secretAccessKey &&
  a.sessionToken === b.sessionToken;

/** Everything but the unreserved characters of RFC 3986 percent-encoded, as AWS asks for. */
const encoded = (segment: string): string =>
  encodeURIComponent(segment).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
