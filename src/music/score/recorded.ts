/** Scores as plain numbers, as records keep them, and back. */
import { barLength, PARTS, type Score } from './score.ts';

export type Numbers = {
  readonly beats: number;
  readonly unit: number;
  readonly bars: number;
  readonly notes: readonly (readonly [onset: number, length: number, pitch: number, part: number])[];
};

/** @param score in one metre throughout */
export function numbersOf({ bars, notes }: Score): Numbers {
  const { beats, unit } = bars[0]!.metre;
  return {
    beats,
    unit,
    bars: bars.length,
    notes: notes.map(({ onset, length, pitch, part }) => [onset, length, pitch, PARTS.indexOf(part)]),
  };
}

export function scoreOf({ beats, unit, bars, notes }: Numbers): Score {
  const metre = { beats, unit };
  const length = barLength(metre);
  return {
    bars: Array.from({ length: bars }, (_, i) => ({ start: i * length, length, metre })),
    notes: notes.map(([onset, length, pitch, part]) => ({ onset, length, pitch, part: PARTS[part]! })),
  };
}
