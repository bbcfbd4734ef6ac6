/** What the public archive knows of each day: `index.json`, from which its pages, feed and strips are made. */

/** Grows when the pages of days change: those made by an older edition are made again. */
export const EDITION = 3;

/** A published day. */
export type IndexEntry = {
  /** `YYYY-MM-DD` in the station's zone. */
  readonly id: string;
  readonly title: string;
  readonly durationMs: number;
  readonly notes: number;
  /** Its strip of the textile; see music/weave.ts. */
  readonly weave: string;
  /**
   * The most listeners that were there at once, from T0 to the end, on its own day (an encore's do not count); null
   * where nobody counted.
   */
  readonly heard: number | null;
  /** An estimate in US dollars; 0 on a computer of one's own, null where nobody knows. */
  readonly costUsd: number | null;
  /** Date of the list prices that it was estimated by; null where it was not. */
  readonly pricesDate: string | null;
  readonly midiBytes: number;
  /** T0 of its first broadcast, epoch ms; null where nobody noted it. */
  readonly playedAt: number | null;
  /** By which its pages were made. */
  readonly edition: number;
  /** That listeners have punched into its margin. */
  readonly holes: number;
  /** Of its MP3, and how long that sounds, milliseconds; 0 as long as there is none. */
  readonly soundBytes: number;
  readonly soundMs: number;
};
/** Newest first. */
export type ArchiveIndex = { readonly schema: 1; readonly performances: readonly IndexEntry[] };

/** What entries of the first version lack. */
const UNKNOWN = {
  weave: '',
  heard: null,
  costUsd: null,
  pricesDate: null,
  midiBytes: 0,
  playedAt: null,
  edition: 0,
  holes: 0,
  soundBytes: 0,
  soundMs: 0,
};

/** The fields in the order in which they were written: an index that is read and written is the same. */
const completed = (entry: IndexEntry): IndexEntry => ({
  ...entry,
  ...Object.fromEntries(Object.entries(UNKNOWN).filter(([name]) => !(name in entry))),
});

/** @throws Error for bytes that are no index of a version that we read */
export function parseIndex(text: string): ArchiveIndex {
  const { schema, performances } = JSON.parse(text) as ArchiveIndex;
  if (schema !== 1 || !Array.isArray(performances)) {
    throw new Error(`index.json is no archive's index of schema 1, but of ${schema}`);
  }
  return { schema, performances: performances.map(completed) };
}

export const indexText = (index: ArchiveIndex): string => `${JSON.stringify(index)}\n`;

/** The index with these entries in place of those of their dates. */
export function withEntries(index: ArchiveIndex, entries: readonly IndexEntry[]): ArchiveIndex {
  const changed = new Set(entries.map(({ id }) => id));
  const performances = [...index.performances.filter(({ id }) => !changed.has(id)), ...entries];
  return { schema: 1, performances: performances.sort((a, b) => (a.id < b.id ? 1 : -1)) };
}
