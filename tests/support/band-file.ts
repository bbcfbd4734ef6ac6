/** A General MIDI file of our own making: twelve programs and drums, each heard by itself three times, with words and bends. */
import { ascii, END_OF_TRACK, smf } from './smf.ts';

/** By channel; 9 is percussion. */
export const PROGRAMS: ReadonlyMap<number, number> = new Map([
  ...([0, 11, 19, 24, 33, 40, 48, 56, 65] as const).map((program, i) => [i, program] as const),
  ...([73, 81, 104] as const).map((program, i) => [10 + i, program] as const),
]);
export const CHANNELS: readonly number[] = [...PROGRAMS.keys(), 9].sort((a, b) => a - b);
/** Seconds between the strikes of one channel and the next. */
export const STEP_S = 0.25;
const ROUNDS = 3;
/** Every second channel's note is as long as this, milliseconds. */
const NOTE_MS = 200;

/** When a channel strikes, seconds. */
export const strikesOf = (channel: number): number[] =>
  Array.from(
    { length: ROUNDS },
    (_, round) => STEP_S * (CHANNELS.indexOf(channel) + CHANNELS.length * round),
  );

type Event = { readonly ms: number; readonly bytes: readonly number[] };

/** @param more what else the first track holds */
export function bandFile(more: readonly Event[] = [], title = 'Band'): Uint8Array {
  const first: Event[] = [{ ms: 0, bytes: [0xff, 3, title.length, ...ascii(title)] }, ...more];
  const tracks = CHANNELS.map((channel): Event[] => {
    const program = PROGRAMS.get(channel);
    const notes = strikesOf(channel).flatMap((seconds) => [
      { ms: 1000 * seconds, bytes: [0x90 | channel, channel === 9 ? 38 : 60, 100] },
      { ms: 1000 * seconds + NOTE_MS, bytes: [0x80 | channel, channel === 9 ? 38 : 60, 0] },
    ]);
    return [...(program === undefined ? [] : [{ ms: 0, bytes: [0xc0 | channel, program] }]), ...notes];
  });
  // 500 ticks a quarter of half a second: a tick is a millisecond.
  return smf({ format: 1, division: 500, tracks: [first, ...tracks].map(bodyOf) });
}

/** The words of a karaoke file, as text events. */
export const wordsAt = (words: readonly (readonly [ms: number, text: string])[]): Event[] =>
  words.map(([ms, text]) => ({ ms, bytes: [0xff, 1, text.length, ...ascii(text)] }));

function bodyOf(events: readonly Event[]): number[] {
  let before = 0;
  const body = [...events]
    .sort((a, b) => a.ms - b.ms)
    .flatMap(({ ms, bytes }) => {
      const delta = quantity(ms - before);
      before = ms;
      return [...delta, ...bytes];
    });
  return [...body, ...END_OF_TRACK];
}

const quantity = (value: number): number[] =>
  value < 0x80 ? [value] : [0x80 | ((value >> 7) & 0x7f), value & 0x7f];
