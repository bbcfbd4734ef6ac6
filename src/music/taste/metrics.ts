import { CHORD_MS } from '../chords.ts';
import { measure } from '../measure.ts';
import type { Music, Note } from '../note.ts';
import { gapsOf } from '../onsets.ts';
import { foldPedal } from '../pedal.ts';
import { autocorrelation, deviation, mean, quantile } from '../statistics.ts';
import { repetition } from './repetition.ts';
import { structureness } from './structureness.ts';

/**
 * Figures by which generated and human music are compared. Everything is of sounding notes: the pedal is folded into
 * the durations first, as the model's own output has it, so that both sides are measured alike.
 *
 * Sources: pitch-class entropy, scale consistency, polyphony and empty windows as in MusPy (Dong et al., ISMIR 2020,
 * after Mogren 2016 and Dong et al. 2018), with 2 s windows in place of beats, since piano rolls have none.
 */
export type Metrics = {
  readonly seconds: number;
  readonly notesPerSecond: number;
  /** Bits; 3.58 for all twelve pitch classes alike. */
  readonly pitchClassEntropy: number;
  /** The same within windows of 4 s, mean. */
  readonly pitchClassEntropy4s: number;
  /** Share of the notes that fit the major or minor scale that most of them fit. */
  readonly scaleConsistency: number;
  /** Share of the 2 s windows in which no note is struck. */
  readonly emptyWindows: number;
  /** Mean number of sounding notes while any sounds, and the most. */
  readonly polyphony: number;
  readonly mostSounding: number;
  /** Share of the interval 8- and 16-grams that have occurred before in the piece. */
  readonly repeated8: number;
  readonly repeated16: number;
  /** How much more like some other passage the passages of 3, 8, 15 s are than passages are on average, 0–1. */
  readonly structureness3: number;
  readonly structureness8: number;
  readonly structureness15: number;
  /** Pauses of more than 1 s between onsets, a minute. */
  readonly breathsPerMinute: number;
  /** Standard deviation of the mean pitch of 8 s, semitones. */
  readonly registerDrift: number;
  /** Mean velocity of 8 s: its 5th and 95th percentile, and how much a note's velocity follows the one before. */
  readonly velocityP5: number;
  readonly velocityP95: number;
  readonly velocityAutocorrelation: number;
  /** Seconds that the last struck notes sound. */
  readonly finalHold: number;
  /** The last three gaps between onsets over the mean gap. */
  readonly finalSlowing: number;
};

/** A chord may be spread by so much from note to note, if it is released within so much; milliseconds. */
const SPREAD_MS = 150;
const RELEASED_TOGETHER_MS = 100;

/** @param played music with at least two notes */
export function metricsOf(played: Music): Metrics {
  const music = foldPedal(played);
  const { notes } = music;
  const first = notes[0]!.onsetMs;
  const seconds = (music.durationMs - first) / 1000;
  const gaps = gapsOf(notes);
  const finalMs = lastChordMs(notes);
  const inWindows = (ms: number) => windowsOf(notes, ms);
  const sounding = measure(music);
  const pitchMeans = inWindows(8000).filter(some).map(meanOf('pitch'));
  const velocityMeans = inWindows(8000).filter(some).map(meanOf('velocity'));
  const twos = inWindows(2000);
  const fours = inWindows(4000).filter((window) => window.length > 1);
  return {
    seconds,
    notesPerSecond: notes.length / seconds,
    pitchClassEntropy: pitchClassEntropy(notes),
    pitchClassEntropy4s: mean(fours.map(pitchClassEntropy)),
    scaleConsistency: scaleConsistency(notes),
    emptyWindows: twos.filter((window) => window.length === 0).length / twos.length,
    polyphony: sounding.meanHeld,
    mostSounding: sounding.mostHeld,
    repeated8: repetition(notes, 8),
    repeated16: repetition(notes, 16),
    structureness3: structureness(music, 3),
    structureness8: structureness(music, 8),
    structureness15: structureness(music, 15),
    breathsPerMinute: gaps.filter((gap) => gap > 1000).length / (seconds / 60),
    registerDrift: deviation(pitchMeans),
    velocityP5: quantile(velocityMeans, 0.05),
    velocityP95: quantile(velocityMeans, 0.95),
    velocityAutocorrelation: autocorrelation(notes.map((note) => note.velocity)),
    finalHold: (music.durationMs - finalMs) / 1000,
    finalSlowing:
      mean(gapsOf(notes.filter((note) => note.onsetMs <= finalMs)).slice(-3)) / Math.max(1, mean(gaps)),
  };
}

/** When the last chord is struck; one that is spread, and let go as one, begins with its first note. */
function lastChordMs(notes: readonly Note[]): number {
  const last = notes.at(-1)!;
  const releaseMs = last.onsetMs + last.durationMs;
  let first = notes.length - 1;
  for (; first > 0; first--) {
    const { onsetMs, durationMs } = notes[first - 1]!;
    const apartMs = notes[first]!.onsetMs - onsetMs;
    const together = Math.abs(onsetMs + durationMs - releaseMs) <= RELEASED_TOGETHER_MS;
    if (apartMs > CHORD_MS && !(apartMs <= SPREAD_MS && together)) break;
  }
  return notes[first]!.onsetMs;
}

const some = (window: readonly Note[]): boolean => window.length > 0;
const meanOf = (key: 'pitch' | 'velocity') => (notes: readonly Note[]) =>
  mean(notes.map((note) => note[key]));

/** The notes struck in each stretch of `ms` from the first onset on. */
function windowsOf(notes: readonly Note[], ms: number): Note[][] {
  const from = notes[0]!.onsetMs;
  const count = Math.floor((notes.at(-1)!.onsetMs - from) / ms) + 1;
  const windows: Note[][] = Array.from({ length: count }, () => []);
  for (const note of notes) windows[Math.floor((note.onsetMs - from) / ms)]!.push(note);
  return windows;
}

export function pitchClassEntropy(notes: readonly Note[]): number {
  const counts = new Array<number>(12).fill(0);
  for (const { pitch } of notes) counts[pitch % 12]!++;
  return counts.reduce(
    (bits, n) => (n === 0 ? bits : bits - (n / notes.length) * Math.log2(n / notes.length)),
    0,
  );
}

const MAJOR = [0, 2, 4, 5, 7, 9, 11];

/** Natural minor scales have the notes of their relative majors, so twelve scales are all. */
export function scaleConsistency(notes: readonly Note[]): number {
  const fits = (tonic: number) =>
    notes.filter(({ pitch }) => MAJOR.includes((pitch - tonic + 12) % 12)).length;
  return Math.max(...Array.from({ length: 12 }, (_, tonic) => fits(tonic))) / notes.length;
}
