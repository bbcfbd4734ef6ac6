import { KEYS, LOWEST_PITCH, type Note } from '../../src/music/note.ts';
import { firstAtOrAfter } from '../../src/music/timeline.ts';
import { RESTING_MS } from '../page/moments.ts';

/**
 * Where things lie on the roll. `along` runs with time, `across` over the keys; a wide screen draws time to the
 * right, a narrow one upwards, the bass at the left as on a piano. All lengths in CSS pixels.
 */
export type RollLayout = {
  readonly vertical: boolean;
  /** Length of the strip along time, and over the keys. */
  readonly along: number;
  readonly across: number;
  /** Time that is as long as the strip, milliseconds. */
  readonly spanMs: number;
  /** Breadth of one key. */
  readonly lane: number;
  /** From the bass edge to the lowest key: what is covered there, and then the paper's own margin. */
  readonly margin: number;
};

/** What lies over the strip's upper and lower edge, CSS pixels. */
export type Covered = { readonly top: number; readonly bottom: number };
const NOTHING: Covered = { top: 0, bottom: 0 };
/** The paper's own margin. */
const WIDE_MARGIN = 26;
const NARROW_MARGIN = 18;

/** Milliseconds of paper on a wide and on a narrow screen. */
const WIDE_SPAN_MS = 18_000;
const NARROW_SPAN_MS = 12_000;
/** The playhead stands at this part of the strip: two thirds of the past, one of blank paper. */
const PLAYHEAD = 2 / 3;

/** @param covered where paper runs to the right the keys lie between; upwards they lie across it, and stay */
export function rollLayout(width: number, height: number, covered: Covered = NOTHING): RollLayout {
  const vertical = width < height * 1.1 && width < 720;
  const along = vertical ? height : width;
  const across = vertical ? width : height;
  const own = vertical ? NARROW_MARGIN : WIDE_MARGIN;
  const { top, bottom } = vertical ? NOTHING : covered;
  const margin = own + bottom;
  return {
    vertical,
    along,
    across,
    margin,
    lane: (across - margin - own - top) / KEYS,
    spanMs: vertical ? NARROW_SPAN_MS : WIDE_SPAN_MS,
  };
}

/** The time at the strip's beginning, for a position: flowing, or page by page where motion is unwelcome. */
export function viewStartMs(layout: RollLayout, positionMs: number, byPages: boolean): number {
  if (!byPages) return positionMs - layout.spanMs * PLAYHEAD;
  return Math.floor(positionMs / layout.spanMs) * layout.spanMs;
}

/** Distance of an instant from the strip's beginning. */
export const alongOf = (layout: RollLayout, startMs: number, ms: number): number =>
  ((ms - startMs) / layout.spanMs) * layout.along;

/** Middle of a key's lane, from the bass edge. */
export const acrossOf = (layout: RollLayout, pitch: number): number =>
  layout.margin + (pitch - LOWEST_PITCH + 0.5) * layout.lane;

/** No note is longer than this, milliseconds. */
const LONGEST_MS = 30_000;
/** Which is the first note that may still sound at an instant. @param notes in order of onset */
export const firstSounding = (notes: readonly Note[], ms: number): number =>
  firstAtOrAfter(notes, (note) => note.onsetMs, ms - LONGEST_MS);

/** Breadth of a hole: louder is wider. */
export const holeBreadth = (layout: RollLayout, velocity: number): number =>
  Math.max(1.5, layout.lane * (0.65 + 0.95 * (velocity / 127)));

/** A hole opens within this time, milliseconds. */
const PUNCH_MS = 60;
/** How far a hole is open, 0 to 1, this long after its onset. */
export const opening = (sinceOnsetMs: number): number => Math.min(1, Math.max(0, sinceOnsetMs / PUNCH_MS));

/** The leader's tip: a little inside the strip while the roll rests. */
export const tipMs = (layout: RollLayout): number =>
  RESTING_MS - layout.spanMs * PLAYHEAD + layout.spanMs * (layout.vertical ? 0.04 : 0.03);

/** Paper is painted in tiles of so much music, and moved as a whole: what is punched once never changes. Milliseconds. */
export const TILE_MS = 1_000;

/** Numbers of the first and the last tile that are seen; tile k begins at k · TILE_MS. */
export const tilesInView = (layout: RollLayout, startMs: number): readonly [first: number, last: number] => [
  Math.floor(startMs / TILE_MS),
  Math.floor((startMs + layout.spanMs) / TILE_MS),
];

/** Length of a tile in CSS pixels. */
export const tileLength = (layout: RollLayout): number => (TILE_MS / layout.spanMs) * layout.along;

/** What a tile shows, as far as that may change. */
export type TileState = {
  /** The music that it was painted from; a list is never changed, but replaced. */
  readonly notes: unknown;
  readonly pedal: unknown;
  readonly form: unknown;
  readonly here: number;
  /** Counts changes of colours and sizes. */
  readonly edition: number;
  /** The position that it was painted at, ms from T0. */
  readonly positionMs: number;
};

/** Whether a tile has to be painted again: it is being punched, or what it was painted from has changed. */
export function isStale(k: number, painted: TileState | null, now: TileState): boolean {
  if (!painted || painted.edition !== now.edition || painted.notes !== now.notes) return true;
  if (painted.form !== now.form || painted.pedal !== now.pedal || painted.here !== now.here) return true;
  if (painted.positionMs > now.positionMs) return true;
  const done = painted.positionMs >= (k + 1) * TILE_MS + 2 * PUNCH_MS;
  return !done && now.positionMs > k * TILE_MS && painted.positionMs !== now.positionMs;
}

/** A frame paints so many stale tiles besides the one under the playhead, so that its work is bounded. */
const MOST_STALE = 3;

/** The tiles that one frame paints: what is being punched first, then what is nearest to it. */
export function tilesToPaint(stale: readonly number[], positionMs: number): readonly number[] {
  const under = Math.floor(positionMs / TILE_MS);
  const byDistance = [...stale].sort((a, b) => Math.abs(a - under) - Math.abs(b - under));
  return byDistance.slice(0, MOST_STALE + (stale.includes(under) ? 1 : 0));
}
