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
  const noise = plan.rules.noise;
  const hands = { left: normal(random), right: normal(random) };
  const rolled = !strikable(chord.map(({ pitch }) => pitch));
  const alone = chord.length === 1 || chord.every((note) => sings(note));
  const early = Math.min(plan.leadMs, WIDEST * beforeMs);
  const bounds = [-WIDEST * beforeMs, WIDEST * afterMs] as const;
  // A roll ends with its top on the beat where there is time before it, else it is pressed into the time there is.
  const step = Math.min(ROLL_MS, (WIDEST * (beforeMs + afterMs)) / Math.max(1, chord.length - 1));
  const rollFrom = Math.max(bounds[0], -0.6 * step * (chord.length - 1));
  return chord.map((note, i) => {
    const hand = HAND_MS * noise * hands[note.part === 'left' ? 'left' : 'right'];
    const finger = FINGER_MS * noise * normal(random);
    if (rolled) return placeMs + rollFrom + step * i;
    const lead = sings(note) && !alone ? -early : 0;
    return placeMs + Math.min(bounds[1], Math.max(bounds[0], lead + hand + finger));
  });
}

/** Whether two hands of five fingers and a tenth each can strike it at once. @param pitches in ascending order */
export function strikable(pitches: readonly number[]): boolean {
  const held = (hand: readonly number[]) =>
    hand.length <= FINGERS && (hand.length === 0 || hand.at(-1)! - hand[0]! <= SPAN);
  for (let i = 0; i <= pitches.length; i++)
    if (held(pitches.slice(0, i)) && held(pitches.slice(i))) return true;
  return false;
}
