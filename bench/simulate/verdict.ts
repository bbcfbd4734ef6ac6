/** What must hold of an evening, whatever befell it. */

import { verify } from '../../src/broadcast/verify.ts';
import { readMidiFile } from '../../src/music/midi/file.ts';
import type { Music, Note } from '../../src/music/note.ts';
import { timeline } from '../../src/music/timeline.ts';
import type { Broadcast } from '../../src/ports.ts';
import { LOOK_AHEAD_MS } from '../../web/score/scheduler.ts';
import type { Ears } from './ears.ts';
import type { Evening } from './world.ts';

export type Befallen = {
  readonly name: string;
  readonly at: number;
  readonly until: number;
  readonly losesFrames: boolean;
};

/** A look of the scheduler's, and the ticks around it. */
const SOON_MS = LOOK_AHEAD_MS + 1_500;
/** After the last fault, so soon a page hears: its longest wait between two questions is 80 s. */
const RECOVERED_MS = 90_000;
/** A stop that nothing held up is told so soon; one whose teller died, by its successor. */
const STOP_TOLD_MS = 5_000;

export async function verdict(evening: Evening, befallen: readonly Befallen[]): Promise<readonly string[]> {
  const { station, ears, complaints, clock } = evening;
  const id = evening.id();
  const row = id === null ? null : await station.broadcasts().get(id);
  if (!row) return [...complaints, 'there is no broadcast'];
  const music = row.performance === null ? null : await musicOf(evening, row.performance);
  // Stopped before it was known what would be played.
  if (!music && row.state === 'stopped') return complaints;
  if (!music) return [...complaints, `nothing was played: ${row.state}`];
  const all = [...complaints, ...(await booked(evening, row, music))];
  for (const one of ears)
    all.push(...heard(one, evening, row, music, befallen).map((what) => `${one.name} ${what}`));
  if (clock.now() < row.startsAt) all.push('it was not played to its end');
  return all;
}

async function musicOf({ station }: Evening, performance: string): Promise<Music | null> {
  const stored = await station.performances.get(performance);
  const read = stored && readMidiFile(stored.midi);
  return read && 'music' in read ? read.music : null;
}

/** It is over, and there is one record of it, which says what was sent. */
async function booked({ station }: Evening, row: Broadcast, music: Music): Promise<string[]> {
  if (row.state !== 'ended' && row.state !== 'stopped') return [`the broadcast is left ${row.state}`];
  const [record, ...others] = await station.records().list();
  if (!record || others.length > 0) return [`${others.length + (record ? 1 : 0)} records`];
  if (record.id !== row.id || record.state !== row.state)
    return [`the record says ${record.id} ${record.state}`];
  const verified = verify(record, timeline(music));
  return verified.equal ? [] : [`the record differs from the music at chunk ${verified.seq}`];
}

function heard(
  one: Ears,
  evening: Evening,
  row: Broadcast,
  music: Music,
  befallen: readonly Befallen[],
): string[] {
  const all = [...one.faults];
  const struck = new Map<string, number>();
  for (const stroke of one.strokes) {
    const key = keyOf(stroke.note);
    struck.set(key, (struck.get(key) ?? 0) + 1);
    const off = stroke.atMs - stroke.note.onsetMs;
    if (Math.abs(off) > stroke.toleranceMs) all.push(`${key} was placed ${Math.round(off)} ms off`);
    if (one.stopToldAt !== null && stroke.sentAt > one.stopToldAt)
      all.push(`${key} was struck after the stop`);
  }
  for (const [key, times] of struck) if (times > 1) all.push(`${key} was struck ${times} times`);
  const known = new Set(music.notes.map(keyOf));
  for (const key of struck.keys()) if (!known.has(key)) all.push(`${key} is no note of it`);
  const calmFrom = Math.max(one.comesAt, row.startsAt - 60_000, ...befallen.map(({ until }) => until));
  const endsAt = row.startsAt + music.durationMs;
  const stoppedAt =
    row.state === 'stopped'
      ? (evening.stoppedAt ?? row.startsAt + evening.limitMinutes * 60_000)
      : Number.POSITIVE_INFINITY;
  const until = Math.min(endsAt, stoppedAt, one.leftAt);
  const isAwake = (from: number, to: number) =>
    !one.sleeps.some((sleep) => sleep.from < to && sleep.to > from);
  if (one.servedAt === null && calmFrom + RECOVERED_MS < until && isAwake(calmFrom, until))
    all.push('is connected and deaf');
  if (one.servedAt !== null) {
    for (const note of due(music, one, row, until))
      if (!struck.has(keyOf(note))) all.push(`${keyOf(note)} was not struck`);
    for (const note of held(music, one, row, until))
      if (!struck.has(keyOf(note))) all.push(`${keyOf(note)} was held, and not struck`);
  }
  const undisturbed = befallen.every(({ name }) => name.includes('stops the broadcast'));
  const told = one.stopToldAt ?? Number.POSITIVE_INFINITY;
  const isConcerned =
    undisturbed && one.servedAt !== null && stoppedAt < one.leftAt && row.state === 'stopped';
  if (isConcerned && told > stoppedAt + STOP_TOLD_MS) all.push('was not told of the stop');
  return all;

  /** Notes that begin while it is there and awake. */
  function due({ notes }: Music, { servedAt }: Ears, { startsAt }: Broadcast, last: number): readonly Note[] {
    return notes.filter(({ onsetMs }) => {
      const at = startsAt + onsetMs;
      return at > (servedAt ?? 0) + SOON_MS && at < last - SOON_MS && isAwake(at - SOON_MS, at + SOON_MS);
    });
  }
  /** Notes that a key holds as it comes, long enough to be heard. */
  function held(
    { notes }: Music,
    { servedAt }: Ears,
    { startsAt }: Broadcast,
    last: number,
  ): readonly Note[] {
    return notes.filter(({ onsetMs, durationMs }) => {
      const [from, to] = [startsAt + onsetMs, startsAt + onsetMs + durationMs];
      const at = servedAt ?? 0;
      return from < at && to > at + SOON_MS && at + SOON_MS < last && isAwake(at - SOON_MS, at + SOON_MS);
    });
  }
}

const keyOf = ({ onsetMs, pitch }: Note): string => `note ${pitch} at ${onsetMs}`;
