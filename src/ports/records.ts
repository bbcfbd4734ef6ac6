/** What is stored for good: how a performance was made, and what became of a broadcast. Instants are epoch milliseconds. */

/** How a performance was made; stored beside its MIDI. */
export type PerformanceRecord = {
  readonly schema: 1;
  /** `YYYY-MM-DD` in the station's zone. */
  readonly id: string;
  readonly title: string;
  readonly composedAt: number;
  readonly seed: number;
  readonly durationMs: number;
  readonly notes: number;
  readonly modelSha256: string;
  readonly midiSha256: string;
  /** Everything else that decides the bytes: token budget, sampling, length asked for. */
  readonly settings: Readonly<Record<string, number | string | boolean | null>>;
  readonly tokens: number;
  readonly movements: readonly {
    readonly startMs: number;
    readonly title: string;
    /** What it is played from; days of before 2026-11-28 have none. */
    readonly score?: RecordedScore;
    /** Its form: where each part of it begins. */
    readonly sections?: readonly {
      readonly name: string;
      readonly startMs: number;
      /** Longest run of intervals that is known from the training; null where nobody looked. */
      readonly knownRun?: number | null;
    }[];
  }[];
};
/** A movement as it is printed, and how it is played; see music/score/recorded.ts. */
export type RecordedScore = {
  /** Of the time signature; it holds throughout. */
  readonly beats: number;
  readonly unit: number;
  readonly bars: number;
  /** Of the key: the tonic's pitch class, 0 is C. */
  readonly tonic: number;
  readonly major: boolean;
  readonly quartersPerMinute: number;
  /** Onset and length in twenty-fourths of a quarter from the start, MIDI key number, and 0 right, 1 left, 2 voice. */
  readonly notes: readonly (readonly [onset: number, length: number, pitch: number, part: number])[];
  /** When each bar begins, and the last one ends; milliseconds from the start of the performance. */
  readonly barsMs: readonly number[];
};
export type StoredPerformance = { readonly record: PerformanceRecord; readonly midi: Uint8Array };

/** What is kept of a broadcast that is over. */
export type BroadcastRecord = {
  readonly schema: 1;
  readonly id: string;
  /** T0, epoch milliseconds. */
  readonly startsAt: number;
  readonly state: 'ended' | 'stopped' | 'cancelled';
  /** What was played; null on a silent day. */
  readonly performance: string | null;
  readonly encore: boolean;
  readonly durationMs: number | null;
  /** How many broadcasters it took. */
  readonly epoch: number;
  /** From T0 to the first instant at which it was live; null where it never was. */
  readonly startLatenessMs: number | null;
  /** The most listeners at once from T0 on; null where it never was live, absent where nobody counted yet. */
  readonly heard?: number | null;
  readonly endedAt: number;
  /** sha256 over notes and pedal of each chunk that went out, by number; see broadcast/hash.ts. */
  readonly chunkSha256: readonly string[];
  /** sha256 over all of them. */
  readonly sha256: string;
};
