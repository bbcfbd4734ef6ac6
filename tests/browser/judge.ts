import type { Note } from '../../src/music/note.ts';
import type { Struck } from './recorder.ts';

export const TOLERANCE_MS = 5;

/** A note and the sound that was scheduled for it. */
export type Heard = { readonly note: Note; readonly struck: Struck };
export type Judgement = { readonly heard: readonly Heard[]; readonly problems: readonly string[] };

/**
 * Holds what a page scheduled against the score: every note from `fromMs` to `toMs` once, at T0 plus its onset; and
 * nothing at a time at which no note begins. The notes' onsets must lie further apart than twice the tolerance.
 */
export function judge(
  struck: readonly Struck[],
  notes: readonly Note[],
  t0: number,
  fromMs: number,
  toMs: number,
): Judgement {
  const problems: string[] = [];
  const heard: Heard[] = [];
  for (const note of notes) {
    const its = struck.filter(({ attackAt }) => Math.abs(attackAt - t0 - note.onsetMs) <= TOLERANCE_MS);
    for (const one of its) heard.push({ note, struck: one });
    if (its.length > 1) problems.push(`the note at ${note.onsetMs} sounds ${its.length} times`);
    if (its.length === 0 && note.onsetMs >= fromMs && note.onsetMs < toMs)
      problems.push(`the note at ${note.onsetMs} is missing`);
  }
  const known = new Set(heard.map(({ struck: one }) => one));
  for (const stray of struck.filter((one) => !known.has(one)))
    problems.push(`a sound at ${(stray.attackAt - t0).toFixed(1)} belongs to no note`);
  return { heard, problems };
}
