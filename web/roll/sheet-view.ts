/** Which part of a day's roll is painted at once, so that most frames paint no hole: a sheet that is moved as it is. */
import type { DayView } from './day-view.ts';

/** A sheet is so many strips long, and no shorter than this, CSS pixels: a narrow strip's would be left at every sweep of a hand. */
const STRIPS = 1.75;
const SHORTEST_PX = 1_600;
/** @param width of the strip, CSS pixels; in strips */
export const sheetLength = (width: number): number => Math.max(STRIPS, SHORTEST_PX / Math.max(1, width));

/** Of what a sheet is longer than the strip, so much lies behind the way that the paper goes: a hand turns back. */
const BEHIND = 0.2;

/**
 * Paper that moves is painted with so many pixels a CSS pixel at most: a screen of three has more than twice as many to be copied a frame
 * as one of two, and holes have no finer edges to an eye at arm's length.
 */
const DENSEST = 2;
export const densityOf = (devicePixelRatio: number): number => Math.min(DENSEST, devicePixelRatio || 1);

/** From `startMs` on, so many strips of `spanMs` each. */
export type Sheet = DayView & { readonly strips: number };

/** Whether all that is to be seen is on the sheet. */
export const holds = (painted: Sheet | null, { startMs, spanMs }: DayView): boolean =>
  painted !== null &&
  painted.spanMs === spanMs &&
  startMs >= painted.startMs &&
  startMs <= painted.startMs + spanMs * (painted.strips - 1);

/** The sheet to be painted next, for a view that the one before does not hold: most of it lies ahead, whichever way it goes. */
export function sheetFor(before: DayView | null, { startMs, spanMs }: DayView, strips: number): Sheet {
  const back = before !== null && before.spanMs === spanMs && startMs < before.startMs;
  return { strips, spanMs, startMs: startMs - spanMs * (strips - 1) * (back ? 1 - BEHIND : BEHIND) };
}
