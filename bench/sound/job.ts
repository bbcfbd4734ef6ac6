import type { Music } from '../../src/music/note.ts';

/** What is to be rendered. */
export type Job = {
  readonly music: Music;
  readonly sampleRate: number;
  /** Rendered after the music's end, seconds. */
  readonly tailS: number;
  /** From the notes with this onset on, the recordings sound; null: the synthesised tone does to the end. */
  readonly grandFromMs: number | null;
};

/** A hand that draws the paper: where it lies under the playhead, and when the page is told, milliseconds. */
export type Drawing = {
  readonly music: Music;
  readonly sampleRate: number;
  readonly moves: readonly { readonly atMs: number; readonly ms: number }[];
  readonly seconds: number;
};

/** Somebody who waits for the music: from where to where, milliseconds from T0, and what they have set. */
export type Waiting = {
  readonly joinsMs: number;
  readonly untilMs: number;
  readonly sampleRate: number;
  /** 0 to 1. */
  readonly volume: number;
  readonly muted: boolean;
  /** From here on the operator has called it off; infinity: they do not. */
  readonly stoppedMs: number;
};

/** The music begins so long after the rendering does, seconds: a recording starts before its attack. */
export const LEAD_S = 0.25;
