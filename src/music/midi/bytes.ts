/** Numbers and text in the bytes of a MIDI file. */
import { MAX_TEXT_BYTES, Unusable } from './limits.ts';

export const uint16 = (bytes: Uint8Array, at: number): number => (bytes[at]! << 8) | bytes[at + 1]!;
export const uint32 = (bytes: Uint8Array, at: number): number =>
  uint16(bytes, at) * 65536 + uint16(bytes, at + 2);
export const ascii = (bytes: Uint8Array, at: number, length: number): string =>
  String.fromCharCode(...bytes.subarray(at, at + length));

const utf8 = new TextDecoder();
/** What the decoder puts in the place of bytes that are not UTF-8. */
const REPLACEMENT = '\uFFFD';

/** RP-001 states no encoding: text that is valid UTF-8 is read as that, any other as Latin-1. */
export function textOf(bytes: Uint8Array): string {
  const part = bytes.subarray(0, lengthOfText(bytes));
  const text = utf8.decode(part);
  return text.includes(REPLACEMENT) ? String.fromCharCode(...part) : text;
}

/** At most MAX_TEXT_BYTES, and no character of UTF-8 in two. */
function lengthOfText(bytes: Uint8Array): number {
  if (bytes.length <= MAX_TEXT_BYTES) return bytes.length;
  const isContinuation = (at: number): boolean => (bytes[at]! & 0xc0) === 0x80;
  let length = MAX_TEXT_BYTES;
  while (length > MAX_TEXT_BYTES - 4 && isContinuation(length)) length--;
  return isContinuation(length) ? MAX_TEXT_BYTES : length;
}

/**
 * Reads one thing after another up to `end`. What runs beyond it makes `isCut` true and reads as 0: the caller then
 * drops what it was about to read.
 */
export function cursor(bytes: Uint8Array, start: number, end: number) {
  let at = start;
  let isCut = false;
  const byte = (): number => {
    if (at < end) return bytes[at++]!;
    isCut = true;
    return 0;
  };
  return {
    byte,
    get at() {
      return at;
    },
    get isCut() {
      return isCut;
    },
    get isAtEnd() {
      return at >= end;
    },
    /** The next byte, which stays to be read; 0 at the end. */
    peek: (): number => (at < end ? bytes[at]! : 0),
    /** A variable-length quantity, 0 to 2²⁸−1. */
    quantity(): number {
      const first = at;
      let value = 0;
      for (let i = 0; i < 4; i++) {
        const next = byte();
        value = (value << 7) | (next & 0x7f);
        if (next < 0x80) return value;
      }
      throw new Unusable('quantity', 'a variable-length quantity is longer than 4 bytes', first);
    },
    take(length: number): Uint8Array {
      if (length > end - at) isCut = true;
      const from = at;
      at = Math.min(end, at + length);
      return bytes.subarray(from, at);
    },
  };
}
