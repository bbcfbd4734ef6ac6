/** A piece of the roll as a picture: what one listener heard of it, with the words that say so. */
import type { Music } from '../../src/music/note.ts';
import { words } from '../language/words.ts';
import type { Inks } from './inks.ts';
import type { RollLayout } from './layout.ts';
import { drawHoles, drawPaper, drawPedal, drawRules, onPaper } from './paint.ts';

/** As wide and high as link cards are, CSS pixels. */
const SLICE_WIDTH = 1_200;
const SLICE_HEIGHT = 630;

export type Slice = {
  readonly music: Pick<Music, 'notes' | 'pedal'>;
  /** Milliseconds from T0. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly title: string;
  readonly date: string;
  /** Listeners, oneself among them; null while nobody has counted. */
  readonly here: number | null;
};

const PAPER_TOP = 34;
const PAPER_BOTTOM = 596;
const ROLL_HEIGHT = 376;
const SIDE = 64;
const MARGIN = 22;
const KEYS = 88;
/** A moment is a picture, too: less is never shown, milliseconds. */
const LEAST_MS = 8_000;

/** @param inks colours and type, as the page has them */
export function drawSlice(canvas: HTMLCanvasElement, slice: Slice, inks: Inks, family: string): void {
  canvas.width = SLICE_WIDTH;
  canvas.height = SLICE_HEIGHT;
  const pen = canvas.getContext('2d')!;
  pen.fillStyle = inks.desk;
  pen.fillRect(0, 0, SLICE_WIDTH, SLICE_HEIGHT);
  pen.fillStyle = inks.paper;
  pen.fillRect(0, PAPER_TOP, SLICE_WIDTH, PAPER_BOTTOM - PAPER_TOP);
  const { music, fromMs, title, date, here } = slice;
  const toMs = Math.max(slice.toMs, fromMs + LEAST_MS);
  const layout: RollLayout = {
    ...{ vertical: false, along: SLICE_WIDTH, across: ROLL_HEIGHT, margin: MARGIN },
    lane: (ROLL_HEIGHT - 2 * MARGIN) / KEYS,
    spanMs: toMs - fromMs,
  };
  pen.save();
  pen.translate(0, PAPER_TOP);
  const sheet = onPaper(pen, layout);
  drawPaper(sheet, layout, inks, Number.NEGATIVE_INFINITY);
  drawRules(sheet, layout, inks, fromMs);
  drawPedal(sheet, layout, inks, music.pedal, fromMs, slice.toMs);
  drawHoles(sheet, layout, inks, music.notes, fromMs, slice.toMs);
  pen.restore();
  for (const edge of [PAPER_TOP, PAPER_BOTTOM]) {
    pen.fillStyle = inks.edge;
    pen.fillRect(0, edge, SLICE_WIDTH, 1);
  }
  const print = (words: string, baseline: number, font: string, colour: string) => {
    pen.textAlign = 'left';
    pen.textBaseline = 'alphabetic';
    pen.font = `${font} ${family}`;
    pen.fillStyle = colour;
    pen.fillText(words, SIDE, baseline, SLICE_WIDTH - 2 * SIDE);
  };
  const presence = words.presence(here ?? 0);
  print(title ? `${presence}${words.comma}${date}` : presence, 452, 'italic 28px', inks.playhead);
  print(title || date, 518, '60px', inks.ink);
  print(`${words.fromTo(fromMs, slice.toMs)} · Pianola`, 568, '26px', inks.soft);
}
