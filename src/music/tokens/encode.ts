/** Scores to tokens and back. Everything but the prefix is here: it differs from window to window of the same piece. */

import { isOnPiano, LOWEST_PITCH } from '../note.ts';
import { CADENCES, type Phrase, phrasesOf } from '../score/phrases.ts';
import {
  type Bar,
  inOrder,
  notesByBar,
  PARTS,
  type Score,
  type ScoreNote,
  STEPS_PER_QUARTER,
} from '../score/score.ts';
import {
  BARS_LEFT,
  barsLeftLevel,
  CADENCE,
  DENSITY,
  densityLevel,
  EMPTY_BAR,
  END,
  HERE,
  KEY,
  LENGTH,
  LENGTHS,
  LONGEST_BAR,
  lengthIndex,
  metreToken,
  NEXT,
  NO_LENGTH,
  NO_PITCH,
  PHRASE,
  PITCH,
  RECALLS,
  SOURCE,
} from './vocabulary.ts';

/** The two triples that open a phrase. @param barsLeft until the piece ends, the phrase included */
export function phraseMark(phrase: Omit<Phrase, 'firstBar'>, barsLeft: number, density: number): number[] {
  const { bars, key, cadence, recalls } = phrase;
  return [
    ...[PHRASE + bars - 1, KEY + key.tonic + (key.major ? 0 : 12), RECALLS + recalls],
    ...[BARS_LEFT + barsLeftLevel(barsLeft), CADENCE + CADENCES.indexOf(cadence), DENSITY + density],
  ];
}

/** The triple of one note. @param place HERE or NEXT plus a step */
export const noteTriple = (place: number, { pitch, length, part }: Omit<ScoreNote, 'onset'>): number[] => [
  place,
  PITCH + pitch - LOWEST_PITCH,
  LENGTH + PARTS.indexOf(part) * LENGTHS.length + lengthIndex(length),
];

/** The notes of one bar, which the first of them opens. */
function encodeBar(start: number, notes: readonly ScoreNote[]): number[] {
  const onPiano = notes.filter(({ pitch }) => isOnPiano(pitch));
  if (onPiano.length === 0) return [EMPTY_BAR, NO_PITCH, NO_LENGTH];
  return onPiano.flatMap((note, i) => noteTriple((i === 0 ? NEXT : HERE) + note.onset - start, note));
}

/** A phrase of a piece as tokens: what announces it, and its notes and empty bars, changes of metre among them. */
export type EncodedPhrase = {
  readonly phrase: Phrase;
  readonly marks: readonly number[];
  readonly tokens: readonly number[];
};

/** @param barsLeft bars that follow the score before the piece ends */
export function encodePhrases(score: Score, barsLeft = 0): EncodedPhrase[] {
  const byBar = notesByBar(score);
  let metre = -1;
  return phrasesOf(score).map((phrase) => {
    const end = phrase.firstBar + phrase.bars;
    const bars = score.bars.slice(phrase.firstBar, end);
    const quarters = bars.reduce((sum, bar) => sum + bar.length, 0) / STEPS_PER_QUARTER;
    const count = byBar.slice(phrase.firstBar, end).reduce((sum, notes) => sum + notes.length, 0);
    const left = score.bars.length - phrase.firstBar + barsLeft;
    const tokens = bars.flatMap((bar, i) => {
      const now = metreToken(bar.metre);
      const change = now === metre ? [] : [now, NO_PITCH, NO_LENGTH];
      metre = now;
      return [...change, ...encodeBar(bar.start, byBar[phrase.firstBar + i]!)];
    });
    return { phrase, marks: phraseMark(phrase, left, densityLevel(count / quarters)), tokens };
  });
}

/** A whole piece: phrases, changes of metre, notes, END. Without prefix. */
export const encodeScore = (score: Score): number[] => [
  ...encodePhrases(score).flatMap(({ marks, tokens }) => [...marks, ...tokens]),
  END,
];

/**
 * Notes of a token sequence without prefix; marks are passed over, END ends it.
 * @param bars where the bar of an index begins
 */
export function decodeNotes(
  tokens: readonly number[],
  bars: (index: number) => Pick<Bar, 'start'>,
): ScoreNote[] {
  const notes: ScoreNote[] = [];
  let bar = -1;
  for (let i = 0; i + 2 < tokens.length; i += 3) {
    const [place, pitch, length] = [tokens[i]!, tokens[i + 1]!, tokens[i + 2]!];
    if (place === END) break;
    if (place >= SOURCE) continue;
    if (place === EMPTY_BAR) {
      bar++;
      continue;
    }
    if (place >= NEXT) bar++;
    const index = length - LENGTH;
    notes.push({
      onset: bars(bar).start + (place % LONGEST_BAR),
      length: LENGTHS[index % LENGTHS.length]!,
      pitch: pitch - PITCH + LOWEST_PITCH,
      part: PARTS[Math.floor(index / LENGTHS.length)]!,
    });
  }
  return inOrder(notes);
}
