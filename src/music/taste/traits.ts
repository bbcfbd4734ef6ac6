import { chordsOf } from '../chords.ts';
import type { Note } from '../note.ts';
import { gapsOf } from '../onsets.ts';
import { autocorrelation, deviation, mean, quantile } from '../statistics.ts';
import { pitchClassEntropy, scaleConsistency } from './metrics.ts';
import { repetition } from './repetition.ts';

/**
 * Figures of a passage of half a minute or so by which sampled music can be told from human music. How fast, how loud
 * and how high it is are not among them: these are asked for.
 */
export const TRAITS = [
  'chordShare',
  'chordSize',
  'consonance',
  'gapDeviation',
  'gapRegularity',
  'longGapShare',
  'durationMean',
  'durationDeviation',
  'overlap',
  'pitchClassEntropy',
  'scaleConsistency',
  'pitchDeviation',
  'topStepShare',
  'topRepeatShare',
  'topLeap',
  'topTurns',
  'bassLeap',
  'velocityDeviation',
  'velocityFollows',
  'repeated4',
  'repeated8',
  'rangeDrift',
] as const;

/** Fewer notes have no traits to speak of. */
export const FEWEST_NOTES = 24;
const CONSONANT = [0, 3, 4, 5, 7, 8, 9];
/** Two gaps are alike within this ratio. */
const ALIKE = Math.log(1.15);
const LONG_GAP_MS = 1000;
const DRIFT_WINDOW = 12;

/** @param notes at least FEWEST_NOTES, in order of onset @returns one value a trait, in their order */
export function traitsOf(notes: readonly Note[]): number[] {
  const chords = chordsOf(notes);
  const gaps = gapsOf(notes).map(Math.log);
  const tops = chords.map((chord) => Math.max(...chord.map(({ pitch }) => pitch)));
  const basses = chords.map((chord) => Math.min(...chord.map(({ pitch }) => pitch)));
  const topSteps = stepsOf(tops);
  const durations = notes.map(({ durationMs }) => Math.log(durationMs));
  const pitches = notes.map(({ pitch }) => pitch);
  const velocities = notes.map(({ velocity }) => velocity);
  const usualGap = quantile(gaps, 0.5);
  const windows = chunksOf(pitches, DRIFT_WINDOW).map(mean);
  return [
    share(chords, (chord) => chord.length > 1),
    mean(chords.map((chord) => chord.length)),
    consonanceOf(chords),
    deviation(gaps),
    share(gaps.slice(1), (gap, i) => Math.abs(gap - gaps[i]!) < ALIKE),
    share(gaps, (gap) => gap > Math.log(LONG_GAP_MS)),
    mean(durations) - usualGap,
    deviation(durations),
    share(notes.slice(1), (note, i) => notes[i]!.onsetMs + notes[i]!.durationMs > note.onsetMs),
    pitchClassEntropy(notes),
    scaleConsistency(notes),
    deviation(pitches),
    share(topSteps, (step) => step > 0 && step <= 2),
    share(topSteps, (step) => step === 0),
    mean(topSteps),
    share(tops.slice(2), (top, i) => (top - tops[i + 1]!) * (tops[i + 1]! - tops[i]!) < 0),
    mean(stepsOf(basses)),
    deviation(velocities),
    autocorrelation(velocities),
    repetition(notes, 4),
    repetition(notes, 8),
    deviation(windows),
  ];
}

/** Share of the pairs within chords that are consonant; 1 where there are no chords. */
function consonanceOf(chords: readonly Note[][]): number {
  let pairs = 0;
  let consonant = 0;
  for (const chord of chords) {
    chord.forEach((note, i) => {
      for (const other of chord.slice(i + 1)) {
        pairs++;
        if (CONSONANT.includes(Math.abs(note.pitch - other.pitch) % 12)) consonant++;
      }
    });
  }
  return pairs === 0 ? 1 : consonant / pairs;
}

const stepsOf = (pitches: readonly number[]): number[] =>
  pitches.slice(1).map((pitch, i) => Math.abs(pitch - pitches[i]!));

const chunksOf = (values: readonly number[], size: number): number[][] =>
  Array.from({ length: Math.ceil(values.length / size) }, (_, i) => values.slice(i * size, (i + 1) * size));

const share = <T>(values: readonly T[], holds: (value: T, i: number) => boolean): number =>
  values.length === 0 ? 0 : values.filter(holds).length / values.length;
