/**
 * Standard MIDI Files out. We write ticks that are milliseconds: 500 ticks a quarter at 120 quarters a minute, so that
 * file, wire and page agree to the number. Source of the format: "Standard MIDI Files 1.0", MIDI Manufacturers
 * Association, RP-001.
 */
import type { MidiFile } from './file.ts';
import { SUSTAIN } from './reading.ts';

const PPQ = 500;
const MICROSECONDS_A_QUARTER = 500_000;

const NOTE_OFF = 0x80;
const NOTE_ON = 0x90;
const CONTROL_CHANGE = 0xb0;
const PROGRAM_CHANGE = 0xc0;
/** Types of meta events. */
const NAME = 0x03;
const MARKER = 0x06;
const END_OF_TRACK = 0x2f;
const TEMPO = 0x51;

type TimedBytes = { readonly tick: number; readonly bytes: readonly number[] };

/**
 * Two tracks: title, markers and tempo; notes and pedal. The same music gives the same bytes, and events of one tick
 * stay in the order in which they are given here, since a reader may depend on it.
 * Titles and markers must be ASCII: SMF text has no stated encoding.
 */
export function writeMidiFile({ title, markers, music }: MidiFile): Uint8Array {
  const about: TimedBytes[] = [
    { tick: 0, bytes: text(NAME, title) },
    ...markers.map((marker) => ({ tick: marker.ms, bytes: text(MARKER, marker.text) })),
    { tick: 0, bytes: meta(TEMPO, bigEndian(MICROSECONDS_A_QUARTER, 3)) },
  ];
  const played: TimedBytes[] = [
    { tick: 0, bytes: text(NAME, '') },
    { tick: 0, bytes: [PROGRAM_CHANGE, 0] },
    ...music.notes.flatMap(({ onsetMs, durationMs, pitch, velocity }) => [
      { tick: onsetMs, bytes: [NOTE_ON, pitch, velocity] },
      { tick: onsetMs + durationMs, bytes: [NOTE_OFF, pitch, 0] },
    ]),
    ...music.pedal.map(({ ms, value }) => ({ tick: ms, bytes: [CONTROL_CHANGE, SUSTAIN, value] })),
  ];
  const tracks = [about, played];
  const header = [...bigEndian(1, 2), ...bigEndian(tracks.length, 2), ...bigEndian(PPQ, 2)];
  return Uint8Array.from([
    ...chunk('MThd', header),
    ...tracks.flatMap((track) => chunk('MTrk', body(track))),
  ]);
}

/** Events in order of time, each with the ticks since the one before; and the end. */
function body(events: readonly TimedBytes[]): number[] {
  const bytes: number[] = [];
  let before = 0;
  for (const event of [...events].sort((a, b) => a.tick - b.tick)) {
    bytes.push(...quantity(event.tick - before), ...event.bytes);
    before = event.tick;
  }
  bytes.push(0, ...meta(END_OF_TRACK, []));
  return bytes;
}

const chunk = (name: string, content: readonly number[]): number[] => [
  ...ascii(name),
  ...bigEndian(content.length, 4),
  ...content,
];
const meta = (type: number, content: readonly number[]): number[] => [
  0xff,
  type,
  ...quantity(content.length),
  ...content,
];
const text = (type: number, words: string): number[] => meta(type, ascii(words));
const ascii = (words: string): number[] => Array.from(words, (character) => character.charCodeAt(0));

const bigEndian = (value: number, bytes: number): number[] =>
  Array.from({ length: bytes }, (_, i) => Math.floor(value / 256 ** (bytes - 1 - i)) % 256);

/** A variable-length quantity: seven bits a byte, the highest bit set in all but the last. @param value 0 to 2²⁸−1 */
function quantity(value: number): number[] {
  const bytes = [value & 0x7f];
  for (let rest = value >> 7; rest > 0; rest >>= 7) bytes.unshift(0x80 | (rest & 0x7f));
  return bytes;
}
