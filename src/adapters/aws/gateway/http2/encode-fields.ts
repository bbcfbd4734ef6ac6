/**
 * Writes the fields of requests (HPACK, RFC 7541). What requests have in common the other side is told to keep, and is one byte
 * each from then on; a signature differs with each, and is never kept (6.2.3). Without Huffman's code: the little that is
 * still sent in full is not worth the time.
 */
import type { Field, HttpRequest } from '../request.ts';
import { STATIC_TABLE } from './static-table.ts';

export type FieldEncoder = {
  /** The block of a request's fields. It is overwritten by the next. */
  encode(request: HttpRequest): Buffer;
  /** What the other side is willing to keep, bytes (SETTINGS_HEADER_TABLE_SIZE). */
  limit(bytes: number): void;
};

/** Everybody's table has this size, unless it says otherwise; we use no more (RFC 9113, 6.5.2). */
const TABLE_BYTES = 4_096;
/** What a field costs in the table beside its characters (RFC 7541, 4.1). */
const ENTRY_BYTES = 32;
/** One that takes more than this part of the table would drive the others out, and they it. */
const MOST_OF_TABLE = 0.75;
const FIRST_BLOCK_BYTES = 4_096;
const [INDEXED, KEPT, SIZE, PLAIN, NEVER] = [0x80, 0x40, 0x20, 0x00, 0x10];
/** Index 0: a name in full. */
const staticName = (name: string) => STATIC_TABLE.findIndex(([known]) => known === name) + 1;
const [METHOD, PATH, AUTHORIZATION] = [':method', ':path', 'authorization'].map(staticName);

export function fieldEncoder(scheme: 'http' | 'https'): FieldEncoder {
  let most = TABLE_BYTES;
  /** A smaller size that the other side is still to be told. */
  let isTold = true;
  /** The newest first, as it is counted. */
  const table: Field[] = [];
  let size = 0;
  let buffer = Buffer.allocUnsafe(FIRST_BLOCK_BYTES);
  let length = 0;
  /** How the fields of one array were written last, where all of them were kept. */
  let last: { readonly shared: readonly Field[]; readonly authority: string; readonly bytes: Buffer } | null =
    null;

  function ensure(more: number): void {
    if (length + more > buffer.length) buffer = Buffer.concat([buffer], 2 * (length + more));
  }
  function integer(pattern: number, bits: number, value: number): void {
    const mask = 2 ** bits - 1;
    if (value < mask) {
      buffer[length++] = pattern | value;
      return;
    }
    buffer[length++] = pattern | mask;
    let left = value - mask;
    for (; left >= 128; left = Math.floor(left / 128)) buffer[length++] = (left % 128) | 128;
    buffer[length++] = left;
  }
  function text(value: string): void {
    integer(0, 7, value.length);
    length += buffer.write(value, length, 'latin1');
  }
  function literal(pattern: number, bits: number, index: number, [name, value]: Field): void {
    // Two lengths and an index have less than this.
    ensure(name.length + value.length + 24);
    integer(pattern, bits, index);
    if (index === 0) text(name);
    text(value);
  }
  function evict(): void {
    while (size > most) size -= sizeOf(table.pop()!);
  }
  function write(field: Field): void {
    const [name, value] = field;
    const at = table.findIndex(([known, its]) => known === name && its === value);
    if (at >= 0) {
      ensure(8);
      integer(INDEXED, 7, STATIC_TABLE.length + 1 + at);
      return;
    }
    const kept = table.findIndex(([known]) => known === name);
    const index = staticName(name) || (kept >= 0 ? STATIC_TABLE.length + 1 + kept : 0);
    const its = sizeOf(field);
    if (its > most * MOST_OF_TABLE) {
      literal(PLAIN, 4, index, field);
      return;
    }
    literal(KEPT, 6, index, field);
    table.unshift(field);
    size += its;
    evict();
    last = null;
  }
  function writeShared({ authority, shared }: HttpRequest): void {
    if (last?.shared === shared && last.authority === authority) {
      ensure(last.bytes.length);
      length += last.bytes.copy(buffer, length);
      return;
    }
    const from = length;
    last = null;
    const before = table[0];
    write([':authority', authority]);
    for (const field of shared) write(field);
    // A field that was added moved the others.
    if (table[0] === before) last = { shared, authority, bytes: Buffer.from(buffer.subarray(from, length)) };
  }

  return {
    encode(request) {
      length = 0;
      if (!isTold) integer(SIZE, 5, most);
      isTold = true;
      if (request.method === 'POST') buffer[length++] = INDEXED | 3;
      else literal(PLAIN, 4, METHOD!, [':method', request.method]);
      buffer[length++] = INDEXED | (scheme === 'https' ? 7 : 6);
      literal(PLAIN, 4, PATH!, [':path', request.path]);
      writeShared(request);
      literal(NEVER, 4, AUTHORIZATION!, ['authorization', request.authorization]);
      return buffer.subarray(0, length);
    },
    limit(bytes) {
      // Never larger again: then the last size is the smallest since it was told (RFC 7541, 4.2).
      if (bytes >= most) return;
      most = bytes;
      isTold = false;
      last = null;
      evict();
    },
  };
}

const sizeOf = ([name, value]: Field): number => name.length + value.length + ENTRY_BYTES;
