import type { Note } from '../../src/music/note.ts';
import { firstAtOrAfter } from '../../src/music/timeline.ts';
import { type Degree, words } from '../language/words.ts';

/** A caption tells of this much music, and stands as long; milliseconds. */
export const CAPTION_MS = 20_000;

/** Below the first, between them, above the second. */
const SPARSE_DENSE = [1.5, 5] as const; // notes a second
const SOFT_LOUD = [48, 80] as const; // velocity
const LOW_HIGH = [52, 70] as const; // MIDI pitch: E3, A♯4

/**
 * The music in words, for those who do not hear it: "Dense, high, loud, about three voices." It is read out, so it
 * changes every 20 s at most, and tells of the stretch that plays: pages have two minutes in hand.
 * @param holds whether all of the music between two times is in hand; where it is not, a late comer is told nothing
 *   rather than something false
 */
export function caption(
  notes: readonly Note[],
  positionMs: number,
  holds: (fromMs: number, toMs: number) => boolean,
): string | null {
  if (positionMs < 0) return null;
  const fromMs = Math.floor(positionMs / CAPTION_MS) * CAPTION_MS;
  const toMs = fromMs + CAPTION_MS;
  if (!holds(fromMs, toMs)) return null;
  const at = (ms: number) => firstAtOrAfter(notes, ({ onsetMs }) => onsetMs, ms);
  const heard = notes.slice(at(fromMs), at(toMs));
  if (heard.length === 0) return words.silence;
  const mean = (of: (note: Note) => number) => heard.reduce((sum, note) => sum + of(note), 0) / heard.length;
  return words.caption(
    degree((1_000 * heard.length) / CAPTION_MS, SPARSE_DENSE),
    degree(
      mean(({ pitch }) => pitch),
      LOW_HIGH,
    ),
    degree(
      mean(({ velocity }) => velocity),
      SOFT_LOUD,
    ),
    voices(heard),
  );
}

const degree = (value: number, [low, high]: readonly [number, number]): Degree =>
  value < low ? 0 : value < high ? 1 : 2;

/** Keys that are held while one is struck: the voices that an ear could follow, on average; one at least. */
function voices(heard: readonly Note[]): number {
  let sum = 0;
  for (const { onsetMs } of heard)
    sum += heard.filter(
      (other) => other.onsetMs <= onsetMs && other.onsetMs + other.durationMs > onsetMs,
    ).length;
  return Math.max(1, Math.round(sum / heard.length));
}
