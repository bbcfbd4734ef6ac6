import { CHORD_MS } from '../chords.ts';
import { degreeOf, type Key, keyOf } from '../key.ts';
import { type Note, toMusic } from '../note.ts';
import { gapsOf, onsetsOf } from '../onsets.ts';
import { mean, quantile } from '../statistics.ts';

/** The cut is looked for this far around the length asked for, as a part of it, and at most so many milliseconds. */
const SEARCH_PART = 0.1;
const SEARCH_MS = 10_000;
/** A pause that may end a section is this many times the median gap. */
const PAUSE = 3;
/** Degrees of the bass on which a section may come to rest: tonic and dominant. */
const RESTFUL = [0, 7];
/** The key of an ending is that of its last so many milliseconds. */
const KEY_MS = 30_000;
/** Gestures that slow down before the last chord. What is struck within so much of its first note is one; milliseconds. */
const SLOWING_GESTURES = 10;
export const GESTURE_MS = 150;
/** How much slower than usual the last step is. Where these gestures hurry they are stretched more, where they linger less. */
const SLOWER = 2.4;
const FIRST_STRETCH = [1, 2] as const;
const LAST_STRETCH = [2, 3] as const;
/** Between the last of the music and the closing chord, at least and at most: so much slower than the whole; milliseconds. */
const CLOSING_GAP_MS = [700, 2000] as const;
/** What slowing down and the closing chord add; milliseconds. */
const CLOSING_MS = 7_000;
/** The silence after the last chord; milliseconds. */
export const FINAL_SILENCE_MS = 3_000;
/** How long the closing chord is held, and from one of its notes to the next; milliseconds. */
const HOLD_MS = 4000;
const SPREAD_MS = 90;
/** The closing chord is softer than what led to it. */
const CLOSING_VELOCITY = 0.85;

/** `model`: the music came to rest by itself, on tonic or dominant; `rule`: it was cut where it paused most. */
export type Cadence = 'model' | 'rule';
export type Cut = { readonly notes: readonly Note[]; readonly cadence: Cadence };

/**
 * Cuts music near `targetMs`: at a pause of three median gaps with the tonic or dominant in the bass, where there is
 * one; otherwise at the widest pause. @param notes in order of onset; at least one
 */
export function cutAtRest(notes: readonly Note[], targetMs: number): Cut {
  const reach = searchMs(targetMs);
  const last = notes.at(-1)!.onsetMs;
  const target = Math.min(targetMs, last);
  const wide = PAUSE * quantile(gapsOf(notes), 0.5);
  const key = keyOf(endOf(notes.filter((note) => note.onsetMs <= target + reach)));
  let cut = last;
  let best = -1;
  let cadence: Cadence = 'rule';
  for (let i = 1; i <= notes.length; i++) {
    const before = notes[i - 1]!.onsetMs;
    if (Math.abs(before - target) > reach) continue;
    // After the last note there is no telling what would have come: a rest only if nothing better is found.
    const pause = i < notes.length ? notes[i]!.onsetMs - before : 1;
    const restful = pause >= wide && RESTFUL.includes(degreeOf(bassAt(notes, before), key));
    // A pause counts for less the further it lies from the length asked for; any restful one is worth more than others.
    const worth = pause * (1 - Math.abs(before - target) / (2 * reach)) + (restful ? 1e6 : 0);
    if (worth > best) [best, cut, cadence] = [worth, before, restful ? 'model' : 'rule'];
  }
  return { notes: notes.filter((note) => note.onsetMs <= cut), cadence };
}

/** How music that ended by itself, wherever it liked, came to rest. */
export const restsAtEnd = (notes: readonly Note[]): Cadence =>
  RESTFUL.includes(degreeOf(bassAt(notes, notes.at(-1)!.onsetMs), keyOf(endOf(notes)))) ? 'model' : 'rule';

/**
 * Ends music: the last ten gestures slow down (in the piano rolls the last three gaps are 2.4 times the mean), then a
 * spread chord on the tonic is held for four seconds. @param notes in order of onset; at least one
 */
