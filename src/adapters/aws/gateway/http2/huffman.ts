/**
 * HPACK's Huffman code (RFC 7541, Appendix B), to be read. It is canonical: codes of a length are consecutive numbers in the
 * order of their symbols, and begin where the shorter ones ended, so that lengths alone say it all.
 */
import { COMPRESSION_ERROR, fault } from './frames.ts';

/** How many bits each of the symbols 0 to 255 has, then the one that ends the text (256). */
const LENGTHS = [
  13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 30, 28, 28, 28, 28,
  28, 28, 28, 28, 28, 6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6, 5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 7,
  8, 15, 6, 12, 10, 13, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19,
  13, 14, 6, 15, 5, 6, 5, 6, 5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5, 6, 7, 6, 5, 5, 6, 7, 7, 7, 7, 7, 15, 11, 14, 13,
  28, 20, 22, 20, 20, 22, 22, 22, 23, 22, 23, 23, 23, 23, 23, 24, 23, 24, 24, 22, 23, 24, 23, 23, 23, 23, 21,
  22, 23, 22, 23, 23, 24, 22, 21, 20, 22, 22, 23, 23, 21, 23, 22, 22, 24, 21, 22, 23, 23, 21, 21, 22, 21, 23,
  22, 23, 23, 20, 22, 22, 22, 23, 22, 22, 23, 26, 26, 20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25,
  19, 21, 26, 27, 27, 26, 27, 24, 21, 21, 26, 26, 28, 27, 27, 27, 20, 24, 20, 21, 22, 21, 21, 23, 22, 22, 25,
  25, 24, 24, 26, 23, 26, 27, 26, 26, 27, 27, 27, 27, 27, 28, 27, 27, 27, 27, 27, 26, 30,
];
const END = 256;
const MOST_BITS = 30;

/** Of each length: its first code, how many there are, and where their symbols begin in `SYMBOLS`. */
const FIRST = new Uint32Array(MOST_BITS + 1);
const COUNT = new Uint32Array(MOST_BITS + 1);
const START = new Uint32Array(MOST_BITS + 1);
const SYMBOLS = LENGTHS.map((_, symbol) => symbol).sort((a, b) => LENGTHS[a]! - LENGTHS[b]! || a - b);
for (const length of LENGTHS) COUNT[length]!++;
for (let bits = 1; bits <= MOST_BITS; bits++) {
  FIRST[bits] = (FIRST[bits - 1]! + COUNT[bits - 1]!) * 2;
  START[bits] = START[bits - 1]! + COUNT[bits - 1]!;
}

/** @returns a character a byte; throws a fault where it is no text of this code */
export function unhuffman(bytes: Uint8Array, from = 0, to = bytes.length): string {
  let text = '';
  let [code, bits] = [0, 0];
  for (let at = from; at < to; at++) {
    const byte = bytes[at]!;
    for (let bit = 7; bit >= 0; bit--) {
      code = code * 2 + ((byte >> bit) & 1);
      bits++;
      const nth = code - FIRST[bits]!;
      if (nth < 0 || nth >= COUNT[bits]!) continue;
      const symbol = SYMBOLS[START[bits]! + nth]!;
      if (symbol === END) throw fault(COMPRESSION_ERROR, 'a text that has its end within it');
      text += String.fromCharCode(symbol);
      [code, bits] = [0, 0];
    }
  }
  // What fills the last byte is the beginning of the end's code, which is ones.
  if (bits > 7 || code !== 2 ** bits - 1) throw fault(COMPRESSION_ERROR, 'a text that is not filled by ones');
  return text;
}
