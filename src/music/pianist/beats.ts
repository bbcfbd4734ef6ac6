/** The beats of a metre, and how strong each place in a bar is. */
import { type Bar, barLength, beatOf, type Score } from '../score/score.ts';

/** From 0 between beats to 1 on the first of a bar; the middle of a bar of four or two compound ones is half of it. */
export function strength(step: number, bar: Pick<Bar, 'start' | 'metre'>): number {
  const at = step - bar.start;
  if (at === 0) return 1;
  const beat = beatOf(bar.metre);
  if (2 * at === barLength(bar.metre) && at % beat === 0) return 0.5;
  return at % beat === 0 ? 0.3 : 0;
}

/** Where each beat of a score begins, steps; bars that are cut short end a beat early. */
export function beatsOf({ bars }: Score): number[] {
  const beats: number[] = [];
  for (const bar of bars) {
    const beat = beatOf(bar.metre);
    for (let at = 0; at < bar.length; at += beat) beats.push(bar.start + at);
  }
  return beats;
}
