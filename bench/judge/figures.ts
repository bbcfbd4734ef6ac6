/**
 * The judge's figures of a passage. Nothing that composes or chooses may use them: what is optimised stops being a
 * measure. None tells how fast, how loud or how high music is, for these are asked for.
 */
import { chordsOf } from '../../src/music/chords.ts';
import type { Note } from '../../src/music/note.ts';
import { mean, quantile } from '../../src/music/statistics.ts';
import { keysAtOnce, mostWithin, struckAgain } from './accidents.ts';
import { closure } from './closure.ts';
import { unstrikable } from './hands.ts';
import { bassLine, intervalsOf, meanInterval, recurrence, steps, topLine } from './lines.ts';
import { PASSAGE_MS } from './passages.ts';
import { pulse, pulseAboveShuffled, strikesOf } from './pulse.ts';

const FIGURE_MS = 15_000;
const MELODIC = 3;
const RHYTHMIC = 5;
/** Gaps are alike where they round to the same half octave: rubato is heard as the same rhythm. */
const CLASSES = 2;
const ENTROPY_MS = 4000;

export const FIGURES = [
  'pulse',
  'pulseAboveShuffled',
  'bassPulse',
  'bassFigures',
  'melodicFigures',
  'rhythmicFigures',
  'steps',
  'topInterval',
  'bassInterval',
  'octaves',
  'range',
  'closure',
  'entropy4s',
  'mostInASecond',
  'keysIn60ms',
  'struckAgain',
  'unstrikable',
] as const;
export type Figure = (typeof FIGURES)[number];
export type Figures = Readonly<Record<Figure, number>>;

/** @param notes a passage from 0 on, in order of onset; at least two notes */
export function figuresOf(notes: readonly Note[]): Figures {
  const [top, bass] = [topLine(notes), bassLine(notes)];
  const strikes = strikesOf(notes);
  const figuresIn = (line: readonly Note[]) =>
    recurrence(
      intervalsOf(line),
      line.map(({ onsetMs }) => onsetMs),
      MELODIC,
      FIGURE_MS,
    );
  return {
    pulse: pulse(strikes),
    pulseAboveShuffled: pulseAboveShuffled(strikes),
    bassPulse: pulse(bass.map(({ onsetMs }) => onsetMs)),
    bassFigures: figuresIn(bass),
    melodicFigures: figuresIn(top),
    rhythmicFigures: recurrence(gapClasses(strikes), strikes, RHYTHMIC, PASSAGE_MS),
    steps: steps(top),
    topInterval: meanInterval(top),
    bassInterval: meanInterval(bass),
    octaves: octaves(notes),
    range:
      quantile(
        notes.map(({ pitch }) => pitch),
        0.95,
      ) -
      quantile(
        notes.map(({ pitch }) => pitch),
        0.05,
      ),
    closure: closure(notes),
    entropy4s: entropy(notes),
    mostInASecond: mostWithin(notes, 1000),
    keysIn60ms: keysAtOnce(notes),
    struckAgain: struckAgain(notes),
    unstrikable: unstrikable(notes),
  };
}

const gapClasses = (onsets: readonly number[]): number[] =>
  onsets.slice(1).map((ms, i) => Math.round(CLASSES * Math.log2(Math.max(1, ms - onsets[i]!))));

/** Share of the strikes in which some note is doubled at the octave. */
function octaves(notes: readonly Note[]): number {
  const chords = chordsOf(notes, 50);
  const doubled = chords.filter((chord) =>
    chord.some((a) => chord.some((b) => b.pitch > a.pitch && (b.pitch - a.pitch) % 12 === 0)),
  );
  return doubled.length / chords.length;
}

/** Bits; of the pitch classes struck in 4 s, mean. */
function entropy(notes: readonly Note[]): number {
  const windows = Array.from({ length: PASSAGE_MS / ENTROPY_MS }, (_, i) =>
    notes.filter(({ onsetMs }) => Math.floor(onsetMs / ENTROPY_MS) === i),
  );
  return mean(windows.filter(({ length }) => length > 1).map(pitchClassEntropy));
}

function pitchClassEntropy(notes: readonly Note[]): number {
  const counts = new Array<number>(12).fill(0);
  for (const { pitch } of notes) counts[pitch % 12]!++;
  return counts.reduce(
    (bits, n) => (n === 0 ? bits : bits - (n / notes.length) * Math.log2(n / notes.length)),
    0,
  );
}
