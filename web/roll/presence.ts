/** Those who are there, a tick each. */
import type { Inks } from './inks.ts';
import { alongOf, type RollLayout } from './layout.ts';
import type { Sheet } from './paint.ts';

/** Ticks stand so far apart, nearer where they would take more than this part of the strip; breadth and length, pixels. */
const TICK_GAP = 4;
const TICKS_PART = 0.6;
const TICK_BREADTH = 1.5;
const TICK_LENGTH = 5;
/** More listeners than this are not told apart. */
const MOST_TICKS = 200;
/** From the lowest key's edge, pixels: on the other side of the pedal's row, or, in a narrow margin, on this one. */
const TICKS_BELOW = 20;
const NARROW_TICKS_BELOW = 6;

/**
 * A tick for each listener, in the bass margin, as the treble one is where they punch their holes: for those who were
 * there when the first hole was punched, from the beginning on; on the leader, as they come.
 */
export function drawPresence(
  sheet: Sheet,
  layout: RollLayout,
  inks: Inks,
  here: number,
  startMs: number,
  fromMs = 0,
): void {
  const count = Math.min(here, MOST_TICKS);
  const gap = Math.min(TICK_GAP, (TICKS_PART * layout.along) / Math.max(1, count));
  const zero = alongOf(layout, startMs, fromMs) + TICK_GAP;
  const across = layout.margin - (layout.vertical ? NARROW_TICKS_BELOW : TICKS_BELOW);
  sheet.pen.fillStyle = inks.playhead;
  for (let i = 0; i < count; i++) sheet.bar(zero + i * gap, across, TICK_BREADTH, TICK_LENGTH, 0);
}
