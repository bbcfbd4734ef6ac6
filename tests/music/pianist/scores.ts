/** Small scores in four quarters, and an interpretation that adds nothing. */
import type { Interpretation } from '../../../src/music/pianist/interpretation.ts';
import type { Phrase } from '../../../src/music/score/phrases.ts';
import { type Bar, inOrder, type Score, type ScoreNote } from '../../../src/music/score/score.ts';

export const bars = (count: number): Bar[] =>
  Array.from({ length: count }, (_, i) => ({ start: 96 * i, length: 96, metre: { beats: 4, unit: 4 } }));
export const right = (onset: number, length: number, pitch: number): ScoreNote => ({
  onset,
  length,
  pitch,
  part: 'right',
});
export const left = (onset: number, length: number, pitch: number): ScoreNote => ({
  ...right(onset, length, pitch),
  part: 'left',
});
export const score = (notes: readonly ScoreNote[], own: readonly Bar[]): Score => ({
  bars: own,
  notes: inOrder(notes),
});
export const phrase = (firstBar: number, count: number, more: Partial<Phrase> = {}): Phrase => ({
  firstBar,
  bars: count,
  key: { tonic: 0, major: true },
  cadence: 'open',
  recalls: 0,
  ...more,
});

/** A quarter a second, no rule, no rubato: as a machine plays. */
export const PLAIN: Interpretation = {
  seed: 1,
  tempo: 60,
  rules: {
    phraseArch: 0,
    halfPhraseArch: 0,
    durationContrast: 0,
    doubleDuration: 0,
    melodicCharge: 0,
    harmonicCharge: 0,
    highLoud: 0,
    fasterUphill: 0,
    punctuation: 0,
    metricalAccent: 0,
    finalRitard: 0,
    noise: 0,
  },
  rubato: 0,
  leadMs: 0,
  melodyLouder: 0,
  handsApart: 0,
  chordsBroken: 0,
  velocity: 64,
  climax: 0.6,
  climaxDb: 0,
  phrasesDb: [],
  phrasesSpeed: [],
  breathMs: 0,
  pedalMs: [700, 2600],
};
