import type { Note } from '../src/music/note.ts';
import { firstAtOrAfter } from '../src/music/timeline.ts';
import {
  acrossOf,
  alongOf,
  holeBreadth,
  opening,
  type RollLayout,
  rollLayout,
  viewStartMs,
} from './roll-layout.ts';

export type RollView = {
  readonly notes: readonly Note[];
  readonly pedal: readonly { readonly ms: number; readonly value: number }[];
  /** null: blank paper. */
  readonly positionMs: number | null;
  /** The whole roll at once, after the end; its length in milliseconds. */
  readonly wholeMs: number | null;
};

export type Roll = {
  draw(view: RollView): void;
  /** Colours or size have changed. */
  refresh(): void;
};

type Inks = { paper: string; ink: string; rule: string; hole: string; playhead: string };

/** No note is longer than this for finding the first one in view, milliseconds. */
const LONGEST_MS = 30_000;
const TICK_MS = 15_000;
const C_PITCHES = [24, 36, 48, 60, 72, 84, 96, 108];

export function roll(canvas: HTMLCanvasElement, reducedMotion: () => boolean): Roll {
  const pen = canvas.getContext('2d');
  let inks = readInks(canvas);
  let layout = rollLayout(1, 1);

  const refresh = () => {
    const ratio = window.devicePixelRatio || 1;
    const { width, height } = canvas.getBoundingClientRect();
    canvas.width = Math.max(1, Math.round(width * ratio));
    canvas.height = Math.max(1, Math.round(height * ratio));
    pen?.setTransform(ratio, 0, 0, ratio, 0, 0);
    layout = rollLayout(width, height);
    inks = readInks(canvas);
  };
  refresh();

  return {
    refresh,
    draw(view) {
      if (!pen) return;
      const whole = view.wholeMs !== null;
      const shown = whole ? { ...layout, spanMs: Math.max(1, view.wholeMs ?? 1) * 1.04 } : layout;
      const positionMs = whole ? Number.POSITIVE_INFINITY : view.positionMs;
      const startMs = whole
        ? -0.02 * shown.spanMs
        : viewStartMs(layout, positionMs ?? 0, reducedMotion() && positionMs !== null);
      const sheet = onPaper(pen, shown);
      pen.fillStyle = inks.paper;
      pen.fillRect(0, 0, canvas.width, canvas.height);
      drawRules(sheet, shown, inks, startMs, view.positionMs !== null || whole);
      if (positionMs === null) return;
      drawPedal(sheet, shown, inks, view, startMs, positionMs);
      drawHoles(sheet, shown, inks, view.notes, startMs, positionMs);
      if (!whole) drawPlayhead(sheet, shown, inks, view.notes, startMs, positionMs);
    },
  };
}

/** Rectangles and lines in roll coordinates: along time and across the keys, whichever way the paper runs. */
type Sheet = {
  readonly pen: CanvasRenderingContext2D;
  bar(along: number, across: number, length: number, breadth: number, radius: number): void;
  text(along: number, across: number, words: string): void;
};

function onPaper(
  pen: CanvasRenderingContext2D,
  { vertical, along: stripLength, across: keys }: RollLayout,
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
    text(along, across, words) {
      if (vertical) pen.fillText(words, across, stripLength - along);
      else pen.fillText(words, along, keys - across);
    },
  };
}

