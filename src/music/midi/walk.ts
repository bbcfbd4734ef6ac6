/**
 * A strict walk over the bytes of a Standard MIDI File, before any parser sees them (parsers in the field loop,
 * overflow the stack or lose notes on bad bytes). The walk refuses what is broken, leaves out what we have no use
 * for, closes notes left open, and writes the rest anew: what it returns, every parser reads in bounded time.
 * Source of the format: "Standard MIDI Files 1.0", MIDI Manufacturers Association, RP-001.
 */
export const MAX_BYTES = 1_000_000;
export const MAX_EVENTS = 100_000;
export const MAX_TEMPOS = 10_000;
export const MAX_SECONDS = 2 * 60 * 60;
const SLOWEST_BPM = 5;
const FASTEST_BPM = 1000;
/** Names and markers longer than this are cut. */
const MAX_TEXT_BYTES = 120;
const PERCUSSION_CHANNEL = 9;

/** The bytes cannot be used; `at` is the offset of what was wrong. */
export type Problem = { readonly problem: string; readonly at: number };
export type CleanSmf = { readonly bytes: Uint8Array; readonly warnings: readonly string[] };

type TrackEvent = { tick: number; bytes: Uint8Array | readonly number[] };
type Counts = { events: number; unclosed: number; percussion: number; clampedTempos: number };
type Tempo = { tick: number; microsecondsPerQuarter: number };

class Unusable extends Error {
  readonly at: number;
  constructor(problem: string, at: number) {
    super(problem);
    this.at = at;
  }
}

export function walkSmf(bytes: Uint8Array): CleanSmf | Problem {
  try {
    return walk(bytes);
  } catch (error) {
    if (error instanceof Unusable) return { problem: error.message, at: error.at };
    throw error;
  }
}

function walk(bytes: Uint8Array): CleanSmf {
  const { format, declaredTracks, ppq, end } = readHeader(bytes);
  const tracks: TrackEvent[][] = [];
  const tempos: Tempo[] = [];
  const counts: Counts = { events: 0, unclosed: 0, percussion: 0, clampedTempos: 0 };
  for (let at = end; at < bytes.length; ) {
    if (at + 8 > bytes.length) throw new Unusable('the file ends inside a chunk header', at);
    const length = uint32(bytes, at + 4);
    if (at + 8 + length > bytes.length) {
      throw new Unusable(`a chunk declares ${length} bytes, but only ${bytes.length - at - 8} follow`, at);
    }
    // Chunks of other kinds are legal, and skipped (RP-001: "programs should expect alien chunks").
    if (ascii(bytes, at, 4) === 'MTrk')
      tracks.push(readTrack(bytes, at + 8, at + 8 + length, tempos, counts));
    at += 8 + length;
  }
  if (tracks.length !== declaredTracks) {
    throw new Unusable(`the header declares ${declaredTracks} tracks, the file has ${tracks.length}`, 10);
  }
  const lastTick = Math.max(...tracks.map((track) => track.at(-1)?.tick ?? 0));
  const seconds = secondsAt(lastTick, ppq, tempos);
  if (seconds > MAX_SECONDS) {
    throw new Unusable(`it lasts ${Math.round(seconds)} s; the longest we take is ${MAX_SECONDS} s`, 0);
  }
  const warnings: string[] = [];
  if (counts.unclosed > 0) warnings.push(`${counts.unclosed} notes were left open and end with their track`);
  if (counts.clampedTempos > 0) {
    warnings.push(`${counts.clampedTempos} tempi were brought into ${SLOWEST_BPM} to ${FASTEST_BPM} bpm`);
  }
  if (counts.percussion > 0)
    warnings.push(`${counts.percussion} percussion events (channel 10) were left out`);
  return { bytes: write(format, ppq, tracks), warnings };
}

