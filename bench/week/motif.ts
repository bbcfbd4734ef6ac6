/** A search for a melody in a score: by its intervals, so that a transposed one is found as well. */
import { type Score, STEPS_PER_QUARTER } from '../../src/music/score/score.ts';

/** Highest note of each strike above the left hand, as MIDI key numbers in order. */
export function topLine({ notes }: Pick<Score, 'notes'>, fromStep = 0, toStep = Infinity): number[] {
  const highest = new Map<number, number>();
  for (const { onset, pitch, part } of notes) {
    if (part === 'left' || onset < fromStep || onset >= toStep) continue;
    highest.set(onset, Math.max(pitch, highest.get(onset) ?? 0));
  }
  return [...highest].sort(([a], [b]) => a - b).map(([, pitch]) => pitch);
}

const intervalsOf = (line: readonly number[]): number[] => line.slice(1).map((pitch, i) => pitch - line[i]!);

/**
 * The largest part of a melody's intervals that stand in one place of a line, each where it should be.
 * @returns 0 to 1; 0 for a melody without an interval
 */
export function likeness(melody: readonly number[], line: readonly number[]): number {
  const [wanted, found] = [intervalsOf(melody), intervalsOf(line)];
  if (wanted.length === 0) return 0;
  let most = 0;
  // Also where only a part of it stands: a line may be shorter than the melody.
  for (let at = 1 - wanted.length; at < found.length; at++) {
    let same = 0;
    for (let i = 0; i < wanted.length; i++) if (wanted[i] === found[at + i]) same++;
    most = Math.max(most, same);
  }
  return most / wanted.length;
}

/** The melody of a score's first eight bars of so many quarters. */
export const themeLine = (score: Pick<Score, 'notes'>, quartersABar: number): number[] =>
  topLine(score, 0, 8 * quartersABar * STEPS_PER_QUARTER);