/** What is printed on the paper before any hole is punched: edges, octaves, the minutes. */
function drawRules(sheet: Sheet, layout: RollLayout, inks: Inks, startMs: number, moving: boolean): void {
  const { pen } = sheet;
  pen.fillStyle = inks.rule;
  for (const pitch of C_PITCHES) sheet.bar(0, acrossOf(layout, pitch), layout.along, 1, 0);
  sheet.bar(0, layout.margin * 0.55, layout.along, 1, 0);
  sheet.bar(0, layout.across - layout.margin * 0.55, layout.along, 1, 0);
  if (!moving) return;
  pen.font = `italic 11px ${getComputedStyle(pen.canvas).fontFamily}`;
  pen.textBaseline = 'middle';
  pen.textAlign = 'left';
  const every = layout.spanMs > 60_000 ? 4 * TICK_MS : TICK_MS;
  for (let ms = Math.ceil(Math.max(0, startMs) / every) * every; ms < startMs + layout.spanMs; ms += every) {
    const along = alongOf(layout, startMs, ms);
    pen.fillStyle = inks.rule;
    sheet.bar(along, layout.across / 2, 1, layout.across - layout.margin * 1.1, 0);
    pen.fillStyle = inks.ink;
    pen.globalAlpha = 0.55;
    sheet.text(
      along + 6,
      layout.across - layout.margin * 0.28,
      `${Math.floor(ms / 60_000)}:${String((ms / 1000) % 60).padStart(2, '0')}`,
    );
    pen.globalAlpha = 1;
  }
}

function drawHoles(
  sheet: Sheet,
  layout: RollLayout,
  inks: Inks,
  notes: readonly Note[],
  startMs: number,
  positionMs: number,
): void {
  sheet.pen.fillStyle = inks.hole;
  const from = firstAtOrAfter(notes, (note) => note.onsetMs, startMs - LONGEST_MS);
  for (let i = from; i < notes.length; i++) {
    const note = notes[i]!;
    if (note.onsetMs >= positionMs || note.onsetMs > startMs + layout.spanMs) break;
    const endMs = Math.min(note.onsetMs + note.durationMs, positionMs);
    if (endMs < startMs) continue;
    const breadth = holeBreadth(layout, note.velocity) * opening(positionMs - note.onsetMs);
    const along = alongOf(layout, startMs, note.onsetMs);
    const length = Math.max(breadth, alongOf(layout, startMs, endMs) - along - 1);
    sheet.bar(along, acrossOf(layout, note.pitch), length, breadth, breadth / 2);
  }
}

/** The sustain pedal as rolls have it: a row of small perforations at the bass edge. */
function drawPedal(
  sheet: Sheet,
  layout: RollLayout,
  inks: Inks,
  { pedal }: RollView,
  startMs: number,
  positionMs: number,
): void {
  const STEP_MS = layout.spanMs / 180;
  sheet.pen.fillStyle = inks.hole;
  for (let i = 0; i < pedal.length; i++) {
    if (pedal[i]!.value < 64) continue;
    const from = Math.max(startMs, pedal[i]!.ms);
    const to = Math.min(pedal[i + 1]?.ms ?? positionMs, positionMs, startMs + layout.spanMs);
    for (let ms = Math.ceil(from / STEP_MS) * STEP_MS; ms < to; ms += STEP_MS) {
      sheet.bar(alongOf(layout, startMs, ms), layout.margin * 0.28, 2.4, 2.4, 1.2);
    }
  }
}

function drawPlayhead(
  sheet: Sheet,
  layout: RollLayout,
  inks: Inks,
  notes: readonly Note[],
  startMs: number,
  positionMs: number,
): void {
  const along = alongOf(layout, startMs, positionMs);
  sheet.pen.fillStyle = inks.playhead;
  sheet.bar(along - 0.75, layout.across / 2, 1.5, layout.across, 0);
  if (positionMs < 0) return;
  // A mark where a key is down: what is being punched now.
  for (
    let i = firstAtOrAfter(notes, (note) => note.onsetMs, positionMs - LONGEST_MS);
    i < notes.length;
    i++
  ) {
    const note = notes[i]!;
    if (note.onsetMs > positionMs) break;
    if (note.onsetMs + note.durationMs <= positionMs) continue;
    const size = Math.max(5, holeBreadth(layout, note.velocity) + 2) * opening(positionMs - note.onsetMs);
    sheet.bar(along - size / 2, acrossOf(layout, note.pitch), size, size, size / 2);
  }
}

function readInks(element: Element): Inks {
  const style = getComputedStyle(element);
  const read = (name: string) => style.getPropertyValue(name).trim();
  return {
    paper: read('--paper'),
    ink: read('--ink'),
    rule: read('--rule'),
    hole: read('--hole'),
    playhead: read('--playhead'),
  };
}
