/** The broadcaster's side of chunks that are fetched: when a crowd is too large to be posted to, and that files are there in time. */
import { messageOf } from '../../errors.ts';
import { CHUNK_MS, type Timeline } from '../../music/timeline.ts';
import type { Broadcast, BroadcastChange, Clock, LiveFiles, Log } from '../../ports.ts';
import type { Chunk } from '../../wire.ts';
import type { Audience } from '../audience.ts';
import { chunkFrames, dueMs, dueSeq, seqAt } from '../frames.ts';
import type { BroadcastHash } from '../hash.ts';
import { FILE_CHUNKS, fileFrom, fileOf, folderOf, isFetched } from './fetched.ts';

/** What a broadcaster needs to have chunks fetched. */
export type SitePorts = {
  readonly files: LiveFiles;
  /** With more listeners than this chunks are fetched; with fewer than half of it they are posted again. */
  readonly above: number;
};

/**
 * What part of a minute may be spent on giving each listener a frame; a minute of music is what four chunks in a frame are. The rest
 * is for joins, pings and what is late: so that whoever is told last still has a minute in hand.
 */
const MINUTE_S = 60;
const BUSY_AT_MOST = 0.6;
/** Listeners above whom a station of such a rate has chunks fetched, where its operator has not said. */
export const crowdOf = (postsPerSecond: number): number =>
  Math.round(MINUTE_S * BUSY_AT_MOST * postsPerSecond);

/** Below this part of the threshold posting begins again: a crowd that comes and goes about it is told once. */
const BACK_BELOW = 0.5;
/** A file is written so long before anybody asks for it. */
const AHEAD_MS = 20_000;
/** Those who are told of a change are told before the first file is due by this at least. */
const NOTICE_MS = 5_000;
/** A file that is not there so long after it was due: what is written next is posted again. Pages hold a minute more than this. */
const LATE_MS = 20_000;
/** Writes are tried again after this. */
const AGAIN_MS = 2_000;
/** How often listeners are counted where nobody else counts them. */
const COUNT_MS = 5_000;
/** Who is told of files that are due already waits for their writing, but not longer than this. */
const PATIENCE_MS = 3_000;

/**
 * The frames of a file. `epoch` and `here` are 0: whoever writes it, and before however many, the bytes are the same. A chunk that
 * holds nothing but a pedal's last move, at the very end, is in the file of the one before: nobody asks for it.
 */
export function fileFrames(music: Timeline, seq: number, broadcast: string): readonly string[] {
  const last = seq + FILE_CHUNKS - 1;
  const heardTo = Math.ceil(music.music.durationMs / CHUNK_MS) - 1;
  const to = last >= heardTo ? music.chunks - 1 : last;
  return chunkFrames(music, seq, to, { broadcast, epoch: 0, here: 0 });
}

export type SiteChunks = {
  /** Counts listeners, where nobody else does it. */
  count(): Promise<void>;
  /** What is to be changed of the row: chunks are to be fetched from one on, or to be posted again. Empty: nothing. */
  decide(row: Broadcast, music: Timeline): BroadcastChange;
  /** Has files written that will be asked for soon; waits for none of them. */
  write(row: Broadcast, music: Timeline): void;
  /** Everything that is left. true: all of it is there, for the first time; false: it was before, or cannot be written. */
  writeRest(row: Broadcast, music: Timeline): Promise<boolean>;
  /** Waits a moment for what is being written. */
  settle(): Promise<void>;
};

type World = SitePorts & {
  readonly audience: Audience;
  readonly hash: BroadcastHash;
  readonly clock: Clock;
  readonly log: Log;
  /** Where nobody else counts. */
  readonly counted: (() => Promise<number>) | null;
};

