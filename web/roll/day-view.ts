/** Which part of a day's roll is seen: the whole of it at rest, or nearer, flowing under a playhead that stands. */

/** As near as the paper can be seen, milliseconds from edge to edge. */
const NEAREST_MS = 8_000;
/** While it plays, a second is so many pixels long, but never less than this is seen; milliseconds. */
const PLAYING_PX_A_SECOND = 84;
const PLAYING_SPAN_MS = 8_000;
/** Near the paper, the playhead stands at this part of the strip: more is ahead than behind. */
const DAY_PLAYHEAD = 1 / 3;
/** From this zoom on the paper flows freely, its leader and its end too; below it, the whole roll comes to lie still. */
const FLOWS_FROM = 0.15;

/** Blank paper beside the whole roll, CSS pixels: before it, where a label may be printed, after it, and above it. */
export type Blank = { readonly before: number; readonly after: number; readonly above: number };
/** The time at the strip's left end, and what is as long as the strip; milliseconds. */
export type DayView = { readonly startMs: number; readonly spanMs: number };

/** The whole roll with its blank paper, in milliseconds of the strip. */
export function wholeSpan(durationMs: number, width: number, { before, after }: Blank): number {
  const music = Math.max(1, width - before - after);
  return (Math.max(1, durationMs) * Math.max(1, width)) / music;
}

/** @param zoom 0: the whole roll, to 1: the nearest */
export const spanAt = (wholeMs: number, zoom: number): number =>
  wholeMs * Math.min(1, NEAREST_MS / wholeMs) ** zoom;

/** The zoom at which it plays. */
export function playingZoom(wholeMs: number, width: number): number {
  const wanted = Math.max(PLAYING_SPAN_MS, (width / PLAYING_PX_A_SECOND) * 1_000);
  if (wholeMs <= wanted || wholeMs <= NEAREST_MS) return 0;
  return Math.log(wanted / wholeMs) / Math.log(NEAREST_MS / wholeMs);
}

/** @param byPages motion is unwelcome: the paper lies still, page by page, and the playhead moves */
export function dayView(
  positionMs: number,
  durationMs: number,
  zoom: number,
  width: number,
  blank: Blank,
  byPages: boolean,
): DayView {
  const wholeMs = wholeSpan(durationMs, width, blank);
  const spanMs = spanAt(wholeMs, zoom);
  const first = (-blank.before / Math.max(1, width)) * wholeMs;
  const last = first + wholeMs - spanMs;
  const within = (ms: number) => Math.min(last, Math.max(first, ms));
  if (byPages) return { spanMs, startMs: within(first + Math.floor((positionMs - first) / spanMs) * spanMs) };
  const free = positionMs - spanMs * DAY_PLAYHEAD;
  const flow = Math.min(1, zoom / FLOWS_FROM);
  return { spanMs, startMs: within(free) + (free - within(free)) * flow };
}
