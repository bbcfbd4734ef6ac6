import type { Note } from '../note.ts';
import type { Controls } from '../tokens/vocabulary.ts';

/** What a network is asked for: the continuation of music, as plain data that can be handed to another thread. */
export type SectionRequest = {
  /** What is asked of the network from each instant on, in order, on the clock of `before`; the first from the start. */
  readonly course: readonly { readonly fromMs: number; readonly controls: Controls }[];
  readonly notesPerSecond: number;
  /** What was played before, in order of onset; the section goes on from its last onset. */
  readonly before: readonly Note[];
  /** Tokens of other music, heard before all this but no part of it. */
  readonly heard?: readonly number[];
  /** An earlier passage that the network is reminded of, once it has forgotten it. */
  readonly motif?: readonly Note[];
  /** Whether a pause comes first. */
  readonly breath: boolean;
  /** Sampling stops at the first onset from here on; milliseconds, on the clock of `before`. */
  readonly untilMs: number;
  /** Where the section will be cut, at a rest near there; candidates that have one are preferred. */
  readonly cutMs?: number;
  /** When the piece should end: the network is told how much is left. */
  readonly endsAtMs: number;
  /** The model may end by itself from here on; null: not at all. */
  readonly mayEndFromMs: number | null;
};

/** A passage that begins with nothing, in one character throughout. @param endsAtMs of the piece that it may be a part of */
export const passage = (
  controls: Controls,
  notesPerSecond: number,
  untilMs: number,
  endsAtMs = untilMs,
): SectionRequest => ({
  course: [{ fromMs: 0, controls }],
  notesPerSecond,
  before: [],
  breath: false,
  untilMs,
  endsAtMs,
  mayEndFromMs: null,
});

/** What it answered. */
export type Sampled = {
  /** Without those of `before`. */
  readonly notes: readonly Note[];
  readonly tokens: number;
  /** The model said that this is the end. */
  readonly ended: boolean;
  /** How improbable each note was to the network: −ln p of its three tokens, before anything was bent; nats. */
  readonly nats: readonly number[];
};
