/**
 * Reads a block of fields (HPACK, RFC 7541) from a side that was told to keep none: SETTINGS_HEADER_TABLE_SIZE is 0, so that
 * each block is read by itself.
 */
import type { Field } from '../request.ts';
import { COMPRESSION_ERROR, fault } from './frames.ts';
import { unhuffman } from './huffman.ts';
import { STATIC_TABLE } from './static-table.ts';

/** Of a number that is written in parts of seven bits: more than any that may be. */
const MOST = 2 ** 28;

type Cursor = { readonly block: Buffer; at: number };

/** Throws a fault where it is no such block, or relies upon fields that were kept. */
export function decodeFields(block: Buffer): Field[] {
  const fields: Field[] = [];
  const cursor: Cursor = { block, at: 0 };
  while (cursor.at < block.length) {
    const first = block[cursor.at]!;
    if (first >= 0x80) {
      fields.push(indexed(integer(cursor, 7)));
    } else if (first >= 0x20 && first < 0x40) {
      // A change of the table's size, which can but remain 0.
      if (fields.length > 0 || integer(cursor, 5) > 0) throw broken('a table of fields that it may not have');
    } else {
      // Whether it is to be kept, or never, it is not.
      const index = integer(cursor, first >= 0x40 ? 6 : 4);
      const name = index === 0 ? text(cursor) : indexed(index)[0];
      fields.push([name, text(cursor)]);
    }
  }
  return fields;
}

function integer(cursor: Cursor, bits: number): number {
  const { block } = cursor;
  const mask = 2 ** bits - 1;
  let value = block[cursor.at++]! & mask;
  if (value < mask) return value;
  for (let weight = 1; ; weight *= 128) {
    const byte = block[cursor.at++];
    if (byte === undefined || weight > MOST) throw broken('a number without an end');
    value += (byte & 127) * weight;
    if (value > MOST) throw broken('a number beyond all bounds');
    if (byte < 128) return value;
  }
}

function text(cursor: Cursor): string {
  const { block } = cursor;
  if (cursor.at >= block.length) throw broken('a field without its text');
  const isHuffman = block[cursor.at]! >= 128;
  const length = integer(cursor, 7);
  const from = cursor.at;
  cursor.at += length;
  if (cursor.at > block.length) throw broken('a text that is longer than its block');
  return isHuffman ? unhuffman(block, from, cursor.at) : block.toString('latin1', from, cursor.at);
}

function indexed(index: number): Field {
  const field = STATIC_TABLE[index - 1];
  if (!field) throw broken(`field ${index}, which was not kept`);
  return field;
}

const broken = (what: string) => fault(COMPRESSION_ERROR, `in a block of fields is ${what}`);
