/**
 * How a phrase takes up another: it begins with the same bars, and the network goes on from them. A period's answer begins
 * as its question did, and a theme that returns is known by its beginning (Caplin, Classical Form, 1998: a basic idea of two bars).
 */
import { nearestShift } from '../music/key.ts';
import { isOnPiano, LOWEST_PITCH } from '../music/note.ts';
import type { PhrasePlan } from '../music/plan/phrase-form.ts';
import { NEXT, NO_PITCH, PITCH } from '../music/tokens/vocabulary.ts';

const IDEA_BARS = 2;
/** A part of the form that begins with it says more of it: that is how a return is heard. */
const REPRISE_BARS = 3;
/** Where it comes back fuller or thinner, is known, or a whole period is said again at once, it is varied from its second bar on. */
const VARIED_BARS = 1;
const PERIOD_BEFORE = 2;
/** Heard so often before, and taken up in the same part of the form, it is known; and a phrase that answers what is known says it in its own way. */
const KNOWN = 2;
/** Fewer notes are no idea. */
const FEWEST_NOTES = 4;

type Planned = Pick<PhrasePlan, 'key' | 'fullness' | 'bars' | 'recalls'>;

/** How often an idea was heard before, whether by the last phrase, and whether that is of the same part of the form. */
export type Heard = { readonly times: number; readonly just: boolean; readonly here: boolean };

/** @param ideas of each phrase, the last one included, the phrase whose idea it takes up, or itself */
export function hearingOf(ideas: readonly number[], here: boolean): Heard {
  const idea = ideas.at(-1);
  return { times: ideas.filter((own) => own === idea).length - 1, just: ideas.at(-2) === idea, here };
}

/**
 * The beginning of a phrase, in the key of the one that takes it up. @param tokens without marks
 * @returns tokens; none where there is no idea, or it is known, or it would be in another mode or beyond the keyboard
 */
export function basicIdea(
  tokens: readonly number[],
  known: Planned,
  phrase: Planned,
  heard: Heard,
): number[] {
  const isKnown = heard.here && heard.times >= KNOWN;
  if (isKnown && heard.just) return [];
  if (known.key.major !== phrase.key.major) return [];
  const varied = isKnown || known.fullness !== phrase.fullness || phrase.recalls === PERIOD_BEFORE;
  const bars = Math.min(varied ? VARIED_BARS : heard.here ? IDEA_BARS : REPRISE_BARS, phrase.bars - 1);
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
      if (!isOnPiano(moved)) return [];
      idea.push(place, pitch + shift, length);
      notes++;
    }
  }
  return notes < FEWEST_NOTES ? [] : idea;
}
