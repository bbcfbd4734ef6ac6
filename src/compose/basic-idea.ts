/**
 * How a phrase takes up another: it begins with the same bars, and the network goes on from them. A period's answer begins
 * as its question did, and a theme that returns is known by its beginning (Caplin, Classical Form, 1998: a basic idea of two bars).
 */
import { nearestShift } from '../music/key.ts';
import { HIGHEST_PITCH, LOWEST_PITCH } from '../music/note.ts';
import type { PhrasePlan } from '../music/plan/phrase-form.ts';
import { NEXT, NO_PITCH, PITCH } from '../music/tokens/vocabulary.ts';

const IDEA_BARS = 2;
/** Where it comes back fuller or thinner, or a whole period is said again at once, it is varied from its second bar on. */
const VARIED_BARS = 1;
const PERIOD_BEFORE = 2;
/** Fewer notes are no idea. */
const FEWEST_NOTES = 4;

type Planned = Pick<PhrasePlan, 'key' | 'fullness' | 'bars' | 'recalls'>;

/**
 * The beginning of a phrase, in the key of the one that takes it up. @param tokens without marks
 * @returns tokens; none where there is no idea, or it would be in another mode or beyond the keyboard
 */
export function basicIdea(tokens: readonly number[], known: Planned, phrase: Planned): number[] {
  if (known.key.major !== phrase.key.major) return [];
  const varied = known.fullness !== phrase.fullness || phrase.recalls === PERIOD_BEFORE;
  const bars = Math.min(varied ? VARIED_BARS : IDEA_BARS, phrase.bars - 1);
  const shift = nearestShift(known.key.tonic, phrase.key.tonic);
  const idea: number[] = [];
  let begun = 0;
  let notes = 0;
  for (let i = 0; i + 2 < tokens.length; i += 3) {
    const [place, pitch, length] = [tokens[i]!, tokens[i + 1]!, tokens[i + 2]!];
    if (place >= NEXT && ++begun > bars) break;
    if (pitch === NO_PITCH) idea.push(place, pitch, length);
    else {
      const moved = pitch - PITCH + LOWEST_PITCH + shift;
      if (moved < LOWEST_PITCH || moved > HIGHEST_PITCH) return [];
      idea.push(place, pitch + shift, length);
      notes++;
    }
  }
  return notes < FEWEST_NOTES ? [] : idea;
}
