import { levelDb } from './loudness.ts';
import type { Music, Note, PedalChange } from './note.ts';
import { foldPedal } from './pedal.ts';
import { firstIndex } from './search.ts';

/** A performance is posted in chunks of this many milliseconds, by number: chunk k holds the onsets in [15k, 15k+15) s. */
export const CHUNK_MS = 15_000;

/** What a listener who begins here must know of the past. */
export type Sounding = {
  /** Notes struck before this instant that still sound, held by key or by pedal; one a pitch, the latest. */
  readonly sounding: readonly Note[];
  /** Value of the sustain pedal, 0–127. */
  readonly pedal: number;
};

export type Stretch = {
  readonly seq: number;
  readonly count: number;
  readonly fromMs: number;
  readonly toMs: number;
  /** Of the whole music, as `levelDb` tells it. */
  readonly levelDb: number;
  readonly state: Sounding;
  readonly notes: readonly Note[];
  readonly pedal: readonly PedalChange[];
};

/** Music prepared for cutting: order is checked once, sounding ends are computed once. */
export type Timeline = {
  readonly music: Music;
  readonly chunks: number;
  /** See Stretch. */
  readonly levelDb: number;
  /** `count` consecutive chunks from number `seq`, with the state at their start. */
  stretch(seq: number, count: number): Stretch;
  /** What sounds at `ms`, before anything that begins then. */
  soundingAt(ms: number): Sounding;
};

/** @param level in place of its own loudness, decibels */
export function timeline(music: Music, level = levelDb(music)): Timeline {
  const soundsUntil = soundingEnds(music);
  // A pedal that moves at the very end, on the boundary of two chunks, needs the second one.
  const lastEventMs = Math.max(music.notes.at(-1)?.onsetMs ?? 0, music.pedal.at(-1)?.ms ?? 0);
  const chunks = Math.max(Math.ceil(music.durationMs / CHUNK_MS), Math.floor(lastEventMs / CHUNK_MS) + 1);

  const soundingAt = (ms: number): Sounding => {
    const latest = new Map<number, Note>();
    const before = firstAtOrAfter(music.notes, (note) => note.onsetMs, ms);
    for (let i = 0; i < before; i++) {
      const note = music.notes[i]!;
      if (soundsUntil[i]! > ms) latest.set(note.pitch, note);
      else latest.delete(note.pitch);
    }
    const pedalIndex = firstAtOrAfter(music.pedal, (change) => change.ms, ms) - 1;
    return {
      sounding: [...latest.values()].sort((a, b) => a.onsetMs - b.onsetMs || a.pitch - b.pitch),
      pedal: music.pedal[pedalIndex]?.value ?? 0,
    };
  };

  const stretch = (seq: number, count: number): Stretch => {
    const fromMs = seq * CHUNK_MS;
    const toMs = (seq + count) * CHUNK_MS;
    return {
      seq,
      count,
      fromMs,
      toMs,
      levelDb: level,
      state: soundingAt(fromMs),
      notes: between(music.notes, (note) => note.onsetMs, fromMs, toMs),
      pedal: between(music.pedal, (change) => change.ms, fromMs, toMs),
    };
  };

  return { music, chunks, levelDb: level, stretch, soundingAt };
}

/** For each note the instant it falls silent, the pedal counted in. */
function soundingEnds(music: Music): number[] {
  // Folding keeps the order of notes, except among those of one onset and pitch, where either may be meant.
  return foldPedal(music).notes.map((note) => note.onsetMs + note.durationMs);
}

const between = <T>(
  sorted: readonly T[],
  timeOf: (item: T) => number,
  from: number,
  to: number,
): readonly T[] => sorted.slice(firstAtOrAfter(sorted, timeOf, from), firstAtOrAfter(sorted, timeOf, to));

/** Index of the first item at or after `ms` in a list ascending by time. */
export const firstAtOrAfter = <T>(sorted: readonly T[], timeOf: (item: T) => number, ms: number): number =>
  firstIndex(sorted.length, (i) => timeOf(sorted[i]!) >= ms);
