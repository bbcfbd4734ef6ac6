import type { Note } from '../note.ts';

/** Steps in semitones from each note to the next, in order of onset and pitch: the same in every key. */
export const intervalsOf = (notes: readonly Pick<Note, 'pitch'>[]): Int16Array =>
  Int16Array.from({ length: Math.max(0, notes.length - 1) }, (_, i) => notes[i + 1]!.pitch - notes[i]!.pitch);

/** Share of the interval n-grams that have occurred before in the same piece, 0–1. */
export function repetition(notes: readonly Note[], n: number): number {
  const intervals = intervalsOf(notes);
  const seen = new Set<string>();
  let again = 0;
  const count = intervals.length - n + 1;
  for (let i = 0; i < count; i++) {
    const gram = intervals.subarray(i, i + n).join();
    if (seen.has(gram)) again++;
    seen.add(gram);
  }
  return count > 0 ? again / count : 0;
}

/**
 * For one piece, a function that gives the length of the longest run of intervals that another piece shares with it.
 * A suffix automaton (Blumer et al. 1985): built once in the piece's length, then a step a note of the other piece.
 */
export function sharedRuns(intervals: ArrayLike<number>): (other: ArrayLike<number>) => number {
  const next: Map<number, number>[] = [new Map()];
  const link: number[] = [-1];
  const length: number[] = [0];
  let last = 0;
  for (let i = 0; i < intervals.length; i++) {
    const step = intervals[i]!;
    const state = next.push(new Map()) - 1;
    length[state] = length[last]! + 1;
    let at = last;
    for (; at >= 0 && !next[at]!.has(step); at = link[at]!) next[at]!.set(step, state);
    if (at < 0) {
      link[state] = 0;
    } else {
      const target = next[at]!.get(step)!;
      if (length[target] === length[at]! + 1) {
        link[state] = target;
      } else {
        const clone = next.push(new Map(next[target])) - 1;
        length[clone] = length[at]! + 1;
        link[clone] = link[target]!;
        for (; at >= 0 && next[at]!.get(step) === target; at = link[at]!) next[at]!.set(step, clone);
        link[target] = clone;
        link[state] = clone;
      }
    }
    last = state;
  }
  return (other) => {
    let at = 0;
    let run = 0;
    let longest = 0;
    for (let i = 0; i < other.length; i++) {
      const step = other[i]!;
      while (at > 0 && !next[at]!.has(step)) {
        at = link[at]!;
        run = length[at]!;
      }
      const to = next[at]!.get(step);
      if (to === undefined) continue;
      at = to;
      run++;
      longest = Math.max(longest, run);
    }
    return longest;
  };
}
