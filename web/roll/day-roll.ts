import type { Music, Note } from '../../src/music/note.ts';
import { firstAtOrAfter } from '../../src/music/timeline.ts';
import { acrossOf, alongOf, holeBreadth, type RollLayout } from './layout.ts';
import { drawHoles, drawPedal, drawRules, onPaper } from './paint.ts';
import { readInks } from './roll.ts';

const KEYS = 88;
/** As the picture in the page has it, in whose place the canvas lies: pixels above and below, and a part at both ends. */
const MARGIN = 24;
const BLANK = 0.012;
/** As near as the paper can be seen, milliseconds from edge to edge. */
const NEAREST_MS = 8_000;
/** Near the paper, the playhead stands at this part of the strip: more is ahead than behind. */
const PLAYHEAD = 1 / 3;
const LONGEST_MS = 30_000;
const MARK = 5;

/** Time that is as long as the strip. @param zoom 0: the whole roll, to 1: the nearest */
export function spanOf(durationMs: number, zoom: number): number {
  const wholeMs = Math.max(1, durationMs) * (1 + 2 * BLANK);
  return wholeMs * Math.min(1, NEAREST_MS / wholeMs) ** zoom;
}

/** The time at the strip's left end: paper flows under the playhead, or lies page by page; it never leaves the roll. */
export function startOf(positionMs: number, durationMs: number, spanMs: number, byPages: boolean): number {
  const first = -Math.max(1, durationMs) * BLANK;
  const last = first + spanOf(durationMs, 0) - spanMs;
  const wanted = byPages
    ? first + Math.floor((positionMs - first) / spanMs) * spanMs
    : positionMs - spanMs * PLAYHEAD;
  return Math.min(last, Math.max(first, wanted));
}

export type ReplayRoll = {
  draw(positionMs: number, zoom: number): void;
  /** Colours or size have changed. */
  refresh(): void;
  /** The time at a point, CSS pixels from the canvas's left edge, as it was drawn last. */
  timeAt(x: number): number;
};

/** The whole roll, punched to its end, with a playhead on it. */
export function replayRoll(canvas: HTMLCanvasElement, music: Music, byPages: () => boolean): ReplayRoll {
  const pen = canvas.getContext('2d')!;
  /** The paper alone; painted again only where another part of it is seen. */
  const paper = document.createElement('canvas');
  const paperPen = paper.getContext('2d')!;
  let inks = readInks(canvas);
  let painted = '';
  let view = { startMs: 0, spanMs: 1, width: 1, height: 1 };

  const layoutOf = ({ width, height, spanMs }: typeof view): RollLayout => ({
    vertical: false,
    along: width,
    across: height,
    margin: MARGIN,
    lane: (height - 2 * MARGIN) / KEYS,
    spanMs,
  });
  const paintPaper = () => {
    const seen = JSON.stringify(view);
    if (seen === painted) return;
    painted = seen;
    const layout = layoutOf(view);
    paperPen.clearRect(0, 0, view.width, view.height);
    const sheet = onPaper(paperPen, layout);
    drawRules(sheet, layout, inks, view.startMs);
    drawPedal(sheet, layout, inks, music.pedal, view.startMs, Number.POSITIVE_INFINITY);
    drawHoles(sheet, layout, inks, music.notes, view.startMs, Number.POSITIVE_INFINITY);
  };
  const paintPlayhead = (positionMs: number) => {
    const layout = layoutOf(view);
    const along = alongOf(layout, view.startMs, positionMs);
    const sheet = onPaper(pen, layout);
    pen.fillStyle = inks.playhead;
    sheet.bar(along - 0.75, view.height / 2, 1.5, view.height, 0);
    for (const note of heldAt(music.notes, positionMs)) {
      const size = Math.max(MARK, holeBreadth(layout, note.velocity) + 2);
      sheet.bar(along - size / 2, acrossOf(layout, note.pitch), size, size, size / 2);
    }
  };

  const refresh = () => {
    const ratio = window.devicePixelRatio || 1;
    const { width, height } = canvas.getBoundingClientRect();
    view = { ...view, width, height };
    for (const [surface, context] of [
      [canvas, pen],
      [paper, paperPen],
    ] as const) {
      surface.width = Math.max(1, Math.round(width * ratio));
      surface.height = Math.max(1, Math.round(height * ratio));
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
    }
    inks = readInks(canvas);
    painted = '';
  };

  return {
    refresh,
    draw(positionMs, zoom) {
      const spanMs = spanOf(music.durationMs, zoom);
      view = { ...view, spanMs, startMs: startOf(positionMs, music.durationMs, spanMs, byPages()) };
      paintPaper();
      pen.clearRect(0, 0, view.width, view.height);
      pen.drawImage(paper, 0, 0, view.width, view.height);
      paintPlayhead(positionMs);
    },
    timeAt: (x) => view.startMs + (x / Math.max(1, view.width)) * view.spanMs,
  };
}

/** Notes whose keys are down. */
function heldAt(notes: readonly Note[], ms: number): Note[] {
  const from = firstAtOrAfter(notes, (note) => note.onsetMs, ms - LONGEST_MS);
  const to = firstAtOrAfter(notes, (note) => note.onsetMs, ms);
  return notes.slice(from, to).filter((note) => note.onsetMs + note.durationMs > ms);
}
