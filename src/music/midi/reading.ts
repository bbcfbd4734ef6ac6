/**
 * What a Standard MIDI File says, as the walk reads it: ticks, tracks and channels, every strike with its release.
 * Music in milliseconds (`file.ts`) and staves for scores (`staves.ts`) are made from this alone.
 */
import type { Repair } from './limits.ts';

/** Tick: integer ≥ 0 from the start of the file; `ppq` of them are a quarter. */
export type Tempo = { readonly tick: number; readonly microsecondsPerQuarter: number };
/** E.g. 6/8 as {beats: 6, unit: 8}. */
export type TimeSignature = { readonly tick: number; readonly beats: number; readonly unit: number };
/** Fifths: −7 (seven flats) to 7 (seven sharps). */
export type KeySignature = { readonly tick: number; readonly fifths: number; readonly major: boolean };

export type TrackNote = {
  readonly tick: number;
  /** Ticks the key is held, integer ≥ 0. */
  readonly ticks: number;
  /** 0–127. */
  readonly pitch: number;
  /** 1–127. */
  readonly velocity: number;
  /** 0–15; 9 is percussion. */
  readonly channel: number;
};
export type Program = { readonly tick: number; readonly channel: number; readonly program: number };
/** Value: 0–127. */
export type ControlChange = {
  readonly tick: number;
  readonly channel: number;
  readonly controller: number;
  readonly value: number;
};
/** `text` and `lyric` have the words of karaoke files. */
export type TimedText = {
  readonly tick: number;
  readonly kind: 'text' | 'lyric' | 'marker' | 'cue';
  readonly text: string;
};

/** 0–16383; 8192 is straight. By two semitones each way, unless the file sets another range. */
export type Bend = { readonly tick: number; readonly channel: number; readonly value: number };

/** Controllers that are kept: volume, expression, the three pedals, and what an ensemble is played with (`ENSEMBLE`). */
export const VOLUME = 7;
export const EXPRESSION = 11;
export const SUSTAIN = 64;
export const SOSTENUTO = 66;
export const SOFT = 67;
/** Modulation, pan, reverb, chorus; the range of bends (RPN 0 with its data); reset of all of them. */
export const ENSEMBLE: readonly number[] = [1, 6, 10, 38, 91, 93, 100, 101, 121];

export type Track = {
  /** '' where it has none. */
  readonly name: string;
  readonly programs: readonly Program[];
  /** In order of their strikes. */
  readonly notes: readonly TrackNote[];
  readonly controllers: readonly ControlChange[];
  readonly bends: readonly Bend[];
  readonly texts: readonly TimedText[];
};

export type Reading = {
  readonly verdict: 'accepted' | 'accepted with repairs';
  /** 1: the tracks sound together. Format 2 with one track is read as 0. */
  readonly format: 0 | 1;
  readonly ppq: number;
  /** The first name in the first track. */
  readonly title: string;
  /** In order of time, one at tick 0 at least: 120 quarters a minute where the file has none there. */
  readonly tempos: readonly Tempo[];
  readonly timeSignatures: readonly TimeSignature[];
  readonly keySignatures: readonly KeySignature[];
  readonly tracks: readonly Track[];
  readonly repairs: readonly Repair[];
  /** What a person should know though nothing is wrong; repairs are not repeated here. */
  readonly warnings: readonly string[];
};
