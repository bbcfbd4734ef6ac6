/** MIDI files made up from random numbers: half of what they hold is right, the other half as wrong as it can be. */
import { ascii, u16, u32 } from '../../tests/support/smf.ts';

export type Random = () => number;
const below = (random: Random, n: number): number => Math.floor(random() * n);
const oneOf = <T>(random: Random, list: readonly T[]): T => list[below(random, list.length)]!;

/** A file of up to 4 tracks. Rarely one of some hundred kilobytes: what is quadratic shows there. */
export function anyFile(random: Random): number[] {
  const isLarge = random() < 0.0004;
  const count = oneOf(random, [1, 1, 1, 1, 2, 2, 2, 3, 4, random() < 0.2 ? 0 : 1]);
  const chunks: number[] = [];
  for (let i = 0; i < count; i++) {
    if (random() < 0.05) chunks.push(...alien(random));
    for (const byte of anyTrack(random, isLarge ? 20_000 : below(random, 40))) chunks.push(byte);
  }
  if (random() < 0.1) chunks.push(...Array(below(random, 20)).fill(below(random, 256)));
  const format = random() < 0.95 ? oneOf(random, [0, 1, 1, 1]) : oneOf(random, [2, 9]);
  const declared = random() < 0.9 ? count : below(random, 65_536);
  const division = oneOf(random, [480, 480, 96, 384, 500, 1, 32_767, random() < 0.3 ? 0xe728 : 120]);
  const length = random() < 0.99 ? 6 : oneOf(random, [0, 7, 255, 2 ** 31]);
  const file = [...ascii('MThd'), ...u32(length), ...u16(format), ...u16(declared), ...u16(division)];
  for (const byte of chunks) file.push(byte);
  return random() < 0.03 ? wrapped(random, file) : file;
}

const alien = (random: Random): number[] => {
  const body = Array.from({ length: below(random, 9) }, () => below(random, 256));
  return [...ascii(oneOf(random, ['XFIH', 'CASM', 'MTRK', '\0\0\0\0'])), ...u32(body.length), ...body];
};

function wrapped(random: Random, file: number[]): number[] {
  if (random() < 0.5) return [...Array(128).fill(0), ...file];
  const little = (n: number): number[] => u32(n).reverse();
  const length = random() < 0.8 ? file.length : below(random, 2 ** 31);
  return [...ascii('RIFF'), ...little(file.length + 12), ...ascii('RMIDdata'), ...little(length), ...file];
}

function anyTrack(random: Random, events: number): number[] {
  const body: number[] = [];
  // Few keys and channels, so that strikes and releases meet.
  const keys = Array.from({ length: 1 + below(random, 4) }, () => below(random, 128));
  const channels = Array.from({ length: 1 + below(random, 3) }, () => below(random, 16));
  for (let i = 0; i < events; i++) {
    pushQuantity(body, anyDelta(random), random() < 0.0005);
    pushEvent(body, random, oneOf(random, channels), oneOf(random, keys));
  }
  if (random() < 0.9) body.push(0, 0xff, 0x2f, 0);
  const length = random() < 0.95 ? body.length : Math.max(0, body.length + below(random, 9) - 4);
  const track = [...ascii('MTrk'), ...u32(length)];
  for (const byte of body) track.push(byte);
  return track;
}

const anyDelta = (random: Random): number =>
  oneOf(random, [0, 0, 0, 1, 24, 120, 240, 480, 479, below(random, 2000), random() < 0.02 ? 2 ** 28 - 1 : 7]);

/** @param overlong with a byte too many, which five-byte quantities have */
function pushQuantity(body: number[], value: number, overlong: boolean): void {
  if (overlong) body.push(0x80, 0x80);
  for (let shift = 21; shift > 0; shift -= 7)
    if (value >= 2 ** shift) body.push(0x80 | ((value >>> shift) & 0x7f));
  body.push(value & 0x7f);
}

const META = [1, 3, 5, 6, 7, 0x20, 0x2f, 0x51, 0x54, 0x58, 0x59, 0x7f];
const RIGHT_LENGTH: Readonly<Record<number, number>> = { 47: 0, 81: 3, 88: 4, 89: 2 };
const CONTROLLERS = [64, 64, 64, 7, 11, 66, 67, 120, 123, 0, 127];

function pushEvent(body: number[], random: Random, channel: number, key: number): void {
  const kind = random();
  if (kind < 0.35) body.push(0x90 | channel, key, below(random, 128));
  else if (kind < 0.65) body.push(0x80 | channel, key, 64);
  // Running status, mostly where there is one.
  else if (kind < 0.7 && (body.length > 4 || random() < 0.05)) body.push(key, below(random, 128));
  else if (kind < 0.8) body.push(0xb0 | channel, oneOf(random, CONTROLLERS), below(random, 128));
  else if (kind < 0.84) body.push(0xc0 | channel, below(random, 128));
  else if (kind < 0.86) body.push(0xe0 | channel, below(random, 128), below(random, 128));
  else if (kind < 0.97) pushMeta(body, random);
  else if (kind < 0.99) body.push(0xf0, 2, below(random, 256), 0xf7);
  else if (kind < 0.998) body.push(0xf8 + below(random, 7));
  else body.push(below(random, 256));
}

function pushMeta(body: number[], random: Random): void {
  const type = oneOf(random, META);
  if (type === 0x2f && random() < 0.9) {
    body.push(0xff, 6, 1, 65);
    return;
  }
  const length = random() < 0.97 ? (RIGHT_LENGTH[type] ?? below(random, 12)) : below(random, 200);
  body.push(0xff, type);
  pushQuantity(body, length, false);
  for (let i = 0; i < length; i++) body.push(type === 0x58 ? below(random, 8) : below(random, 256));
}

const HEADER_BYTES = 14;
const EDGES = [0, 1, 0x2f, 0x40, 0x51, 0x7f, 0x80, 0x90, 0xc0, 0xf0, 0xf7, 0xff];

/** Changes so many places of the bytes: bits, values, runs, ends. */
export function mutate(random: Random, file: readonly number[], times: number): Uint8Array {
  let bytes = Uint8Array.from(file);
  for (let i = 0; i < times; i++) {
    // Mostly behind the header: a file whose header is spoiled is refused for that alone.
    const from = Math.min(bytes.length, random() < 0.95 ? HEADER_BYTES : 0);
    const at = from + below(random, bytes.length - from);
    const run = 1 + below(random, 16);
    const kind = below(random, 7);
    if (kind === 0) bytes[at]! ^= 1 << below(random, 8);
    else if (kind === 1) bytes[at] = oneOf(random, EDGES);
    else if (kind === 2) bytes[at] = below(random, 256);
    else if (kind === 3) bytes = joined(bytes.subarray(0, at), bytes.subarray(at + run));
    else if (kind === 4) bytes = joined(bytes.subarray(0, at + run), bytes.subarray(at));
    else if (kind === 5)
      bytes = joined(bytes.subarray(0, at), Uint8Array.of(oneOf(random, EDGES)), bytes.subarray(at));
    else if (random() < 0.2) bytes = bytes.slice(0, at);
  }
  return bytes;
}

function joined(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
