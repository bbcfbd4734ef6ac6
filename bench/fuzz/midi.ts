/** MIDI files from outside: the walk and both readers, on files that no program should have written. */
import { musicOf, readMidiFile } from '../../src/music/midi/file.ts';
import { writeLanes } from '../../src/music/midi/lanes.ts';
import { MAX_SECONDS, MAX_TEXT_BYTES, REASONS, type Refusal } from '../../src/music/midi/limits.ts';
import type { Reading } from '../../src/music/midi/reading.ts';
import { stavesOf } from '../../src/music/midi/staves.ts';
import { readSmf } from '../../src/music/midi/walk.ts';
import { seededRandom } from '../../src/music/random.ts';
import { layOut } from '../../src/music/score/lay-out.ts';
import { anyFile, mutate } from './midi-files.ts';
import type { Target } from './run.ts';

/** Files that are changed before new ones are made up, and how often a piece is written and read back. */
const CHANGES_A_FILE = 20;
const WRITTEN_EACH = 64;
const MOST_WRITTEN = 60;

export function newTarget(seed: number): Target {
  let made = -1;
  let file: number[] = [];
  return {
    try(index) {
      const family = Math.floor(index / CHANGES_A_FILE);
      if (family !== made) {
        file = anyFile(seededRandom(seed * 2 ** 32 + 2 * family));
        made = family;
      }
      const random = seededRandom(seed * 2 ** 32 + 2 * index + 1);
      const nth = index % CHANGES_A_FILE;
      return check(mutate(random, file, nth), index % WRITTEN_EACH === 0);
    },
  };
}

/** @returns the verdict, and the reason of a refusal */
function check(bytes: Uint8Array, write: boolean): string {
  const reading = readSmf(bytes);
  if ('problem' in reading) return checkRefusal(reading, bytes.length);
  checkReading(reading);
  checkMusic(reading, write);
  checkStaves(reading);
  return reading.verdict;
}

function holds(condition: boolean, what: string): void {
  if (!condition) throw new Error(what);
}
const isWhole = (value: number, least: number, most = Number.MAX_SAFE_INTEGER): boolean =>
  Number.isSafeInteger(value) && value >= least && value <= most;

function checkRefusal({ reason, problem, at, verdict }: Refusal, length: number): string {
  holds(REASONS.includes(reason), `the reason ${reason} is documented`);
  holds(isWhole(at, 0, Math.max(length, 14)), `byte ${at} is in a file of ${length}`);
  holds(!/NaN|undefined|Infinity/.test(problem), problem);
  return `${verdict}: ${reason}`;
}

function checkReading({ ppq, tempos, timeSignatures, tracks, title, repairs, verdict }: Reading): void {
  holds(isWhole(ppq, 1, 32_767), `ppq ${ppq}`);
  holds(tempos[0]?.tick === 0, 'a tempo holds from the start');
  for (const { tick, microsecondsPerQuarter } of tempos)
    holds(isWhole(tick, 0) && isWhole(microsecondsPerQuarter, 60_000, 12_000_000), `tempo at ${tick}`);
  for (const { tick, beats, unit } of timeSignatures)
    holds(isWhole(tick, 0) && isWhole(beats, 1, 255) && isWhole(unit, 1, 64), `metre at ${tick}`);
  for (const track of tracks) {
    let before = 0;
    for (const { tick, ticks, pitch, velocity, channel } of track.notes) {
      const inRange = isWhole(pitch, 0, 127) && isWhole(velocity, 1, 127) && isWhole(channel, 0, 15);
      holds(inRange && isWhole(tick, before) && isWhole(ticks, 0), `note of ${pitch} at ${tick}`);
      before = tick;
    }
    for (const { tick, value } of track.controllers)
      holds(isWhole(tick, 0) && isWhole(value, 0, 127), `controller at ${tick}`);
  }
  holds(title.length <= MAX_TEXT_BYTES, 'the title is cut');
  for (const { count, at } of repairs) holds(isWhole(count, 1) && isWhole(at, 0), 'repairs are counted');
  holds((verdict === 'accepted') === (repairs.length === 0), verdict);
}

function checkMusic(reading: Reading, write: boolean): void {
  const { music, markers } = musicOf(reading);
  const most = MAX_SECONDS * 1000 + 1;
  holds(music.notes.length > 0 && isWhole(music.durationMs, 1, most), `it lasts ${music.durationMs} ms`);
  let before = 0;
  for (const { onsetMs, durationMs } of music.notes) {
    holds(isWhole(onsetMs, before, most) && isWhole(durationMs, 1, most), `note at ${onsetMs} ms`);
    before = onsetMs;
  }
  for (const { ms } of [...markers, ...music.pedal]) holds(isWhole(ms, 0, most), `event at ${ms} ms`);
  if (!write || music.notes.length > MOST_WRITTEN) return;
  const bytes = writeLanes({ title: 'x', music, markers: [] });
  const back = bytes && readMidiFile(bytes);
  holds(back !== null && 'music' in back && back.verdict === 'accepted', 'what we write is accepted');
  const same = back !== null && 'music' in back && JSON.stringify(back.music) === JSON.stringify(music);
  holds(same, 'what we write is read back as it was');
}

function checkStaves(reading: Reading): void {
  const staves = stavesOf(reading, false);
  for (const { notes } of staves.staves) holds(notes.length > 0, 'a staff has notes');
  let before = -1;
  for (const { tick } of staves.signatures) {
    holds(isWhole(tick, before + 1), `signature at ${tick}`);
    before = tick;
  }
  const score = layOut(staves);
  for (const { onset, length, pitch } of score?.notes ?? [])
    holds(isWhole(onset, 0) && isWhole(length, 1) && isWhole(pitch, 0, 127), `score note at ${onset}`);
  for (const { start, length } of score?.bars ?? [])
    holds(isWhole(start, 0) && isWhole(length, 1), `bar at ${start}`);
}
