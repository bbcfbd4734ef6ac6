/** The 88 keys behind the playhead: printed flat, and gone down where a hole is under it. */
import { HIGHEST_PITCH, LOWEST_PITCH, type Note } from '../../src/music/note.ts';
import type { Inks } from './inks.ts';
import { acrossOf, firstSounding, type RollLayout } from './layout.ts';
import type { Sheet } from './paint.ts';

/** From the playhead to the keys, and their length; pixels. */
export const KEYS_BEHIND = 6;
export const KEY_LENGTH = 26;
/** A black key is shorter, as a part of a white one. */
const BLACK_PART = 0.62;
/** C sharp, E flat, F sharp, A flat, B flat: semitones above a C. */
const BLACK = new Set([1, 3, 6, 8, 10]);

const isBlack = (pitch: number): boolean => BLACK.has(pitch % 12);
const lengthOf = (pitch: number): number => KEY_LENGTH * (isBlack(pitch) ? BLACK_PART : 1);

/** All keys up, on a sheet of their own, from its beginning. */
export function drawKeys(sheet: Sheet, layout: RollLayout, inks: Inks): void {
  const { pen } = sheet;
  const breadth = layout.lane * (HIGHEST_PITCH - LOWEST_PITCH + 1);
  pen.fillStyle = inks.paper;
  sheet.bar(0, layout.margin + breadth / 2, KEY_LENGTH, breadth, 0);
  pen.fillStyle = inks.edge;
  for (let pitch = LOWEST_PITCH; pitch <= HIGHEST_PITCH; pitch++) {
    const across = acrossOf(layout, pitch);
    if (isBlack(pitch)) sheet.bar(0, across, lengthOf(pitch), layout.lane * 0.8, 0);
    // Between E and F, and B and C, no black key divides.
    else if (!isBlack(pitch + 1)) sheet.bar(0, across + layout.lane / 2, KEY_LENGTH, 0.75, 0);
  }
  for (const end of [0, KEY_LENGTH - 0.75]) sheet.bar(end, layout.margin + breadth / 2, 0.75, breadth, 0);
}

/** The keys that are down at a position. @param along where keys begin on the sheet, pixels */
export function drawPressed(
  sheet: Sheet,
  layout: RollLayout,
  inks: Inks,
  notes: readonly Note[],
  along: number,
  positionMs: number,
): void {
  sheet.pen.fillStyle = inks.playhead;
  for (let i = firstSounding(notes, positionMs); i < notes.length; i++) {
    const { onsetMs, durationMs, pitch } = notes[i]!;
    if (onsetMs > positionMs) break;
    if (onsetMs + durationMs <= positionMs) continue;
    sheet.bar(along, acrossOf(layout, pitch), lengthOf(pitch), Math.max(2, layout.lane * 0.8), 1);
  }
}
