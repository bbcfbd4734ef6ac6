/** The form, printed on the paper as it comes: a bar line over all keys, and what begins there. */
import type { FormPart } from '../../src/music/form.ts';
import { words } from '../language/words.ts';
import type { Inks } from './inks.ts';
import { alongOf, type RollLayout } from './layout.ts';
import type { Sheet } from './paint.ts';

const NUMERALS = ['I', 'II', 'III', 'IV', 'V', 'VI', 'VII', 'VIII', 'IX', 'X'];

/** "Movement II", "the opening returns: II, bar 25" */
export function formText({ movement, bar, turn }: FormPart): string {
  const number = NUMERALS[movement - 1] ?? String(movement);
  return turn === 'begins' ? words.movement(number) : words.turn(turn, number, bar);
}

/** Words are no longer than this, pixels: those of a part that begins on a tile before reach into this one. */
const REACH = 320;
/** From the bar line to its words; and from the bass edge's margin, where the pedal's row is, into the paper. */
const AFTER_LINE = 8;
const INTO_PAPER = 9;

export function drawForm(
  sheet: Sheet,
  layout: RollLayout,
  inks: Inks,
  form: readonly FormPart[],
  startMs: number,
): void {
  const { pen } = sheet;
  for (const part of form) {
    const along = alongOf(layout, startMs, part.ms);
    if (along < -REACH || along > layout.along) continue;
    pen.fillStyle = inks.edge;
    sheet.bar(along, layout.across / 2, 1, layout.across - 2, 0);
    pen.font = inks.print;
    pen.textBaseline = 'middle';
    pen.textAlign = 'left';
    pen.fillStyle = inks.soft;
    sheet.text(along + AFTER_LINE, layout.margin + INTO_PAPER, formText(part));
  }
}
