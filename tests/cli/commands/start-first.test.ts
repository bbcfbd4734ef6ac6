/** What a fresh start plays, and when: as the composer tells of its movements. */
import { expect, test } from '@jest/globals';
import { memoryBroadcasts, memoryPerformances } from '../../../src/adapters/memory/memory.ts';
import { memoryBroadcastRecords, memoryWindows } from '../../../src/adapters/memory/windows.ts';
import { growingPerformances } from '../../../src/broadcast/timelines.ts';
import { type FirstPorts, playFirst } from '../../../src/cli/commands/start/first.ts';
import { virtualWindow } from '../../../src/schedule/index.ts';
import { scale, stored } from '../../support/music.ts';

const DAY = '2026-11-21';
const NOON = Date.parse(`${DAY}T12:00:00Z`);
const MINUTE = 60_000;

/** A station at noon, whose composer takes so long for each of two movements of a minute and a half. */
function setUp(
  options: {
    movementMs?: number;
    dies?: boolean;
    more?: boolean;
    timeOfDay?: string;
    /** Milliseconds of music of the second movement, whose composing is told of when it is half done. */
    halfwayMs?: number;
  } = {},
) {
  const { halfwayMs, movementMs = 8_000, dies = false, more = true, timeOfDay = '20:00' } = options;
  let now = NOON;
  const [performances, broadcasts] = [memoryPerformances(), memoryBroadcasts()];
  const [records, growing] = [memoryBroadcastRecords(), growingPerformances()];
  const whole = scale(3 * MINUTE);
  const begun: string[] = [];
  const ports: FirstPorts = {
    ...{ performances, broadcasts, records, growing },
    windows: memoryWindows(),
    otherwise: virtualWindow(timeOfDay, 'UTC'),
    timer: { arm: async () => 'armed', disarm: async () => {}, armed: async () => [] },
    clock: { now: () => now },
    timeZone: 'UTC',
    onEarly: () => begun.push(`told at ${now - NOON}`),
    log: (event) => begun.push(event),
    async ensure(date, watching) {
      now += movementMs;
      const notes = whole.notes.filter(({ onsetMs }) => onsetMs < 90_000);
      const known = { title: 'Song', movements: [], knownMs: 90_000, comingMs: more ? [3 * MINUTE] : [] };
      watching.onMovement({ notes, pedal: [], durationMs: 3 * MINUTE }, known);
      // What was begun is begun while the rest is composed.
      await new Promise(setImmediate);
      now += movementMs / 2;
      if (halfwayMs) watching.onProgress({ tokens: 1, composedMs: 90_000 + halfwayMs, ofMs: 3 * MINUTE });
      await new Promise(setImmediate);
      now += movementMs / 2;
      if (dies) {
        growing.broken(date);
        throw new Error('a thread that samples music has ended');
      }
      await performances.create(stored(date, whole));
      growing.whole(date);
      return whole.durationMs;
    },
  };
  const startsAt = async () => {
    const row = await broadcasts.current();
    return row && row.startsAt - NOON;
  };
  return { ports, begun, startsAt, growing, broadcasts, records, performances };
}

test('it plays three seconds after its first movement is there, and is whole afterwards', async () => {
  const { ports, begun, startsAt, growing } = setUp();
  await playFirst(ports);
  expect(await startsAt()).toBe(8_000 + 3_000);
  expect(begun).toEqual(['told at 8000']);
  expect(growing.of(DAY)).toBeNull();
  expect(growing.levelOf(DAY)).not.toBeNull();
});

test.each([
  ['of one movement', { more: false }, 16_000],
  ['composed more slowly than it is played', { movementMs: 91_000, halfwayMs: 40_000 }, 182_000],
])('a piece %s is played 15 s after it is whole', async (_, options, wholeAt) => {
  const { ports, begun, startsAt } = setUp(options);
  await playFirst(ports);
  expect(await startsAt()).toBe(wholeAt + 15_000);
  expect(begun).toEqual([]);
});

test('one whose rest would not surely be there in time begins as soon as it would, within a movement', async () => {
  // 90 s of music took 50 s: 90 more would, twice as slowly, take 100; 73 are in hand and to come before it.
  const { ports, startsAt, begun } = setUp({ movementMs: 50_000, halfwayMs: 45_000 });
  await playFirst(ports);
  expect(await startsAt()).toBe(75_000 + 3_000);
  expect(begun).toEqual(['told at 75000']);
});

