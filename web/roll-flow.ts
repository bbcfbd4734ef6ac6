import type { Note } from '../src/music/note.ts';
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
} from './roll-layout.ts';
import {
  drawHoles,
  drawPaper,
  drawPedal,
  drawPlayhead,
  drawPresence,
  drawRules,
  type Inks,
  onPaper,
} from './roll-paint.ts';

/** The music as it is being punched. */
export type Flowing = {
  readonly notes: readonly Note[];
  readonly pedal: readonly { readonly ms: number; readonly value: number }[];
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
const HEAD = 32;
/** Tiles reach over the next one by so much, so that no seam shows where they meet between two pixels. */
const OVERLAP = 1;

/**
 * Paper that moves: tiles of it, each painted while it is punched and then only moved by the compositor, so that a
 * frame's work does not grow with what has been heard.
 */
export function rollFlow(
  strip: HTMLElement,
  before: Element,
): { show(music: Flowing, look: Look): void; hide(): void } {
  const tiles = new Map<number, Tile>();
  const spare: HTMLCanvasElement[] = [];
  const head = newCanvas();
  let hidden = true;

  function newCanvas(): HTMLCanvasElement {
    const canvas = document.createElement('canvas');
    canvas.className = 'tile';
    canvas.setAttribute('aria-hidden', 'true');
    strip.insertBefore(canvas, before);
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
    const canvas = spare.pop() ?? newCanvas();
    const tile: Tile = { canvas, painted: null };
    tiles.set(k, tile);
    return tile;
  };

  function paint(k: number, tile: Tile, { layout, inks }: Look, music: Flowing): void {
    const startMs = k * TILE_MS;
    const length = tileLength(layout) + OVERLAP;
    const pen = sized(tile.canvas, layout, length);
    if (!pen) return;
    const sheet = onPaper(pen, { ...layout, along: length });
    pen.fillStyle = inks.desk;
    pen.fillRect(0, 0, tile.canvas.width, tile.canvas.height);
    drawPaper(sheet, layout, inks, alongOf(layout, startMs, tipMs(layout)));
    const endsMs = startMs + TILE_MS * (length / tileLength(layout));
    drawRules(sheet, layout, inks, startMs);
    drawPedal(sheet, layout, inks, music.pedal, startMs, music.positionMs, endsMs);
    drawHoles(sheet, layout, inks, music.notes, startMs, music.positionMs, endsMs);
    if (music.positionMs >= 0) drawPresence(sheet, layout, inks, music.here, startMs);
  }

  function paintHead({ layout, inks }: Look, { notes, positionMs, startMs }: Flowing): void {
    const pen = sized(head, layout, HEAD);
    if (!pen) return;
    pen.clearRect(0, 0, head.width, head.height);
    drawPlayhead(onPaper(pen, { ...layout, along: HEAD }), layout, inks, notes, HEAD / 2, positionMs);
    move(head, layout, alongOf(layout, startMs, positionMs) - HEAD / 2, HEAD);
  }

  return {
    show(music, look) {
      const { layout, edition } = look;
      const { notes, pedal, here, positionMs, startMs } = music;
      const now: TileState = { notes, pedal, here, edition, positionMs };
      const [first, last] = tilesInView(layout, startMs);
      for (const k of [...tiles.keys()]) if (k < first || k > last) drop(k);
      const stale: number[] = [];
      for (let k = first; k <= last; k++) {
        const tile = tileAt(k);
        if (isStale(k, tile.painted, now)) stale.push(k);
      }
      for (const k of tilesToPaint(stale, positionMs)) {
        const tile = tileAt(k);
        paint(k, tile, look, music);
        tile.painted = now;
      }
      for (const [k, { canvas, painted }] of tiles) {
        canvas.hidden = painted === null;
        move(canvas, layout, alongOf(layout, startMs, k * TILE_MS), tileLength(layout) + OVERLAP);
      }
      head.hidden = false;
      paintHead(look, music);
      // Above all tiles, also those that were made later.
      if (head.nextElementSibling !== before) strip.insertBefore(head, before);
      hidden = false;
    },
    hide() {
      if (hidden) return;
      hidden = true;
      for (const k of [...tiles.keys()]) drop(k);
      head.hidden = true;
    },
  };
}

/** The pen of a canvas that is so long, and as broad as the strip; its pixels are the screen's own. */
function sized(
  canvas: HTMLCanvasElement,
  { vertical, across }: RollLayout,
  length: number,
): CanvasRenderingContext2D | null {
  const ratio = window.devicePixelRatio || 1;
  const [width, height] = vertical ? [across, length] : [length, across];
  const [columns, rows] = [Math.ceil(width * ratio), Math.ceil(height * ratio)];
  const pen = canvas.getContext('2d');
  if (canvas.width !== columns || canvas.height !== rows) {
    canvas.width = columns;
    canvas.height = rows;
    canvas.style.width = `${columns / ratio}px`;
    canvas.style.height = `${rows / ratio}px`;
  }
  pen?.setTransform(ratio, 0, 0, ratio, 0, 0);
  return pen;
}

function move(canvas: HTMLCanvasElement, layout: RollLayout, along: number, length: number): void {
  canvas.style.transform = layout.vertical
    ? `translate3d(0, ${(layout.along - along - length).toFixed(3)}px, 0)`
    : `translate3d(${along.toFixed(3)}px, 0, 0)`;
}