export function close(notes: readonly Note[]): readonly Note[] {
  const gestures = onsetsOf(notes, GESTURE_MS);
  const lastMs = notes.at(-1)!.onsetMs;
  const end = endOf(notes);
  const usual = quantile(gapsOf(end, GESTURE_MS), 0.5);
  const slowedFromMs = gestures.at(-SLOWING_GESTURES) ?? gestures[0]!;
  const own = quantile(gapsOf(notes, GESTURE_MS).slice(1 - SLOWING_GESTURES), 0.5);
  const hurry = usual / Math.max(1, own);
  const bounded = ([least, most]: readonly [number, number], stretch: number) =>
    Math.min(most, Math.max(least, stretch));
  const stretches = [bounded(FIRST_STRETCH, hurry), bounded(LAST_STRETCH, SLOWER * hurry)] as const;
  const slow = slowing(slowedFromMs, lastMs, stretches);
  const slowed = notes.map((note) => {
    const onsetMs = slow(note.onsetMs);
    return { ...note, onsetMs, durationMs: Math.max(1, slow(note.onsetMs + note.durationMs) - onsetMs) };
  });
  const [soonest, latest] = CLOSING_GAP_MS;
  const chordMs =
    slow(lastMs) + Math.round(Math.min(latest, Math.max(soonest, SLOWER * mean(gapsOf(notes, GESTURE_MS)))));
  const chord = closingChord(keyOf(end), end, chordMs);
  const releaseMs = chord[0]!.onsetMs + HOLD_MS;
  const struck = new Map(chord.map((note) => [note.pitch, note.onsetMs]));
  // What sounds on makes room for the chord: its own keys are struck afresh, the others are damped by it.
  const led = slowed.map((note) => {
    const until = Math.min(struck.get(note.pitch) ?? chordMs, chordMs);
    return { ...note, durationMs: Math.max(1, Math.min(note.durationMs, until - note.onsetMs)) };
  });
  return toMusic([...led, ...chord.map((note) => ({ ...note, durationMs: releaseMs - note.onsetMs }))]).notes;
}

/** Root and fifth below, the triad above, near where the music was; from the bass upwards. */
function closingChord(key: Key, end: readonly Note[], ms: number): Note[] {
  const pitches = end.map(({ pitch }) => pitch);
  const bass = nearest(key.tonic, Math.min(52, Math.max(33, quantile(pitches, 0.1))));
  const top = nearest(key.tonic, Math.min(84, Math.max(bass + 24, quantile(pitches, 0.8))));
  const third = key.major ? 4 : 3;
  const chord = [...new Set([bass, bass + 7, top - 12, top - 12 + third, top - 5, top])].sort(
    (a, b) => a - b,
  );
  const usual = quantile(
    end.slice(-12).map(({ velocity }) => velocity),
    0.5,
  );
  const velocity = Math.max(1, Math.round(usual * CLOSING_VELOCITY));
  return chord.map((pitch, i) => ({ onsetMs: ms + i * SPREAD_MS, durationMs: HOLD_MS, pitch, velocity }));
}

/** Music to be composed so that with its closing it lasts so long; milliseconds. */
export const beforeClosing = (lengthMs: number): number => Math.max(lengthMs / 2, lengthMs - CLOSING_MS);

/** Music to be composed beyond its length, so that a good pause can be chosen around it; milliseconds. */
export const searchMs = (lengthMs: number): number => Math.min(SEARCH_MS, lengthMs * SEARCH_PART);

/** The key of a pitch class nearest to a pitch. */
const nearest = (pitchClass: number, pitch: number): number =>
  Math.round((pitch - pitchClass) / 12) * 12 + pitchClass;

const endOf = (notes: readonly Note[]): readonly Note[] =>
  notes.filter((note) => note.onsetMs >= notes.at(-1)!.onsetMs - KEY_MS);

/** The lowest note that is struck or still sounds at an onset. */
const bassAt = (notes: readonly Note[], ms: number): number =>
  Math.min(
    ...notes
      .filter((note) => note.onsetMs <= ms && note.onsetMs + note.durationMs > ms - CHORD_MS)
      .map(({ pitch }) => pitch),
  );

/** A clock that runs on as it is before `fromMs`, then ever slower, until `endMs`; whole milliseconds, never backwards. */
function slowing(
  fromMs: number,
  endMs: number,
  [first, last]: readonly [number, number],
): (ms: number) => number {
  const span = endMs - fromMs;
  if (span <= 0) return (ms) => ms;
  return (ms) => {
    const into = Math.max(0, ms - fromMs);
    const within = Math.min(into, span);
    const stretched = first * within + ((last - first) * within * within) / (2 * span);
    return Math.round(Math.min(ms, fromMs) + stretched + (into - within) * last);
  };
}
