/** Texts travel compressed where the visitor's browser takes it, and are not sent again to who has them (RFC 9110, 8.4 and 13). */
import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Transform } from 'node:stream';
import {
  type BrotliOptions,
  brotliCompressSync,
  constants,
  createBrotliCompress,
  createGzip,
  gzipSync,
} from 'node:zlib';
import Negotiator from 'negotiator';

export type Encoding = 'br' | 'gzip';

/** A hundred kilobytes take 3 ms of a processor; the best takes a hundred times as long for a tenth less. */
const BROTLI: BrotliOptions = { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } };
/** What is smaller travels in one packet anyhow; bytes. */
const LEAST = 1_000;
/** Sound, pictures and type are compressed already. */
const TEXT = /^(text\/|application\/json\b)|\+(json|xml)\b/;

/** Whether a body varies by what is asked: to be told to caches in between. */
export const mayBeEncoded = (type: string, size: number): boolean => size >= LEAST && TEXT.test(type);

/** What a body of a type and so many bytes is to be sent in to who asks; null: as it is. */
export function encodingFor(request: IncomingMessage, type: string, size: number): Encoding | null {
  if (!mayBeEncoded(type, size)) return null;
  // Browsers weigh them all the same, and name the lesser first.
  const taken = new Negotiator(request).encodings(['br', 'gzip']);
  return (['br', 'gzip'] as const).find((encoding) => taken.includes(encoding)) ?? null;
}

type Kept = { tag?: string } & { [encoding in Encoding]?: Uint8Array };
const kept = new WeakMap<Uint8Array, Kept>();
const of = (body: Uint8Array): Kept => {
  const known = kept.get(body) ?? {};
  kept.set(body, known);
  return known;
};

/** A body in an encoding, compressed once as long as it lives: it must not change. */
export function encoded(body: Uint8Array, encoding: Encoding): Uint8Array {
  const known = of(body);
  known[encoding] ??= encoding === 'br' ? brotliCompressSync(body, BROTLI) : gzipSync(body);
  return known[encoding];
}

export const encoder = (encoding: Encoding): Transform =>
  encoding === 'br' ? createBrotliCompress(BROTLI) : createGzip();

/** Names a body's bytes, in whichever encoding they travel: weak, therefore. */
export function tagOf(body: Uint8Array): string {
  const known = of(body);
  known.tag ??= `W/"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
  return known.tag;
}

/** Whether who asks has these bytes already. */
export const hasTag = ({ headers }: IncomingMessage, tag: string): boolean =>
  headers['if-none-match']?.split(',').some((one) => one.trim() === tag) ?? false;
