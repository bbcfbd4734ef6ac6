/** Which of what was gone on from is the best: the one that keeps most of what it was given. */
import { type MidiMusic, readMidiFile } from '../music/midi/file.ts';
import type { Note } from '../music/note.ts';
import type { Blobs, StoredPerformance } from '../ports.ts';
import type { ContinuationRecord } from './answer.ts';

/** Fewer notes, given or added, tell nothing. */
const FEWEST = 16;
/** A held note tells no more of the pitch classes than one of so many milliseconds. */
const LONGEST_MS = 2_000;
/** What stands before a continuation is told by its last so many milliseconds. */
const LAST_MS = 60_000;

/** `profile`: correlation of the lengths of the twelve pitch classes, −1 to 1. `octavesOfDensity`: how far apart notes a second are, 0 or more. */
export type Kept = { readonly profile: number; readonly octavesOfDensity: number };

/** @param before at least two notes, as `after`; each in order of onset */
export function kept(before: readonly Note[], after: readonly Note[]): Kept {
  return {
    profile: correlation(profileOf(before), profileOf(after)),
    octavesOfDensity: Math.abs(Math.log2(densityOf(after) / densityOf(before))),
  };
}

export type Found = {
  readonly record: ContinuationRecord;
  readonly midi: Uint8Array;
  /** Epoch milliseconds. */
  readonly writtenAt: number;
  readonly kept: Kept;
};

/** Of the answers in `continuations/` that were written from an instant on; null: none is long enough to tell. */
export async function best(place: Blobs, fromMs: number): Promise<Found | null> {
  let found: Found | null = null;
  for (const { name, writtenAt } of await place.names('continuations/')) {
    if (!name.endsWith('/record.json') || writtenAt < fromMs) continue;
    const read = await answerAt(place, name, writtenAt);
    if (read && (!found || worth(read.kept) > worth(found.kept))) found = read;
  }
  return found;
}

/** Half as dense, or twice, is as bad as having half of the pitch classes in common. */
const worth = ({ profile, octavesOfDensity }: Kept): number => profile - octavesOfDensity / 2;

async function answerAt(place: Blobs, name: string, writtenAt: number): Promise<Found | null> {
  const [text, midi] = [
    await place.read(name),
    await place.read(name.replace(/record\.json$/, 'continued.mid')),
  ];
  const file = midi && readMidiFile(midi);
  if (!text || !midi || !file || 'problem' in file) return null;
  const record: ContinuationRecord = JSON.parse(new TextDecoder().decode(text));
  const [before, after] = partsOf(file, record.continuedFromMs);
  if (before.length < FEWEST || after.length < FEWEST) return null;
  return { record, midi, writtenAt, kept: kept(before, after) };
}

function partsOf(
  { music: { notes } }: MidiMusic,
  fromMs: number,
): readonly [readonly Note[], readonly Note[]] {
  const before = notes.filter(({ onsetMs }) => onsetMs < fromMs && onsetMs >= fromMs - LAST_MS);
  return [before, notes.filter(({ onsetMs }) => onsetMs >= fromMs)];
}

/** A performance of it that can be broadcast. @param id of an extra, `2026-11-21-extra` */
export const extraOf = ({ record, midi, writtenAt }: Found, id: string): StoredPerformance => ({
  midi,
  record: {
    schema: 1,
    id,
    title: `${record.title}, continued`,
    composedAt: writtenAt,
    seed: record.seed,
    durationMs: record.durationMs,
    notes: record.notes,
    modelSha256: record.modelSha256,
    midiSha256: record.midiSha256,
    settings: { continued: record.name, minutes: record.minutes, candidates: record.candidates },
    tokens: record.tokens,
    movements: [
      { startMs: 0, title: record.title },
      { startMs: record.continuedFromMs, title: record.movement },
    ],
  },
});

const profileOf = (notes: readonly Note[]): number[] => {
  const heard = new Array<number>(12).fill(0);
  for (const { pitch, durationMs } of notes) heard[pitch % 12]! += Math.min(durationMs, LONGEST_MS);
  return heard;
};
const densityOf = (notes: readonly Note[]): number =>
  (notes.length - 1) / (Math.max(1, notes.at(-1)!.onsetMs - notes[0]!.onsetMs) / 1000);

function correlation(a: readonly number[], b: readonly number[]): number {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [ma, mb] = [mean(a), mean(b)];
  const product = (x: readonly number[], mx: number, y: readonly number[], my: number) =>
    x.reduce((sum, value, i) => sum + (value - mx) * (y[i]! - my), 0);
  const own = Math.sqrt(product(a, ma, a, ma) * product(b, mb, b, mb));
  return own === 0 ? 0 : product(a, ma, b, mb) / own;
}
