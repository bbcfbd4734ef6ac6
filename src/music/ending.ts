import { type Note, toMusic } from './note.ts';

/** The cut is looked for this far around the length asked for, as a part of it, and at most so many milliseconds. */
const SEARCH_PART = 0.1;
const SEARCH_MS = 10_000;
/** Onsets that slow down before the last chord, and how much slower the last step is. */
const SLOWING_ONSETS = 10;
const SLOWEST = 2.4;
/** How long the last chord is held, milliseconds. */
const HOLD_MS = 3500;

/**
 * Ends music by rule: cut at the widest pause near `targetMs`, slow the last ten onsets down (in the piano rolls the
 * last three gaps are 2.4 times the mean), hold the last chord.
 * @param notes in order of onset; at least one
 */
export function endByRule(notes: readonly Note[], targetMs: number): readonly Note[] {
  const kept = cutAtPause(notes, targetMs);
  const onsets = [...new Set(kept.map((note) => note.onsetMs))];
  const endMs = onsets.at(-1)!;
  const fromMs = onsets.at(-SLOWING_ONSETS) ?? onsets[0]!;
  const slow = slowing(fromMs, endMs);
  const lastRelease = slow(endMs) + HOLD_MS;
  return toMusic(
    kept.map((note) => {
      const onsetMs = slow(note.onsetMs);
      const release = note.onsetMs === endMs ? lastRelease : slow(note.onsetMs + note.durationMs);
      return { ...note, onsetMs, durationMs: Math.max(1, Math.min(release, lastRelease) - onsetMs) };
    }),
  ).notes;
}

function cutAtPause(notes: readonly Note[], targetMs: number): readonly Note[] {
  const reach = Math.min(SEARCH_MS, targetMs * SEARCH_PART);
  const last = notes.at(-1)!.onsetMs;
  const target = Math.min(targetMs, last);
  let cut = last;
  let widest = -1;
  for (let i = 1; i < notes.length; i++) {
    const before = notes[i - 1]!.onsetMs;
    const pause = notes[i]!.onsetMs - before;
    if (Math.abs(before - target) > reach) continue;
    // A pause counts for less the further it lies from the length asked for.
    const worth = pause * (1 - Math.abs(before - target) / (2 * reach));
    if (worth > widest) [widest, cut] = [worth, before];
  }
  return notes.filter((note) => note.onsetMs <= cut);
}

/** A clock that runs on as it is before `fromMs`, and ever slower until `endMs`; whole milliseconds, never backwards. */
function slowing(fromMs: number, endMs: number): (ms: number) => number {
  const span = endMs - fromMs;
  if (span <= 0) return (ms) => ms;
  return (ms) => {
    const into = Math.max(0, ms - fromMs);
    const within = Math.min(into, span);
    const stretched = within + ((SLOWEST - 1) * within * within) / (2 * span);
    return Math.round(Math.min(ms, fromMs) + stretched + (into - within) * SLOWEST);
  };
}
