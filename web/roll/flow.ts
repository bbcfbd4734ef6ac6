import type { FormPart } from '../../src/music/form.ts';
import type { Note } from '../../src/music/note.ts';
import { drawForm } from './form.ts';
import type { Inks } from './inks.ts';
import { drawKeys, drawPressed, KEY_LENGTH, KEYS_BEHIND } from './keys.ts';
import {
  alongOf,
  isStale,
  type RollLayout,
  TILE_MS,
  type TileState,
  tileLength,
  tilesInView,
  tilesToPaint,
  tipMs,
} from './layout.ts';
import { drawHoles, drawPaper, drawPedal, drawPlayhead, drawRules, onPaper, type Pen } from './paint.ts';
import { drawPresence } from './presence.ts';

/** The music as it is being punched. */
export type Flowing = {
  readonly notes: readonly Note[];
  readonly pedal: readonly { readonly ms: number; readonly value: number }[];
  readonly form: readonly FormPart[];
  /** Listeners at the beginning. */
  readonly here: number;
  readonly positionMs: number;
  /** At the strip's beginning, ms from T0. */
  readonly startMs: number;
};

/** How all of it is to look now; `edition` counts its changes. */
export type Look = { readonly layout: RollLayout; readonly inks: Inks; readonly edition: number };

type Tile = { readonly canvas: HTMLCanvasElement; painted: TileState | null };

/** Breadth of the playhead's own canvas, CSS pixels: its marks are no larger. */
const HEAD = 72;
/** Tiles reach over the next one by so much, so that no seam shows where they meet between two pixels. */
const OVERLAP = 1;
/** Every five minutes. */
const REBASE_TILES = 100;

/**
 * Paper that moves: tiles of it, each painted while it is punched and then only moved by the compositor, so that a
 * frame's work does not grow with what has been heard.
 */
