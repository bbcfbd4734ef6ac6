import { C_PITCHES, type Note, PEDAL_DOWN } from '../../src/music/note.ts';
import { WEAVE_COLUMNS, WEAVE_ROWS, weaveRuns } from '../../src/music/weave.ts';
import { minutesText } from '../../src/words.ts';
import type { Inks } from './inks.ts';
import { acrossOf, alongOf, firstSounding, holeBreadth, opening, type RollLayout } from './layout.ts';

const TICK_MS = 15_000;
/** Numbers are not printed nearer to each other; pixels. */
const TICK_APART = 44;

export type Pen = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;

/** Rectangles and lines in roll coordinates: along time and across the keys, whichever way the paper runs. */
export type Sheet = {
  readonly pen: Pen;
  bar(along: number, across: number, length: number, breadth: number, radius: number): void;
  /** A closed path through points `[along, across]`. */
  outline(points: readonly (readonly [number, number])[]): void;
  text(along: number, across: number, words: string): void;
};

export function onPaper(
  pen: Pen,
  { vertical, along: stripLength, across: keys }: Pick<RollLayout, 'vertical' | 'along' | 'across'>,
): Sheet {
  return {
    pen,
    bar(along, across, length, breadth, radius) {
      pen.beginPath();
      if (vertical)
        pen.roundRect(across - breadth / 2, stripLength - along - length, breadth, length, radius);
      else pen.roundRect(along, keys - across - breadth / 2, length, breadth, radius);
      pen.fill();
    },
    outline(points) {
      pen.beginPath();
      for (const [along, across] of points) {
        if (vertical) pen.lineTo(across, stripLength - along);
        else pen.lineTo(along, keys - across);
      }
      pen.closePath();
    },
    text(along, across, words) {
      if (vertical) pen.fillText(words, across, stripLength - along);
      else pen.fillText(words, along, keys - across);
    },
  };
}

/** The paper, with the tapered beginning and the eyelet by which a roll is hung into the piano. */
export function drawPaper(sheet: Sheet, layout: RollLayout, inks: Inks, tip: number): void {
  const { pen } = sheet;
  const { along, across } = layout;
  const start = Math.max(tip, -along);
  const taper = Math.min(along * 0.16, across * 0.3);
  const half = across * 0.11;
  sheet.outline([
    [start, across / 2 - half],
    [start + taper * 0.16, across / 2 - half],
    [start + taper, 0.5],
    [along + 2, 0.5],
    [along + 2, across - 0.5],
    [start + taper, across - 0.5],
    [start + taper * 0.16, across / 2 + half],
    [start, across / 2 + half],
  ]);
  pen.fillStyle = inks.paper;
  pen.fill();
  pen.strokeStyle = inks.edge;
  pen.lineWidth = 1;
  pen.stroke();
  if (tip < -taper) return;
  pen.fillStyle = inks.ink;
  sheet.bar(start + 9, across / 2, 16, 16, 8);
  pen.fillStyle = inks.desk;
  sheet.bar(start + 13, across / 2, 8, 8, 4);
}

/** What is printed on the paper before any hole is punched, from the music's beginning on: octaves, and the minutes. */
export function drawRules(
  sheet: Sheet,
  layout: RollLayout,
  inks: Inks,
  startMs: number,
  numbered = true,
): void {
  const { pen } = sheet;
  pen.fillStyle = inks.rule;
  // A little before what is seen: canvases end between two pixels.
  const zero = Math.max(-4, alongOf(layout, startMs, 0));
  const length = layout.along - zero;
  if (length <= 0) return;
  for (const pitch of C_PITCHES) sheet.bar(zero, acrossOf(layout, pitch), length, 1, 0);
  pen.font = inks.print;
  pen.textBaseline = 'middle';
  pen.textAlign = layout.vertical ? 'right' : 'left';
  let every = layout.spanMs > 60_000 ? 4 * TICK_MS : TICK_MS;
  while (alongOf(layout, 0, every) < TICK_APART) every *= 5;
  // One before the first: its number may reach into view.
  const from = Math.floor(Math.max(0, startMs) / every) * every;
  for (let ms = from; ms < startMs + layout.spanMs; ms += every) {
    const along = alongOf(layout, startMs, ms);
    pen.fillStyle = inks.rule;
    sheet.bar(along, layout.across / 2, 1, layout.across - 2, 0);
    // The beginning needs no number: its place is for the listeners' ticks.
    if (ms === 0 || !numbered) continue;
    pen.fillStyle = inks.soft;
    sheet.text(
      along + (layout.vertical ? 10 : 7),
      layout.across - (layout.vertical ? 6 : 12),
      minutesText(ms),
    );
  }
}

/** Paper has a thickness: light from the upper left falls on the far edge of a cut, a hairline of it. Pixels, both ways. */
const EDGE_PX = 0.9;

