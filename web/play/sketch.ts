/** A roll that grows: what is being played, or composed, drawn anew each time that there is more of it. */
import type { Music } from '../../src/music/note.ts';
import { said } from '../language/play/words.ts';
import { dayRoll } from '../roll/day-roll.ts';
import type { Blank } from '../roll/day-view.ts';
import type { Joint } from '../roll/joints.ts';

/** Blank paper before and after the music, a part of the strip. */
const BLANK = 0.012;
export const blankOf = (width: number): Blank => ({ before: width * BLANK, after: width * BLANK, above: 0 });

/** @param positionMs where the playhead stands; @param joints where one music goes over into another */
export function sketch(
  canvas: HTMLCanvasElement,
  music: Music,
  positionMs: number,
  joints: readonly Joint[] = [],
): void {
  const roll = dayRoll(canvas, music, () => true, blankOf, joints);
  roll.refresh();
  roll.draw(positionMs, 0);
}

/** `untilMs`: how long it will be; `fromMs`: where what was given is over; null while nothing is added. */
export type Growing = { readonly music: Music; readonly untilMs: number; readonly fromMs: number | null };

/** What was given, with what has been added so far. */
export const sketchGrowing = (canvas: HTMLCanvasElement, { music, untilMs, fromMs }: Growing): void =>
  sketch(canvas, { ...music, durationMs: untilMs }, music.durationMs, fromMs === null ? [] : seam(fromMs));

/** Where the visitor's music is over, and the station's begins. */
export const seam = (continuedFromMs: number): readonly Joint[] => [
  { ms: 0, words: said.you, title: '' },
  { ms: continuedFromMs, words: 'Pianola', title: '' },
];
