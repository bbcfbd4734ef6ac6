/** A day's roll, punched to its end, with a playhead on it: drawn, and asked what lies at a point. */

import { KEYS, LOWEST_PITCH, type Music, type Note } from '../../src/music/note.ts';
import { firstAtOrAfter } from '../../src/music/timeline.ts';
import { type Blank, type DayView, dayView, wholeSpan } from './day-view.ts';
import { readInks } from './inks.ts';
import { drawJoints, type Joint } from './joints.ts';
import { acrossOf, alongOf, firstSounding, holeBreadth, type RollLayout } from './layout.ts';
import { HEAD, type MovingSheet, movingSheet } from './moving-sheet.ts';
import { drawHoles, drawPedal, drawRules, onPaper, type Pen } from './paint.ts';
import { densityOf, holds, type Sheet, sheetFor, sheetLength } from './sheet-view.ts';

/** As the picture in a day's page has it, in whose place the canvas lies: pixels above and below. */
const MARGIN = 24;
const MARK = 5;
/** A press this near to a hole means it, CSS pixels along time and a part of a key's lane across. */
const NEAR_PX = 5;
const NEAR_LANES = 0.9;

export type DayRoll = {
  /** @param moves whether the paper goes along, frame by frame: then it is only moved, not painted */
  draw(positionMs: number, zoom: number, moves?: boolean): void;
  /** Nothing of it is left over the canvas. */
  close(): void;
  /** Colours or size have changed. */
  refresh(): void;
  /** The time at a point, CSS pixels from the canvas's left edge, as it was drawn last. */
  timeAt(x: number): number;
  /** The hole at a point, CSS pixels from the canvas's upper left corner; null: blank paper. */
  noteAt(x: number, y: number): Note | null;
  /** Where a time lies, CSS pixels from the left edge. */
  xOf(ms: number): number;
  /** CSS pixels of the strip, and the milliseconds that the whole roll takes on it. */
  readonly width: number;
  readonly wholeMs: number;
};

type Seen = DayView & { readonly width: number; readonly height: number };