function readHeader(bytes: Uint8Array): { format: number; declaredTracks: number; ppq: number; end: number } {
  if (bytes.length === 0) throw new Unusable('the file is empty', 0);
  if (bytes.length > MAX_BYTES) {
    throw new Unusable(`the file has ${bytes.length} bytes; the most we take is ${MAX_BYTES}`, MAX_BYTES);
  }
  if (ascii(bytes, 0, 4) !== 'MThd') throw new Unusable('not a MIDI file: it does not begin with "MThd"', 0);
  if (bytes.length < 14) throw new Unusable('the file ends inside its header', bytes.length);
  const length = uint32(bytes, 4);
  if (length < 6 || 8 + length > bytes.length)
    throw new Unusable(`the header's length is ${length}, not 6`, 4);
  const format = uint16(bytes, 8);
  const declaredTracks = uint16(bytes, 10);
  const division = uint16(bytes, 12);
  if (format === 2)
    throw new Unusable('format 2 (several songs in one file) is not supported: save it as format 0 or 1', 8);
  if (format > 2) throw new Unusable(`format ${format} does not exist; 0 and 1 are read`, 8);
  if (declaredTracks === 0) throw new Unusable('the header declares no tracks', 10);
  if (format === 0 && declaredTracks !== 1)
    throw new Unusable(`a format 0 file has 1 track, not ${declaredTracks}`, 10);
  if (division & 0x8000)
    throw new Unusable('SMPTE time division is not supported: save it with ticks per quarter note', 12);
  if (division === 0) throw new Unusable('0 ticks per quarter note (PPQ 0): the file has no time', 12);
  return { format, declaredTracks, ppq: division, end: 8 + length };
}

function readTrack(
  bytes: Uint8Array,
  start: number,
  end: number,
  tempos: Tempo[],
  counts: Counts,
): TrackEvent[] {
  const events: TrackEvent[] = [];
  const open = new Map<number, number>();
  let at = start;
  let tick = 0;
  let status = 0;

  const byte = (): number => {
    if (at >= end) throw new Unusable('an event runs beyond the end of its track', at);
    return bytes[at++]!;
  };
  const data = (): number => {
    const value = byte();
    if (value > 127)
      throw new Unusable(`a data byte is ${value}; pitch, velocity and the like end at 127`, at - 1);
    return value;
  };
  const quantity = (): number => {
    const first = at;
    let value = 0;
    for (let i = 0; i < 4; i++) {
      const next = byte();
      value = (value << 7) | (next & 0x7f);
      if (next < 0x80) return value;
    }
    throw new Unusable('a variable-length quantity is longer than 4 bytes', first);
  };
  const payload = (): Uint8Array => {
    const length = quantity();
    if (at + length > end)
      throw new Unusable(`an event declares ${length} bytes, beyond the end of its track`, at);
    at += length;
    return bytes.subarray(at - length, at);
  };

  while (at < end) {
    if (++counts.events > MAX_EVENTS) throw new Unusable(`more than ${MAX_EVENTS} events`, at);
    tick += quantity();
    const statusAt = at;
    if (bytes[at]! >= 0x80 || at >= end) {
      const next = byte();
      if (next === 0xff) {
        const type = byte();
        const body = payload();
        if (type === 0x2f) break;
        if (type === 0x51) {
          const tempo = readTempo(body, tick, statusAt, tempos.length, counts);
          const us = tempo.microsecondsPerQuarter;
          tempos.push(tempo);
          events.push({ tick, bytes: [0xff, 0x51, 3, us >> 16, (us >> 8) & 255, us & 255] });
        } else if (type === 0x58 || type === 0x59) {
          events.push({ tick, bytes: [0xff, type, body.length, ...body] });
        } else if (type === 0x03 || type === 0x06) {
          const text = body.subarray(0, MAX_TEXT_BYTES);
          events.push({ tick, bytes: [0xff, type, text.length, ...text] });
        }
        continue;
      }
      if (next === 0xf0 || next === 0xf7) {
        payload();
        continue;
      }
      if (next > 0xf0)
        throw new Unusable(`status ${next.toString(16).toUpperCase()} has no place in a file`, statusAt);
      status = next;
    } else if (status === 0) {
      throw new Unusable('running status before any status', statusAt);
    }
    const kind = status & 0xf0;
    const one = data();
    const message = kind === 0xc0 || kind === 0xd0 ? [status, one] : [status, one, data()];
    if ((status & 0x0f) === PERCUSSION_CHANNEL) {
      counts.percussion++;
      continue;
    }
    if (kind === 0x80 || kind === 0x90) {
      const key = ((status & 0x0f) << 7) | one;
      const on = kind === 0x90 && message[2]! > 0;
      open.set(key, Math.max(0, (open.get(key) ?? 0) + (on ? 1 : -1)));
    }
    events.push({ tick, bytes: message });
  }
  for (const [key, count] of open) {
    counts.unclosed += count;
    for (let i = 0; i < count; i++) events.push({ tick, bytes: [0x80 | (key >> 7), key & 0x7f, 0] });
  }
  events.push({ tick, bytes: [0xff, 0x2f, 0] });
  return events;
}