export function siteChunks({ files, above, audience: ours, hash, clock, log, counted }: World): SiteChunks {
  /** What is in files that are there, until it is booked. */
  const written = new Map<number, readonly string[]>();
  const writing = new Map<number, Promise<void>>();
  const tries = new Map<number, { readonly firstAt: number; readonly againAt: number }>();
  let countAt = Number.NEGATIVE_INFINITY;
  /** The site has failed us: all is posted until another broadcaster tries. */
  let failed = false;
  let complete = false;

  const put = async (row: Broadcast, music: Timeline, seq: number): Promise<void> => {
    const frames = fileFrames(music, seq, row.id);
    try {
      await files.put(`${folderOf(row)}${seq}.json`, `[${frames.join(',\n')}]\n`);
      written.set(seq, frames);
    } catch (error) {
      log('file.failed', { broadcast: row.id, seq, reason: messageOf(error) });
    }
  };
  const writeOne = (row: Broadcast, music: Timeline, seq: number): void => {
    const now = clock.now();
    const { firstAt, againAt } = tries.get(seq) ?? { firstAt: now, againAt: now };
    if (written.has(seq) || writing.has(seq) || now < againAt) return;
    tries.set(seq, { firstAt, againAt: now + AGAIN_MS });
    writing.set(
      seq,
      put(row, music, seq).finally(() => writing.delete(seq)),
    );
  };
  /** Files from the one that plays on, to the last that is due within `aheadMs`. */
  const dueFiles = (row: Broadcast, music: Timeline, aheadMs: number): number[] => {
    const position = clock.now() - row.startsAt;
    const first = Math.max(fileOf(seqAt(position)), row.fetchedFrom ?? 0);
    const end = Math.min(music.chunks, row.fetchedUntil ?? Number.POSITIVE_INFINITY);
    const due: number[] = [];
    for (let seq = first; seq < end && dueMs(seq) - aheadMs <= position; seq += FILE_CHUNKS) due.push(seq);
    return due;
  };
  const settle = async (): Promise<void> => {
    if (writing.size === 0) return;
    const enough = new AbortController();
    const patience = clock.sleepUntil(clock.now() + PATIENCE_MS, enough.signal).catch(() => {});
    await Promise.race([Promise.all(writing.values()), patience]);
    enough.abort();
  };

  /** The first file that is to be fetched. */
  const begin = (row: Broadcast, music: Timeline): number => {
    const position = clock.now() - row.startsAt;
    // Before anything was posted, what is due already is fetched as well.
    if (ours.posted() < 0 && position < 0) return 0;
    let seq = fileFrom(dueSeq(music, position) + 1);
    while (dueMs(seq) < position + NOTICE_MS) seq += FILE_CHUNKS;
    return seq;
  };
  /** The first that is not, of which no file was begun. */
  const end = (row: Broadcast): number => {
    const position = clock.now() - row.startsAt;
    let seq = fileFrom(row.fetchedFrom!);
    while (dueMs(seq) - AHEAD_MS <= position) seq += FILE_CHUNKS;
    return seq;
  };
  /** A file that ought to be there by now, and was tried for long enough. */
  const overdue = (row: Broadcast, music: Timeline): number | undefined =>
    dueFiles(row, music, -LATE_MS).find(
      (seq) => !written.has(seq) && clock.now() - (tries.get(seq)?.firstAt ?? clock.now()) >= LATE_MS,
    );
  /** What may have been fetched by now was sent. */
  const book = (seqs: readonly number[]): void => {
    for (const seq of seqs) {
      for (const frame of written.get(seq) ?? []) hash.sent(JSON.parse(frame) as Chunk);
      if (written.has(seq)) written.set(seq, []);
    }
  };

  return {
    async count() {
      const now = clock.now();
      if (!counted || now < countAt) return;
      countAt = now + COUNT_MS;
      ours.counted(await counted());
    },
    decide(row, music) {
      const here = ours.here();
      if (!isFetched(row)) {
        if (failed || here <= above) return {};
        const from = begin(row, music);
        if (from >= music.chunks) return {};
        log('chunks.fetched', { broadcast: row.id, from, listeners: here });
        return { fetchedFrom: from, fetchedUntil: null };
      }
      const lost = overdue(row, music);
      failed ||= lost !== undefined;
      if (lost === undefined && here >= above * BACK_BELOW) return {};
      const until = lost ?? end(row);
      if (until >= music.chunks) return {};
      log('chunks.posted', { broadcast: row.id, from: until, listeners: here });
      return { fetchedUntil: until };
    },
    write(row, music) {
      if (row.fetchedFrom === null) return;
      for (const seq of dueFiles(row, music, AHEAD_MS)) writeOne(row, music, seq);
      book(dueFiles(row, music, 0));
    },
    async writeRest(row, music) {
      const rest = dueFiles(row, music, Number.POSITIVE_INFINITY);
      for (const seq of rest) writeOne(row, music, seq);
      await settle();
      book(rest);
      const whole = !complete && rest.every((seq) => written.has(seq));
      complete ||= whole;
      return whole;
    },
    settle,
  };
}