export function dayRoll(
  canvas: HTMLCanvasElement,
  music: Music,
  byPages: () => boolean,
  blankOf: (width: number, height: number) => Blank,
  joints: readonly Joint[] = [],
): DayRoll {
  const pen = canvas.getContext('2d')!;
  const moving = movingSheet(canvas);
  /** The paper alone; painted again only where another part of it is seen. Where it can be moved, it is handed over when painted. */
  const scratch = moving ? new OffscreenCanvas(1, 1) : document.createElement('canvas');
  const sheetPen = scratch.getContext('2d') as Pen;
  const sheet = moving?.painted ?? (scratch as HTMLCanvasElement);
  let inks = readInks(canvas);
  let ratio = 1;
  let blank: Blank = { before: 0, after: 0, above: 0 };
  let seen: Seen = { startMs: 0, spanMs: 1, width: 1, height: 1 };
  /** What the sheet shows; null: nothing yet. */
  let painted: Sheet | null = null;

  /** A surface as high as the strip and so many columns long, with nothing on it; CSS pixels. */
  const scale = (surface: HTMLCanvasElement | OffscreenCanvas, context: Pen, columns: number) => {
    surface.width = Math.max(1, Math.round(columns * ratio));
    surface.height = Math.max(1, Math.round(seen.height * ratio));
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
  };
  const layoutOf = (spanMs: number, along: number): RollLayout => {
    const across = Math.max(1, seen.height - blank.above);
    return { vertical: false, along, across, margin: MARGIN, lane: (across - 2 * MARGIN) / KEYS, spanMs };
  };
  const paintSheet = (to: Sheet) => {
    painted = to;
    const { startMs, strips } = to;
    scale(scratch, sheetPen, seen.width * strips);
    const layout = layoutOf(seen.spanMs * strips, seen.width * strips);
    sheetPen.save();
    sheetPen.translate(0, blank.above);
    const on = onPaper(sheetPen, layout);
    // Minutes and rules are as far apart as they look, not as far as the sheet is long.
    drawRules(on, layout, inks, startMs, joints.length === 0);
    drawPedal(on, layout, inks, music.pedal, startMs, Number.POSITIVE_INFINITY);
    drawHoles(on, layout, inks, music.notes, startMs, Number.POSITIVE_INFINITY);
    drawJoints(on, layout, inks, joints, startMs);
    sheetPen.restore();
    if (moving) moving.take(scratch as OffscreenCanvas, layout.along, seen.height);
  };
  /** Whole pixels of the screen, in place of what was there: copied, where parts of pixels would have to be mixed anew each frame. */
  const blit = (fromX: number) => {
    const { width, height } = canvas;
    const from = Math.min(scratch.width - width, Math.max(0, Math.round(fromX * ratio)));
    pen.save();
    pen.resetTransform();
    pen.globalCompositeOperation = 'copy';
    pen.drawImage(sheet, from, 0, width, height, 0, 0, width, height);
    pen.restore();
  };
  /** The playhead on a pen whose left edge lies at `leftX`, and a mark on each key that is down. */
  const paintPlayhead = (
    on: CanvasRenderingContext2D,
    positionMs: number,
    leftX: number,
    held: readonly Note[],
  ) => {
    const layout = layoutOf(seen.spanMs, seen.width);
    const along = alongOf(layout, seen.startMs, positionMs) - leftX;
    on.save();
    on.translate(0, blank.above);
    const paper = onPaper(on, layout);
    on.fillStyle = inks.playhead;
    paper.bar(along - 0.75, layout.across / 2, 1.5, layout.across, 0);
    for (const note of held) {
      const size = Math.max(MARK, holeBreadth(layout, note.velocity) + 2);
      paper.bar(along - size / 2, acrossOf(layout, note.pitch), size, size, size / 2);
    }
    on.restore();
  };
  /** What the moving playhead shows: the same is not painted again. */
  let headShows: readonly Note[] | null = null;
  const move = (moved: MovingSheet, positionMs: number, fromX: number) => {
    const held = heldAt(music.notes, positionMs);
    const headX = alongOf(layoutOf(seen.spanMs, seen.width), seen.startMs, positionMs);
    if (!headShows || held.length !== headShows.length || held.some((note, i) => note !== headShows?.[i])) {
      headShows = held;
      paintPlayhead(moved.headPen(seen.height, ratio), positionMs, headX - HEAD / 2, held);
    }
    moved.show({ sheetX: -Math.round(fromX * ratio) / ratio, headX });
    if (!cleared) pen.clearRect(0, 0, seen.width, seen.height);
    cleared = true;
  };
  /** Nothing lies on the canvas: what is seen moves over it. */
  let cleared = false;
  const timeAt = (x: number) => seen.startMs + (x / Math.max(1, seen.width)) * seen.spanMs;

  return {
    refresh() {
      ratio = densityOf(window.devicePixelRatio);
      const { width, height } = canvas.getBoundingClientRect();
      seen = { ...seen, width, height };
      blank = blankOf(width, height);
      scale(canvas, pen, width);
      inks = readInks(canvas);
      painted = null;
      headShows = null;
      moving?.hide();
    },
    draw(positionMs, zoom, moves = false) {
      const { width } = seen;
      seen = { ...seen, ...dayView(positionMs, music.durationMs, zoom, width, blank, byPages()) };
      // What lies still, or comes nearer, is seen once: no more of it is painted.
      if (!holds(painted, seen))
        paintSheet(sheetFor(painted, seen, moves && moving ? sheetLength(width) : 1));
      const fromX = ((seen.startMs - painted!.startMs) / seen.spanMs) * width;
      if (moves && moving) {
        move(moving, positionMs, fromX);
        return;
      }
      blit(fromX);
      paintPlayhead(pen, positionMs, 0, heldAt(music.notes, positionMs));
      cleared = false;
      moving?.hide();
    },
    close: () => moving?.remove(),
    timeAt,
    noteAt(x, y) {
      const layout = layoutOf(seen.spanMs, seen.width);
      const key = LOWEST_PITCH - 0.5 + (seen.height - y - layout.margin) / layout.lane;
      const nearMs = (NEAR_PX / Math.max(1, seen.width)) * seen.spanMs;
      const ms = timeAt(x);
      const off = (note: Note) => Math.abs(note.pitch - key);
      return (
        music.notes
          .filter(({ onsetMs, durationMs }) => onsetMs - nearMs <= ms && ms <= onsetMs + durationMs + nearMs)
          .filter((note) => off(note) <= NEAR_LANES)
          .sort((a, b) => off(a) - off(b))[0] ?? null
      );
    },
    xOf: (ms) => ((ms - seen.startMs) / seen.spanMs) * seen.width,
    get width() {
      return seen.width;
    },
    get wholeMs() {
      return wholeSpan(music.durationMs, seen.width, blank);
    },
  };
}

/** Notes whose keys are down. */
function heldAt(notes: readonly Note[], ms: number): Note[] {
  const from = firstSounding(notes, ms);
  const to = firstAtOrAfter(notes, (note) => note.onsetMs, ms + 1);
  return notes.slice(from, to).filter((note) => note.onsetMs + note.durationMs > ms);
}