export function drawHoles(
  sheet: Sheet,
  layout: RollLayout,
  inks: Inks,
  notes: readonly Note[],
  startMs: number,
  positionMs: number,
  endsMs = startMs + layout.spanMs,
): void {
  const { pen } = sheet;
  const bars: (() => void)[] = [];
  const from = firstSounding(notes, startMs);
  for (let i = from; i < notes.length; i++) {
    const note = notes[i]!;
    if (note.onsetMs >= positionMs || note.onsetMs > endsMs) break;
    const endMs = Math.min(note.onsetMs + note.durationMs, positionMs);
    const breadth = holeBreadth(layout, note.velocity) * opening(positionMs - note.onsetMs);
    const along = alongOf(layout, startMs, note.onsetMs);
    const length = Math.max(breadth, alongOf(layout, startMs, endMs) - along - 1);
    // Over before this begins, as it is seen: a short note's hole is longer than the note.
    if (along + length + EDGE_PX < 0) continue;
    bars.push(() => sheet.bar(along, acrossOf(layout, note.pitch), length, breadth, breadth / 2));
  }
  // The cut edges first, all of them: none is to lie in another hole.
  pen.save();
  pen.translate(EDGE_PX, EDGE_PX);
  pen.fillStyle = inks.rim;
  for (const bar of bars) bar();
  pen.restore();
  pen.fillStyle = inks.hole;
  for (const bar of bars) bar();
}

/** From the lowest key's edge to the pedal's row, pixels: in the margin of every layout. */
const PEDAL_BELOW = 13;

/** The sustain pedal as rolls have it: a row of small perforations at the bass edge. */
export function drawPedal(
  sheet: Sheet,
  layout: RollLayout,
  inks: Inks,
  pedal: readonly { readonly ms: number; readonly value: number }[],
  startMs: number,
  positionMs: number,
  endsMs = startMs + layout.spanMs,
): void {
  const STEP_MS = layout.spanMs / 180;
  sheet.pen.fillStyle = inks.hole;
  for (let i = 0; i < pedal.length && pedal[i]!.ms < endsMs; i++) {
    if (pedal[i]!.value < PEDAL_DOWN) continue;
    const from = Math.max(startMs, pedal[i]!.ms);
    const to = Math.min(pedal[i + 1]?.ms ?? positionMs, positionMs, endsMs);
    for (let ms = Math.ceil(from / STEP_MS) * STEP_MS; ms < to; ms += STEP_MS) {
      sheet.bar(alongOf(layout, startMs, ms), layout.margin - PEDAL_BELOW, 2.4, 2.4, 1.2);
    }
  }
}

/** The line at which holes are punched, at `along`, and a mark where a key is down. */
export function drawPlayhead(
  sheet: Sheet,
  layout: RollLayout,
  inks: Inks,
  notes: readonly Note[],
  along: number,
  positionMs: number,
): void {
  sheet.pen.fillStyle = inks.playhead;
  sheet.bar(along - 0.75, layout.across / 2, 1.5, layout.across, 0);
  if (positionMs < 0) return;
  const first = firstSounding(notes, positionMs);
  for (let i = first; i < notes.length; i++) {
    const note = notes[i]!;
    if (note.onsetMs > positionMs) break;
    if (note.onsetMs + note.durationMs <= positionMs) continue;
    const size = Math.max(5, holeBreadth(layout, note.velocity) + 2) * opening(positionMs - note.onsetMs);
    sheet.bar(along - size / 2, acrossOf(layout, note.pitch), size, size, size / 2);
  }
}

/** The strip is torn off here, this part of the way along; teeth of paper, pixels. */
const TORN_AT = 0.82;
const TOOTH = 9;

/** Everything beyond a torn edge is the desk. The tear is the same each day. */
export function drawTear(sheet: Sheet, layout: RollLayout, inks: Inks): void {
  const { pen } = sheet;
  const { along, across } = layout;
  const edge: (readonly [number, number])[] = [];
  for (let i = 0, at = -1; at < across; i++, at += TOOTH) {
    const jag = Math.sin(i * 1.7) * 7 + Math.sin(i * 0.43 + 2) * 13;
    edge.push([along * TORN_AT + jag, at]);
  }
  edge.push([along * TORN_AT + Math.sin(across), across + 1], [along + 4, across + 1], [along + 4, -1]);
  sheet.outline(edge);
  pen.fillStyle = inks.desk;
  pen.fill();
  pen.strokeStyle = inks.edge;
  pen.lineWidth = 1;
  pen.stroke();
}

/** Where a roll that is being composed lies: beyond the label on the leader, between the margins. Parts. */
const GROWS_FROM = 0.42;
const GROWS_ACROSS = [0.06, 0.94] as const;

/** A roll as far as it is composed, coarsely, as its weave has it. */
export function drawGrowing(sheet: Sheet, layout: RollLayout, inks: Inks, weave: string): void {
  const { along, across } = layout;
  const column = (along * (1 - GROWS_FROM)) / WEAVE_COLUMNS;
  const row = (across * (GROWS_ACROSS[1] - GROWS_ACROSS[0])) / WEAVE_ROWS;
  sheet.pen.fillStyle = inks.hole;
  for (const run of weaveRuns(weave)) {
    // Rows are told from the top, keys from the bass.
    const at = across * GROWS_ACROSS[0] + (WEAVE_ROWS - run.row - 0.5) * row;
    const breadth = Math.min(12, row * 0.3);
    sheet.bar(along * GROWS_FROM + run.column * column, at, run.length * column - 6, breadth, breadth / 2);
  }
}
