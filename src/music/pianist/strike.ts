/** When exactly each key goes down: the melody first, chords a little spread, what no hand spans rolled. */
import { seededRandom } from '../random.ts';
import type { ScoreNote } from '../score/score.ts';
import type { Interpretation } from './interpretation.ts';
import { normal } from './noise.ts';

/** A major tenth, semitones, and fingers of a hand. */
const SPAN = 16;
const FINGERS = 5;
/** From one note of a rolled chord to the next, milliseconds; more than makes one chord to the ear. */
const ROLL_MS = 36;
/** Deviation of a hand and of a finger in it, milliseconds: together about the 6.8 of the KTH rules' motor noise. */
const HAND_MS = 5;
const FINGER_MS = 4.5;
/** How much the left hand comes before the right where it does, milliseconds. */
const APART_MS = [32, 70] as const;
/** Chords of so many notes are broken, and such as are held for an eighth at least, steps. */
const BROKEN_NOTES = 3;
const BROKEN_LENGTH = 18;
/** Notes come before or after their place by at most this part of the gap to the strike there. */
const WIDEST = 0.35;

/**
 * Notes of one onset, from the lowest up. @param placeMs their place by the clock @param beforeMs and @param afterMs
 * gaps to the strikes around it @returns when each is struck, milliseconds, unrounded
 */
export function strikesOf(
  chord: readonly ScoreNote[],
  sings: (note: ScoreNote) => boolean,
  placeMs: number,
  beforeMs: number,
  afterMs: number,
  plan: Interpretation,
): number[] {
  const random = seededRandom(plan.seed * 4099 + chord[0]!.onset);
  const bounds = [-WIDEST * beforeMs, WIDEST * afterMs] as const;
  if (isRolled(chord, plan, random)) {
    // It ends with its top on the beat where there is time before it, else it is pressed into the time there is.
    const step = Math.min(ROLL_MS, (bounds[1] - bounds[0]) / Math.max(1, chord.length - 1));
    const from = Math.max(bounds[0], -0.6 * step * (chord.length - 1));
    return chord.map((_, i) => placeMs + from + step * i);
  }
  const noise = plan.rules.noise;
  const loose = { left: HAND_MS * noise * normal(random), right: HAND_MS * noise * normal(random) };
  const both = chord.some(({ part }) => part === 'left') && chord.some(({ part }) => part !== 'left');
  const apartMs =
    both && random() < plan.handsApart ? APART_MS[0] + random() * (APART_MS[1] - APART_MS[0]) : 0;
  const alone = chord.every((note) => sings(note));
  return chord.map((note) => {
    const hand = note.part === 'left' ? 'left' : 'right';
    const finger = loose[hand] + FINGER_MS * noise * normal(random);
    // Either the melody leads, or the bass comes before both.
    const early = apartMs > 0 ? (hand === 'left' ? apartMs : 0) : sings(note) && !alone ? plan.leadMs : 0;
    return placeMs + Math.min(bounds[1], Math.max(bounds[0], finger - early));
  });
}

/** What no hands span must be rolled, and held chords may be. */
function isRolled(chord: readonly ScoreNote[], plan: Interpretation, random: () => number): boolean {
  if (!strikable(chord.map(({ pitch }) => pitch))) return true;
  const held = chord.every(({ length }) => length >= BROKEN_LENGTH);
  return chord.length >= BROKEN_NOTES && held && random() < plan.chordsBroken;
}

/** Whether two hands of five fingers and a tenth each can strike it at once. @param pitches in ascending order */
export function strikable(pitches: readonly number[]): boolean {
  const held = (hand: readonly number[]) =>
    hand.length <= FINGERS && (hand.length === 0 || hand.at(-1)! - hand[0]! <= SPAN);
  for (let i = 0; i <= pitches.length; i++)
    if (held(pitches.slice(0, i)) && held(pitches.slice(i))) return true;
  return false;
}
