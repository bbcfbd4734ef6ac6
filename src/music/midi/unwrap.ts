/** MIDI files inside others: RIFF files of kind RMID (Microsoft, 1991), and MacBinary, which classic Mac OS put before files. */
import { ascii, uint32 } from './bytes.ts';

/** Where the MIDI file begins and ends in the bytes given. */
export type Wrapped = { readonly start: number; readonly end: number };

const MAC_BINARY_BYTES = 128;
const MAC_BINARY_DATA_LENGTH_AT = 83;

/** @returns null where there is no wrapper that we know */
export function unwrap(bytes: Uint8Array): Wrapped | null {
  if (ascii(bytes, 0, 4) === 'RIFF' && ascii(bytes, 8, 4) === 'RMID') return dataOfRiff(bytes);
  if (bytes[0] !== 0 || ascii(bytes, MAC_BINARY_BYTES, 4) !== 'MThd') return null;
  const length = uint32(bytes, MAC_BINARY_DATA_LENGTH_AT);
  const end = MAC_BINARY_BYTES + length;
  return { start: MAC_BINARY_BYTES, end: length > 0 && end <= bytes.length ? end : bytes.length };
}

/** RIFF has its lengths the other way round, and an even number of bytes in every chunk. */
function dataOfRiff(bytes: Uint8Array): Wrapped | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 12; at + 8 <= bytes.length; ) {
    const length = view.getUint32(at + 4, true);
    const start = at + 8;
    if (ascii(bytes, at, 4) === 'data') return { start, end: Math.min(bytes.length, start + length) };
    at = start + length + (length % 2);
  }
  return null;
}