export function rollFlow(
  strip: HTMLElement,
  before: Element,
): { show(music: Flowing, look: Look): void; hide(): void } {
  const tiles = new Map<number, Tile>();
  // All of the paper is one thing that moves: were each tile one, the compositor would take each anew every frame.
  const paper = document.createElement('div');
  paper.className = 'paper';
  strip.insertBefore(paper, before);
  const spare: HTMLCanvasElement[] = [];
  // Chromium hands a canvas that is drawn on to its compositor with every frame, changed or not, but a bitmap once: so
  // tiles show bitmaps, painted on this. Where there is none, tiles are drawn on.
  const scratch = 'OffscreenCanvas' in window ? new OffscreenCanvas(1, 1) : null;
  const head = newCanvas();
  // The keyboard beside it, painted once for a look and then only moved.
  const keys = newCanvas();
  let keysOf = -1;
  strip.insertBefore(keys, before);
  strip.insertBefore(head, before);
  let hidden = true;
  /** Tiles are placed from this one on, so that no distance grows with the music. */
  let base = 0;

  function newCanvas(): HTMLCanvasElement {
    const canvas = document.createElement('canvas');
    canvas.className = 'tile';
    canvas.setAttribute('aria-hidden', 'true');
    return canvas;
  }
  const drop = (k: number) => {
    const tile = tiles.get(k);
    if (!tile) return;
    tile.canvas.hidden = true;
    spare.push(tile.canvas);
    tiles.delete(k);
  };
  const tileAt = (k: number): Tile => {
    const known = tiles.get(k);
    if (known) return known;
    const canvas = spare.pop() ?? paper.appendChild(newCanvas());
    const tile: Tile = { canvas, painted: null };
    tiles.set(k, tile);
    return tile;
  };

  function paint(k: number, tile: Tile, { layout, inks }: Look, music: Flowing): void {
    const startMs = k * TILE_MS;
    const length = tileLength(layout) + OVERLAP;
    const sheetCanvas = scratch ? sized(scratch, layout, length) : sized(tile.canvas, layout, length);
    const pen = penOf(sheetCanvas);
    if (!pen) return;
    const sheet = onPaper(pen, { ...layout, along: length });
    pen.fillStyle = inks.desk;
    pen.fillRect(0, 0, sheetCanvas.width, sheetCanvas.height);
    drawPaper(sheet, layout, inks, alongOf(layout, startMs, tipMs(layout)));
    const endsMs = startMs + TILE_MS * (length / tileLength(layout));
    drawRules(sheet, layout, inks, startMs);
    drawForm(sheet, layout, inks, music.form, startMs);
    drawPedal(sheet, layout, inks, music.pedal, startMs, music.positionMs, endsMs);
    drawHoles(sheet, layout, inks, music.notes, startMs, music.positionMs, endsMs);
    if (music.positionMs >= 0) drawPresence(sheet, layout, inks, music.here, startMs);
    if (scratch)
      sized(tile.canvas, layout, length)
        .getContext('bitmaprenderer')
        ?.transferFromImageBitmap(scratch.transferToImageBitmap());
  }

  function paintKeys({ layout, inks, edition }: Look, along: number): void {
    if (keysOf !== edition) {
      keysOf = edition;
      const pen = penOf(sized(keys, layout, KEY_LENGTH));
      if (pen) drawKeys(onPaper(pen, { ...layout, along: KEY_LENGTH }), layout, inks);
      place(keys, layout, 0, KEY_LENGTH);
    }
    move(keys, layout, along + KEYS_BEHIND);
  }

  function paintHead({ layout, inks, edition }: Look, { notes, positionMs, startMs }: Flowing): void {
    const pen = penOf(sized(head, layout, HEAD));
    if (!pen) return;
    pen.clearRect(0, 0, head.width, head.height);
    const sheet = onPaper(pen, { ...layout, along: HEAD });
    drawPlayhead(sheet, layout, inks, notes, HEAD / 2, positionMs);
    drawPressed(sheet, layout, inks, notes, HEAD / 2 + KEYS_BEHIND, positionMs);
    place(head, layout, 0, HEAD);
    const along = alongOf(layout, startMs, positionMs);
    move(head, layout, along - HEAD / 2);
    paintKeys({ layout, inks, edition }, along);
  }

  return {
    show(music, look) {
      const { layout, edition } = look;
      const { notes, pedal, form, here, positionMs, startMs } = music;
      const now: TileState = { notes, pedal, form, here, edition, positionMs };
      const [first, last] = tilesInView(layout, startMs);
      const rebased = first < base || first >= base + REBASE_TILES;
      if (rebased) base = first;
      for (const k of [...tiles.keys()]) if (k < first || k > last) drop(k);
      const stale: number[] = [];
      for (let k = first; k <= last; k++) {
        const tile = tileAt(k);
        if (isStale(k, tile.painted, now)) stale.push(k);
      }
      const toPaint = new Set(tilesToPaint(stale, positionMs));
      for (const [k, tile] of tiles) {
        if (toPaint.has(k)) {
          paint(k, tile, look, music);
          // Its place and size change with the look alone, which makes it stale.
          place(tile.canvas, layout, (k - base) * tileLength(layout), tileLength(layout) + OVERLAP);
          tile.painted = now;
        } else if (rebased) {
          place(tile.canvas, layout, (k - base) * tileLength(layout), tileLength(layout) + OVERLAP);
        }
        tile.canvas.hidden = tile.painted === null;
      }
      move(paper, layout, alongOf(layout, startMs, base * TILE_MS));
      paintHead(look, music);
      head.hidden = false;
      keys.hidden = false;
      paper.hidden = false;
      hidden = false;
    },
    hide() {
      if (hidden) return;
      hidden = true;
      for (const k of [...tiles.keys()]) drop(k);
      head.hidden = true;
      keys.hidden = true;
      paper.hidden = true;
    },
  };
}

/** Sets a canvas to this length and the strip's breadth, in the screen's own pixels; the pen of one that has one. */
function sized<T extends HTMLCanvasElement | OffscreenCanvas>(
  canvas: T,
  { vertical, across }: RollLayout,
  length: number,
): T {
  const ratio = window.devicePixelRatio || 1;
  const [width, height] = vertical ? [across, length] : [length, across];
  const [columns, rows] = [Math.ceil(width * ratio), Math.ceil(height * ratio)];
  if (canvas.width !== columns || canvas.height !== rows) {
    canvas.width = columns;
    canvas.height = rows;
  }
  if (canvas instanceof HTMLCanvasElement) {
    canvas.style.width = `${columns / ratio}px`;
    canvas.style.height = `${rows / ratio}px`;
  }
  return canvas;
}

/** In CSS pixels. */
function penOf(canvas: HTMLCanvasElement | OffscreenCanvas): Pen | null {
  const pen = canvas.getContext('2d') as Pen | null;
  const ratio = window.devicePixelRatio || 1;
  pen?.setTransform(ratio, 0, 0, ratio, 0, 0);
  return pen;
}

/** Where a canvas lies that begins so far along, in what is moved. */
function place(
  canvas: HTMLCanvasElement,
  { vertical, along }: RollLayout,
  from: number,
  length: number,
): void {
  const [left, top] = vertical ? [0, along - from - length] : [from, 0];
  canvas.style.left = `${left.toFixed(3)}px`;
  canvas.style.top = `${top.toFixed(3)}px`;
}

function move(element: HTMLElement, { vertical }: RollLayout, along: number): void {
  element.style.transform = vertical
    ? `translate3d(0, ${(-along).toFixed(3)}px, 0)`
    : `translate3d(${along.toFixed(3)}px, 0, 0)`;
}