test('where the next doors open before it would be over, nothing is begun early; nor after', async () => {
  // Doors at 12:03: the whole of 3 minutes would reach beyond them.
  const { ports, begun, startsAt, growing } = setUp({ timeOfDay: '12:08' });
  await playFirst(ports);
  expect([await startsAt(), begun, growing.levelOf(DAY)]).toEqual([null, [], null]);
});

test('a composer that dies is a fault while nothing plays, and is told of where something does', async () => {
  await expect(playFirst(setUp({ dies: true, more: false }).ports)).rejects.toThrow('has ended');
  const { ports, begun, startsAt, growing } = setUp({ dies: true });
  await playFirst(ports);
  expect(await startsAt()).toBe(11_000);
  expect(begun).toEqual(['told at 8000', 'compose.failed']);
  expect(growing.of(DAY)?.still).toBe('broken');
});

test('what broke off before it was whole is no reason to be silent; what an operator stopped is', async () => {
  const { ports, startsAt, broadcasts, records, begun } = setUp();
  const facts = { schema: 1, startsAt: NOON - MINUTE, state: 'stopped', performance: DAY } as const;
  const record = { ...facts, encore: false, epoch: 2, startLatenessMs: 0, heard: 0, endedAt: NOON };
  const id = `first@${NOON - MINUTE}`;
  await records.put({ ...record, id, durationMs: null, chunkSha256: [], sha256: '' });
  await broadcasts.schedule({ id, startsAt: NOON - MINUTE, wanted: DAY, next: null });
  const lease = await broadcasts.acquire(id, 'one', NOON - MINUTE, NOON);
  if (!('epoch' in lease)) throw new Error('nobody else has it');
  await broadcasts.change(lease, { state: 'live', performance: DAY, title: 'Song' });
  await broadcasts.stop(id);
  await playFirst(ports);
  expect(await startsAt()).toBe(11_000);

  const other = setUp();
  await other.records.put({ ...record, id, durationMs: 3 * MINUTE, chunkSha256: [], sha256: '' });
  await playFirst(other.ports);
  expect([await other.startsAt(), other.begun, begun]).toEqual([null, [], ['told at 8000']]);
});

test('a silent evening, and an encore, are no reason to be silent; what is about to be played, or was stopped before, is', async () => {
  const HOUR = 60 * MINUTE;
  /** A broadcast that wanted today began so long ago, and became this. */
  const after = async (
    agoMs: number,
    change: Parameters<FirstPorts['broadcasts']['change']>[1] | 'stopped' | null,
    isStored = false,
  ) => {
    const { ports, broadcasts, performances } = setUp();
    if (isStored) await performances.create(stored(DAY, scale(3 * MINUTE)));
    const id = `daily@${NOON - agoMs}`;
    await broadcasts.schedule({ id, startsAt: NOON - agoMs, wanted: DAY, next: null });
    const lease = await broadcasts.acquire(id, 'one', NOON, NOON + 1);
    if (!('epoch' in lease)) throw new Error('nobody else has it');
    if (change === 'stopped') await broadcasts.stop(id);
    else if (change) await broadcasts.change(lease, change);
    let begun: number | 'nothing' = 'nothing';
    const schedule: typeof broadcasts.schedule = async (broadcast) => {
      begun = broadcast.startsAt - NOON;
      return broadcasts.schedule(broadcast);
    };
    await playFirst({ ...ports, broadcasts: { ...broadcasts, schedule } });
    return begun;
  };
  const encore = { state: 'ended', performance: '2026-11-20', encore: true, durationMs: MINUTE } as const;
  expect(await after(HOUR, { state: 'ended' })).toBe(11_000);
  expect(await after(HOUR, encore)).toBe(11_000);
  expect(await after(HOUR, 'stopped')).toBe('nothing');
  expect(await after(HOUR, { state: 'ended', performance: DAY, durationMs: MINUTE })).toBe('nothing');
  // A late timer has just written its row: its broadcaster will play it from its second minute on, or find that it is over.
  expect(await after(2 * MINUTE, null, true)).toBe('nothing');
  expect(await after(HOUR, null, true)).toBe(11_000);
});
