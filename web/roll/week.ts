import { WEAVE_COLUMNS, WEAVE_ROWS, weaveRuns } from '../../src/music/weave.ts';
import type { WovenDay } from '../published/week.ts';
import type { Inks } from './inks.ts';
import type { RollLayout } from './layout.ts';

/** A roll among those of its week. */
export type WeekView = {
  /** The day whose roll it is. */
  readonly date: string;
  /** Seven, from Monday on. */
  readonly days: readonly WovenDay[];
  /** 0: it still fills the strip; 1: it is in its place; 2: the next day's paper is taped on. */
  readonly progress: number;
  /** Whether there is a next day. */
  readonly next: boolean;
};

/** How long the roll takes to its place, and the next day's paper to be taped on; milliseconds. */
const SHRINK_MS = 1_600;
const TAPE_MS = 1_000;
export const AT_REST = 2;

/** How far it has got so long after it set off; at once where motion is unwelcome. */
export function progressAt(sinceMs: number, reducedMotion: boolean): number {
  if (reducedMotion) return AT_REST;
  if (sinceMs < SHRINK_MS) return Math.max(0, sinceMs / SHRINK_MS);
  return Math.min(AT_REST, 1 + (sinceMs - SHRINK_MS) / TAPE_MS);
}

export const isSameWeek = (a: WeekView | null, b: WeekView | null): boolean =>
  a === b ||
  (a !== null && b !== null && a.days === b.days && a.progress === b.progress && a.next === b.next);

/** A rectangle in CSS pixels. */
export type Box = { readonly x: number; readonly y: number; readonly width: number; readonly height: number };

/** The place of a day, 0 to 6; 7 is what reaches out of the week. All widths run with time, whichever way the roll did. */
export function placeOf(layout: RollLayout, day: number): Box {
  const { vertical, along, across } = layout;
  const [width, height] = vertical ? [across, along] : [along, across];
  const margin = width < 600 ? 20 : 56;
  const cell = (width - 2 * margin) / 7;
  const size = Math.min(104, Math.max(46, cell * 0.56), height * 0.3);
  return { x: margin + day * cell, y: Math.max(22, height * 0.07), width: cell, height: size };
}

/** @param roll the whole roll as it lay there, for as long as it is on its way */
export function drawWeek(
  pen: CanvasRenderingContext2D,
  layout: RollLayout,
  inks: Inks,
  week: WeekView,
  roll: CanvasImageSource | null,
): void {
  const { days, date, progress } = week;
  const today = days.findIndex((day) => day.date === date);
  const arrived = progress >= 1;
  days.forEach((day, i) => {
    if (day.weave === null || (i === today && !arrived)) return;
    drawDay(pen, placeOf(layout, i), inks, day);
  });
  days.forEach((day, i) => {
    const before = days[i - 1];
    if (before && before.weave !== null && day.weave !== null && (i < today || arrived))
      drawTape(pen, placeOf(layout, i), inks);
  });
  drawNames(pen, layout, inks, week);
  if (today < 0) return;
  if (week.next && arrived) {
    pen.globalAlpha = Math.min(1, 2 * (progress - 1));
    drawDay(pen, placeOf(layout, today + 1), inks, { date: '', weave: '', heard: null });
    pen.globalAlpha = Math.max(0, 2 * (progress - 1) - 1);
    drawTape(pen, placeOf(layout, today + 1), inks);
    pen.globalAlpha = 1;
  }
  if (roll && !arrived) drawOnItsWay(pen, layout, placeOf(layout, today), roll, progress);
}

/** Pixels. */
const SMALLEST_OUTLINE = 3.5;

function drawDay(
  pen: CanvasRenderingContext2D,
  { x, y, width, height }: Box,
  inks: Inks,
  day: WovenDay,
): void {
  pen.fillStyle = inks.paper;
  pen.fillRect(x, y, width, height);
  pen.strokeStyle = inks.edge;
  pen.lineWidth = 1;
  pen.strokeRect(x, y, width, height);
  const [padX, padY] = [width * 0.07, height * 0.1];
  const column = (width - 2 * padX) / WEAVE_COLUMNS;
  const row = (height - 2 * padY) / WEAVE_ROWS;
  const breadth = Math.max(1, row * 0.55);
  // Nobody heard it: the holes are there, and nothing shows through. Too small for an outline, they are pale.
  const unheard = day.heard === 0;
  const hollow = unheard && breadth >= SMALLEST_OUTLINE;
  pen.fillStyle = unheard ? inks.edge : inks.hole;
  pen.strokeStyle = inks.hole;
  pen.lineWidth = Math.min(0.75, breadth / 3);
  for (const run of weaveRuns(day.weave ?? '')) {
    pen.beginPath();
    pen.roundRect(
      x + padX + run.column * column,
      y + padY + run.row * row + (row - breadth) / 2,
      Math.max(breadth, run.length * column - 0.6),
      breadth,
      breadth / 2,
    );
    if (hollow) pen.stroke();
    else pen.fill();
  }
}

/** A strip of tape over the joint at a place's beginning. */
function drawTape(pen: CanvasRenderingContext2D, { x, y, width, height }: Box, inks: Inks): void {
  const breadth = Math.max(7, width * 0.085);
  const over = Math.max(3, height * 0.07);
  pen.fillStyle = inks.tape;
  pen.fillRect(x - breadth / 2, y - over, breadth, height + 2 * over);
  pen.fillStyle = inks.edge;
  // The joint shows through.
  pen.fillRect(x - 0.5, y, 1, height);
}

const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

function drawNames(
  pen: CanvasRenderingContext2D,
  layout: RollLayout,
  inks: Inks,
  { days, date }: WeekView,
): void {
  pen.font = inks.print;
  pen.textAlign = 'center';
  pen.textBaseline = 'alphabetic';
  days.forEach((day, i) => {
    const { x, y, width, height } = placeOf(layout, i);
    pen.fillStyle = day.date === date ? inks.ink : inks.soft;
    const number = width < 80 ? '' : ` ${Number(day.date.slice(8))}`;
    pen.fillText(`${WEEKDAYS[i]}${number}`, x + width / 2, y + height + 22);
  });
}

/** The roll as it lay, ever smaller; an upright one is laid down on the way. */
function drawOnItsWay(
  pen: CanvasRenderingContext2D,
  { vertical, along, across }: RollLayout,
  to: Box,
  roll: CanvasImageSource,
  progress: number,
): void {
  const eased = progress < 0.5 ? 4 * progress ** 3 : 1 - (2 - 2 * progress) ** 3 / 2;
  const between = (from: number, until: number) => from + (until - from) * eased;
  const [width, height] = vertical ? [across, along] : [along, across];
  const [endWidth, endHeight] = vertical ? [to.height, to.width] : [to.width, to.height];
  pen.save();
  pen.translate(between(width / 2, to.x + to.width / 2), between(height / 2, to.y + to.height / 2));
  if (vertical) pen.rotate((eased * Math.PI) / 2);
  pen.scale(between(1, endWidth / width), between(1, endHeight / height));
  pen.drawImage(roll, -width / 2, -height / 2, width, height);
  pen.restore();
}