/** MuseScore and others write fermatas and leaps as extreme tempi: they are brought into range, not refused. */
function readTempo(body: Uint8Array, tick: number, at: number, soFar: number, counts: Counts): Tempo {
  if (soFar >= MAX_TEMPOS) throw new Unusable(`more than ${MAX_TEMPOS} tempo changes`, at);
  if (body.length !== 3) throw new Unusable(`a tempo has ${body.length} bytes, not 3`, at);
  const written = (body[0]! << 16) | (body[1]! << 8) | body[2]!;
  const microsecondsPerQuarter = Math.min(60e6 / SLOWEST_BPM, Math.max(60e6 / FASTEST_BPM, written));
  if (written !== microsecondsPerQuarter) counts.clampedTempos++;
  return { tick, microsecondsPerQuarter };
}

function secondsAt(tick: number, ppq: number, tempos: readonly Tempo[]): number {
  let seconds = 0;
  let from = 0;
  let microseconds = 500_000;
  for (const tempo of [...tempos].sort((a, b) => a.tick - b.tick)) {
    seconds += ((Math.min(tempo.tick, tick) - from) / ppq) * (microseconds / 1e6);
    from = Math.min(tempo.tick, tick);
    microseconds = tempo.microsecondsPerQuarter;
  }
  return seconds + ((tick - from) / ppq) * (microseconds / 1e6);
}

function write(format: number, ppq: number, tracks: readonly TrackEvent[][]): Uint8Array {
  const out: number[] = [
    ...chars('MThd'),
    0,
    0,
    0,
    6,
    0,
    format,
    tracks.length >> 8,
    tracks.length & 255,
    ppq >> 8,
    ppq & 255,
  ];
  for (const track of tracks) {
    const body: number[] = [];
    let before = 0;
    for (const event of track) {
      pushQuantity(body, event.tick - before);
      for (const value of event.bytes) body.push(value);
      before = event.tick;
    }
    const n = body.length;
    out.push(...chars('MTrk'), (n >>> 24) & 255, (n >>> 16) & 255, (n >>> 8) & 255, n & 255);
    for (const value of body) out.push(value);
  }
  return Uint8Array.from(out);
}

function pushQuantity(out: number[], value: number): void {
  for (let shift = 21; shift > 0; shift -= 7) {
    if (value >= 2 ** shift) out.push(0x80 | ((value >>> shift) & 0x7f));
  }
  out.push(value & 0x7f);
}

const uint16 = (bytes: Uint8Array, at: number): number => (bytes[at]! << 8) | bytes[at + 1]!;
const uint32 = (bytes: Uint8Array, at: number): number => uint16(bytes, at) * 65536 + uint16(bytes, at + 2);
const ascii = (bytes: Uint8Array, at: number, length: number): string =>
  String.fromCharCode(...bytes.subarray(at, at + length));
const chars = (text: string): number[] => [...text].map((char) => char.charCodeAt(0));
