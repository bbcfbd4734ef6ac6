/**
 * Gives every strike of a key its release, in linear time. Strikes and releases of one key are like brackets: those without
 * a partner are found first, and the others belong together first in, first out.
 */

import { firstIndex } from '../search.ts';
import type { RepairLog } from './limits.ts';
import type { TrackNote } from './reading.ts';

/** A note whose release is still to be found. */
export type StruckNote = { -readonly [Key in keyof TrackNote]: TrackNote[Key] };
/** One strike, or (note null) one release, of one key on one channel of a track; `at` is its offset. */
export type Stroke = { readonly tick: number; readonly note: StruckNote | null; readonly at: number };

/**
 * Sets `ticks` of every note struck.
 * @param strokes of one key, in the file's order
 * @param silenced ticks at which all notes of the channel are turned off, ascending
 * @param endTick where what nothing ends is ended
 */
export function pairKey(
  strokes: readonly Stroke[],
  silenced: readonly number[],
  endTick: number,
  repairs: RepairLog,
): void {
  const paired = withPartner(strokes, repairs);
  const releases = strokes.filter((stroke, i) => paired[i] === 1 && stroke.note === null);
  let used = 0;
  let heldUntil = 0;
  let following: Stroke | null = null;
  // Backwards for those without a release, forwards for the others.
  for (let i = strokes.length - 1; i >= 0; i--) {
    const { tick, note, at } = strokes[i]!;
    if (!note) continue;
    if (paired[i] === 0) {
      const end = Math.min(following?.tick ?? endTick, firstAfter(silenced, tick) ?? endTick);
      note.ticks = Math.max(0, end - tick);
      repairs.note('unclosed', at);
    }
    following = strokes[i]!;
  }
  for (let i = 0; i < strokes.length; i++) {
    const { tick, note, at } = strokes[i]!;
    if (!note || paired[i] === 0) continue;
    if (heldUntil > tick) repairs.note('overlap', at);
    heldUntil = releases[used++]!.tick;
    note.ticks = heldUntil - tick;
  }
}

/** 1 for every stroke that has a partner. */
function withPartner(strokes: readonly Stroke[], repairs: RepairLog): Uint8Array {
  const paired = new Uint8Array(strokes.length);
  const open: number[] = [];
  for (let i = 0; i < strokes.length; i++) {
    const { note, at } = strokes[i]!;
    if (note) {
      if (!isReversed(strokes, i, paired)) open.push(i);
      continue;
    }
    const strike = open.pop();
    if (strike === undefined) repairs.note('stray_off', at);
    else paired[strike] = paired[i] = 1;
  }
  return paired;
}

/**
 * Notation programs write a note of no length with its release first: the release ends nothing, and the key is struck
 * again before the next one. Such a strike takes no release, or every later one would go to the note before.
 */
function isReversed(strokes: readonly Stroke[], i: number, paired: Uint8Array): boolean {
  const [before, after] = [strokes[i - 1], strokes[i + 1]];
  const strayBefore = before?.note === null && paired[i - 1] === 0 && before.tick === strokes[i]!.tick;
  return strayBefore && after?.note !== null;
}

/** The first of ascending ticks that is later than `tick`. */
const firstAfter = (ticks: readonly number[], tick: number): number | undefined =>
  ticks[firstIndex(ticks.length, (i) => ticks[i]! > tick)];
