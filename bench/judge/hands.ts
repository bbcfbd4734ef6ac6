/** Whether two hands can strike it. */
import { chordsOf } from '../../src/music/chords.ts';
import type { Note } from '../../src/music/note.ts';

const FINGERS = 5;
/** A major tenth, semitones: what a large hand spans. */
const SPAN = 16;

/** @param pitches struck together, in any order */
export function strikable(pitches: readonly number[]): boolean {
  const keys = [...new Set(pitches)].sort((a, b) => a - b);
  const inHand = (hand: readonly number[]) =>
    hand.length <= FINGERS && (hand.length === 0 || hand.at(-1)! - hand[0]! <= SPAN);
  return keys.some((_, i) => inHand(keys.slice(0, i)) && inHand(keys.slice(i))) || inHand(keys);
}

/** Share of the gestures, what is struck within 30 ms, that two hands cannot strike. */
export function unstrikable(notes: readonly Note[]): number {
  const gestures = chordsOf(notes);
  const bad = gestures.filter((chord) => !strikable(chord.map(({ pitch }) => pitch)));
  return bad.length / Math.max(1, gestures.length);
}
