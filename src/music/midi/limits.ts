/**
 * What we take of a MIDI file from outside, why one is refused, and what is repaired. docs/midi.md has the same tables;
 * a test holds it to these.
 */

export const MAX_BYTES = 1_000_000;
/** Events of any kind in all tracks. */
export const MAX_EVENTS = 100_000;
export const MAX_TEMPOS = 10_000;
/** From the start to the last release or pedal movement. */
export const MAX_SECONDS = 2 * 60 * 60;
/** Names and other texts longer than this are cut. */
export const MAX_TEXT_BYTES = 120;
export const SLOWEST_BPM = 5;
export const FASTEST_BPM = 1000;
/** Channel 10, counted from 0: its keys are drums. */
export const PERCUSSION_CHANNEL = 9;

/** Why a file is refused: a code for programs. The sentence that goes with it says what was found. */
export const REASONS = [
  'empty',
  'too_large',
  'not_midi',
  'header',
  'format_unknown',
  'several_songs',
  'smpte_time',
  'no_time',
  'no_tracks',
  'track_length',
  'running_status',
  'quantity',
  'status',
  'tempo_length',
  'too_many_events',
  'too_many_tempos',
  'no_notes',
  'too_long',
] as const;
export type Reason = (typeof REASONS)[number];

/** The bytes cannot be used; `at` is the offset of what was wrong. */
export type Refusal = {
  readonly verdict: 'refused';
  readonly reason: Reason;
  readonly problem: string;
  readonly at: number;
};

/** What is repaired, and how. */
export const REPAIRS = {
  wrapper: 'an RMID or MacBinary wrapper was taken off',
  format: 'several tracks were read though the format is 0, or one track though it is 2',
  track_count: 'the tracks that are there were read, whatever number the header declares',
  alien_chunk: 'chunks that are no tracks were skipped',
  bytes_between: 'bytes between tracks that belong to neither were skipped',
  trailing_bytes: 'bytes after the last track were ignored',
  track_cut: 'tracks that end before they say were read up to the cut',
  end_missing: 'tracks without an end-of-track event were ended',
  after_end: 'what a track has after its end was ignored',
  signature: 'time and key signatures of a wrong length or value were left out',
  data_byte: 'data bytes over 127 were taken for 127',
  tempo: `tempi were brought into ${SLOWEST_BPM} to ${FASTEST_BPM} bpm`,
  real_time: 'real-time bytes, which have no place in a file, were skipped',
  stray_off: 'releases that end nothing were dropped',
  unclosed: 'notes without a release were ended at the next strike of their key, or with their track',
  overlap: 'strikes of a key that was held: the first release was given to the first strike',
} as const;
export type RepairCode = keyof typeof REPAIRS;

export type Repair = {
  readonly code: RepairCode;
  readonly count: number;
  /** Offset of the first of them in the file. */
  readonly at: number;
  readonly text: string;
};

/** What is known of a file by its size alone. @returns null where it may be read */
export const refusedBySize = (bytes: number): Refusal | null =>
  bytes > MAX_BYTES
    ? {
        verdict: 'refused',
        reason: 'too_large',
        problem: `the file has ${bytes} bytes; the most we take is ${MAX_BYTES}`,
        at: MAX_BYTES,
      }
    : null;

/** Thrown by the walk's own parts, and caught where it begins: a refusal. */
export class Unusable extends Error {
  readonly refusal: Refusal;
  constructor(reason: Reason, problem: string, at: number) {
    super(problem);
    this.refusal = { verdict: 'refused', reason, problem, at };
  }
}

/** Counts repairs by their code. */
export function repairLog(): { note(code: RepairCode, at: number): void; list(): Repair[] } {
  const counts = new Map<RepairCode, { count: number; at: number }>();
  return {
    note(code, at) {
      const known = counts.get(code);
      if (known) known.count++;
      else counts.set(code, { count: 1, at });
    },
    list: () =>
      [...counts].map(([code, { count, at }]) => ({ code, count, at, text: `${REPAIRS[code]} (${count})` })),
  };
}
export type RepairLog = ReturnType<typeof repairLog>;
