import { readMidiFile } from '../music/midi/file.ts';
import type { Music } from '../music/note.ts';
import { weaveOf } from '../music/weave.ts';
import type { Engraver, PerformanceRecord, Performances, Site } from '../ports.ts';
import { dateText, minutesText, ownTitle } from '../words.ts';
import { rollPng } from './pictures/roll.ts';
import { sharePicture } from './pictures/share.ts';
import { PRICES_DATE } from './prices.ts';
import { pagesOfSheet, writeSheet } from './sheet.ts';
import { dayPage } from './site/day-page.ts';
import { type ArchiveIndex, EDITION, type IndexEntry } from './site/index-json.ts';
import { MODEL_LICENCE, MUSIC_LICENCE } from './site/licences.ts';

export type PublishPorts = {
  readonly performances: Performances;
  readonly site: Site;
  /** Where the site is, without a slash at its end; '' where nobody knows, for links that must be absolute. */
  readonly siteUrl?: string;
  /** Makes pages of the sheet of music; where there is none, there are none. */
  readonly engraver?: Engraver;
  /** What an evening cost, US dollars; where not given, nothing. */
  readonly costOf?: (listeners: number, durationMs: number) => number;
};

/** A broadcast of a performance, as far as its day is to tell of it. */
export type Playing = { readonly heard: number | null; readonly playedAt: number | null };
export const UNKNOWN_PLAYING: Playing = { heard: null, playedAt: null };

/** A performance as it is published. */
export type Day = { readonly record: PerformanceRecord; readonly midi: Uint8Array; readonly music: Music };

/** null: there is none. @throws Error for one that cannot be read */
export async function readDay(performances: Performances, id: string): Promise<Day | null> {
  const stored = await performances.get(id);
  if (!stored) return null;
  const read = readMidiFile(stored.midi);
  if ('problem' in read)
    throw new Error(`the MIDI of ${id} cannot be read: ${read.problem}, byte ${read.at}`);
  return { ...stored, music: read.music };
}

/**
 * A day's line in the index.
 * @param before its line so far: what it tells of listeners stays, unless there were more
 * @param heard the most listeners at once; null where nobody counted
 * @param playedAt when that was, epoch ms; the first time stays
 */
export function entryOf(
  { record, midi, music }: Day,
  before: IndexEntry | null,
  { heard, playedAt }: Playing,
  { costOf = () => 0 }: PublishPorts,
): IndexEntry {
  const { id, title, durationMs, notes } = record;
  const known = before?.heard ?? null;
  // A day that is played twice was heard by the greater crowd.
  const most = known === null || (heard ?? -1) > known ? heard : known;
  const cost =
    before && most === known
      ? { costUsd: before.costUsd, pricesDate: before.pricesDate }
      : costOfDay(most, durationMs, costOf);
  return {
    id,
    title,
    durationMs,
    notes,
    weave: weaveOf(music),
    heard: most,
    ...cost,
    midiBytes: midi.length,
    playedAt: before?.playedAt ?? playedAt,
    edition: EDITION,
    holes: before?.holes ?? 0,
    soundBytes: before?.soundBytes ?? 0,
    soundMs: before?.soundMs ?? 0,
  };
}

function costOfDay(
  heard: number | null,
  durationMs: number,
  costOf: NonNullable<PublishPorts['costOf']>,
): Pick<IndexEntry, 'costUsd' | 'pricesDate'> {
  const costUsd = heard === null ? null : costOf(heard, durationMs);
  return { costUsd, pricesDate: costUsd ? PRICES_DATE : null };
}

/** Everything under a day's name. */
export async function writeDay(
  day: Day,
  entry: IndexEntry,
  index: ArchiveIndex,
  ports: PublishPorts,
): Promise<void> {
  const { site } = ports;
  const { id, heard, costUsd, pricesDate, durationMs } = entry;
  const licences = { music: MUSIC_LICENCE.spdx, model: MODEL_LICENCE.spdx };
  const record = { ...day.record, heard, costUsd, pricesDate, licences };
  const title = ownTitle(entry);
  const line = title ? `${dateText(id)} - Pianola` : `Pianola - ${minutesText(durationMs)}`;
  await site.put(`${id}/performance.mid`, day.midi);
  await site.put(`${id}/record.json`, `${JSON.stringify(record, null, 2)}\n`);
  await writeSheet(day.record, day.music, site, ports.engraver);
  await site.put(`${id}/roll.png`, rollPng(day.music, entry.holes).png);
  await site.put(`${id}/share.png`, sharePicture(day.music, title || dateText(id), line));
  await writePage(day, entry, index, ports);
}

/** What shows a day's margin: its picture and its page. */
export async function writeMargin(
  day: Day,
  entry: IndexEntry,
  index: ArchiveIndex,
  ports: PublishPorts,
): Promise<void> {
  await ports.site.put(`${entry.id}/roll.png`, rollPng(day.music, entry.holes).png);
  await writePage(day, entry, index, ports);
}

/** A day's page alone: it names the days beside it. */
export async function writePage(
  { record, music }: Day,
  entry: IndexEntry,
  index: ArchiveIndex,
  { site, siteUrl = '' }: PublishPorts,
): Promise<void> {
  const [previous, next] = neighbours(index, entry.id);
  const sheetPages = await pagesOfSheet(entry.id, site);
  const page = { entry, record, music, previous, next, siteUrl, sheetPages };
  await site.put(`${entry.id}/index.html`, dayPage(page));
}

/** The published days right before and after one. */
export function neighbours(
  { performances }: ArchiveIndex,
  id: string,
): readonly [previous: IndexEntry | null, next: IndexEntry | null] {
  const previous = performances.find((entry) => entry.id < id);
  const next = performances.findLast((entry) => entry.id > id);
  return [previous ?? null, next ?? null];
}
