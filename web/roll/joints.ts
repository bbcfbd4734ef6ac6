/** Days on one roll: how their joints look. */
import type { Inks } from './inks.ts';
import { alongOf, type RollLayout } from './layout.ts';
import type { Sheet } from './paint.ts';

/** Where one day's roll is taped to the one before it, and what is printed there; milliseconds. */
export type Joint = { readonly ms: number; readonly words: string; readonly title: string };
const TAPE_PX = 10;

/** Joints of days: a strip of tape across the paper, and the day's name behind it. */
export function drawJoints(
  sheet: Sheet,
  layout: RollLayout,
  inks: Inks,
  joints: readonly Joint[],
  startMs: number,
): void {
  const { pen } = sheet;
  pen.font = inks.print;
  pen.textBaseline = 'middle';
  pen.textAlign = 'left';
  for (const [i, { ms, words, title }] of joints.entries()) {
    const along = alongOf(layout, startMs, ms);
    if (ms > 0) {
      pen.fillStyle = inks.tape;
      sheet.bar(along - TAPE_PX / 2, layout.across / 2, TAPE_PX, layout.across, 0);
      pen.fillStyle = inks.edge;
      sheet.bar(along - 0.5, layout.across / 2, 1, layout.across, 0);
    }
    pen.fillStyle = inks.soft;
    // The title where there is room for it before the next joint, and no words where there is none even for them.
    const room =
      alongOf(layout, startMs, joints[i + 1]?.ms ?? Number.POSITIVE_INFINITY) - along - 2 * TAPE_PX;
    const whole = title ? `${words}: ${title}` : words;
    const fits = [whole, words].find((text) => pen.measureText(text).width < room);
    if (fits) sheet.text(along + TAPE_PX, layout.across - 12, fits);
  }
}
