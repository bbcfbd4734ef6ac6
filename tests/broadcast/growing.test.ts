/** A performance that is played while it is composed: what listeners are told meanwhile, and what the books say of it. */
import { expect, test } from '@jest/globals';
import { memoryManners } from '../../src/adapters/memory/manners.ts';
import { memoryBroadcasts, memoryConnections, memoryPerformances } from '../../src/adapters/memory/memory.ts';
import { memoryPunches } from '../../src/adapters/memory/punches.ts';
import { memoryBroadcastRecords } from '../../src/adapters/memory/windows.ts';
import { type BroadcastPorts, broadcast } from '../../src/broadcast/broadcast.ts';
import { listen } from '../../src/broadcast/listen.ts';
import { growingPerformances, timelines } from '../../src/broadcast/timelines.ts';
import { replayHash } from '../../src/broadcast/verify.ts';
import { toMusic } from '../../src/music/note.ts';
import { timeline } from '../../src/music/timeline.ts';
import { type Chunk, type Hello, noteOf, parseFrame } from '../../src/wire.ts';
import { fakeClock } from '../support/fake-clock.ts';
import { note, scale, stored } from '../support/music.ts';

const T0 = 1_000_000_000;
const DAY = '2026-11-21';
const ID = `first@${T0}`;
const WHOLE = scale(100_000);
/** The first movement, whose last note is released at 39,750; it is said to last 40 s. */
const FIRST = toMusic(WHOLE.notes.filter(({ onsetMs }) => onsetMs < 40_000));
const SO_FAR = { music: FIRST, knownMs: 40_000, title: 'Song and Waltz', movements: [] };

async function setUp() {
  const clock = fakeClock(T0 - 3_000);
  const [performances, broadcasts, connections] = [
    memoryPerformances(),
    memoryBroadcasts(),
    memoryConnections(),
  ];
  const [records, growing] = [memoryBroadcastRecords(), growingPerformances()];
  await broadcasts.schedule({ id: ID, startsAt: T0, wanted: DAY, next: null });
  await connections.add('a');
  const heard: { readonly at: number; readonly frame: ReturnType<typeof parseFrame> }[] = [];
  const ports: BroadcastPorts = {
    ...{ performances, broadcasts, connections, clock },
    timelines: timelines(performances, growing),
    post: async (id, text) => {
      if (id === 'a') heard.push({ at: clock.now() - T0, frame: parseFrame(text) });
      return 'sent' as const;
    },
    keepRecord: records.put,
    log: () => {},
  };
  const of = <T extends string>(type: T) =>
    heard.flatMap(({ at, frame }) => (frame?.type === type ? [{ at, frame: frame as never }] : []));
  const chunks = (): { at: number; frame: Chunk }[] => of('chunk');
  const told = (): string[] =>
    (of('hello') as { at: number; frame: Hello }[]).map(
      ({ at, frame }) => `${at}: ${frame.state} ${frame.title} ${frame.durationMs}`,
    );
  const join = async (): Promise<(Chunk | Hello)[]> => {
    const also = { nextStart: async () => null, punches: memoryPunches(), manners: memoryManners(clock) };
    const asked = { ...ports, ...also, wake: () => {} };
    const { frames } = await listen('b', '{"action":"join"}', clock.now(), asked);
    return frames.map((frame) => parseFrame(frame) as Chunk | Hello);
  };
  return { clock, ports, performances, broadcasts, records, growing, heard, chunks, told, join };
}

test('each note of the whole comes once and in time, though only its first movement was there; the books know the whole', async () => {
  const { clock, ports, performances, records, growing, heard, chunks, told, join } = await setUp();
  growing.grow(DAY, SO_FAR);
  const playing = broadcast(ID, 'one', ports);
  await clock.runTo(T0 + 20_500);
  // The third chunk has an end that is not known yet.
  expect(chunks().map(({ at, frame }) => [at, frame.seq, frame.count])).toEqual([[-3_000, 0, 2]]);
  const [hello, chunk, ...more] = await join();
  expect(hello).toMatchObject({ state: 'live', performance: DAY, durationMs: null });
  expect(chunk).toMatchObject({ seq: 1, count: 1, fromMs: 15_000, toMs: 30_000 });
  expect(more).toEqual([]);

  const whole = stored(DAY, WHOLE);
  await performances.create({ ...whole, record: { ...whole.record, title: 'Song and Waltz' } });
  growing.whole(DAY);
  expect(await clock.runUntil(playing)).toBe('ended');
  expect(chunks().flatMap(({ frame }) => frame.notes.map(noteOf))).toEqual(WHOLE.notes);
  for (const { at, frame } of chunks()) expect(at).toBeLessThan(frame.fromMs);
  expect(told()).toEqual([
    '-3000: doors Song and Waltz null',
    '0: live Song and Waltz null',
    `21000: live Song and Waltz ${WHOLE.durationMs}`,
    `${WHOLE.durationMs}: ended Song and Waltz ${WHOLE.durationMs}`,
  ]);
  expect(heard.at(-2)?.frame).toMatchObject({ type: 'end', lastSeq: 6 });
  const { chunkSha256, sha256 } = replayHash(timeline(WHOLE));
  expect(await records.get(ID)).toMatchObject({
    ...{ state: 'ended', performance: DAY, durationMs: WHOLE.durationMs },
    ...{ chunkSha256, sha256 },
  });
});

test('it keeps the level that it began with, for whoever joins when it is whole', async () => {
  const { clock, ports, performances, growing, chunks, join } = await setUp();
  // Its second movement is far louder.
  const loud = toMusic([...FIRST.notes, note(50_000, 30_000, 60, 127), note(55_000, 30_000, 40, 127)]);
  growing.grow(DAY, SO_FAR);
  const playing = broadcast(ID, 'one', ports);
  await clock.runTo(T0);
  const level = timeline(FIRST).levelDb;
  expect(chunks()[0]?.frame.levelDb).toBe(level);
  expect(timeline(loud).levelDb).not.toBe(level);
  await performances.create(stored(DAY, loud));
  growing.whole(DAY);
  await clock.runTo(T0 + 55_000);
  expect((await join())[1]).toMatchObject({ type: 'chunk', seq: 3, levelDb: level });
  await clock.runUntil(playing);
});

test('where composing dies, what there is plays to its end; that is told, and the books say how far it came', async () => {
  const { clock, ports, records, growing, heard, chunks } = await setUp();
  growing.grow(DAY, SO_FAR);
  const playing = broadcast(ID, 'one', ports);
  await clock.runTo(T0 + 20_500);
  growing.broken(DAY);
  expect(await clock.runUntil(playing)).toBe('stopped');
  expect(chunks().flatMap(({ frame }) => frame.notes.map(noteOf))).toEqual(FIRST.notes);
  expect(heard.slice(-3).map(({ at, frame }) => [at, frame?.type])).toEqual([
    [FIRST.durationMs, 'end'],
    [FIRST.durationMs, 'stop'],
    [FIRST.durationMs, 'hello'],
  ]);
  expect(await records.get(ID)).toMatchObject({
    ...{ state: 'stopped', performance: DAY, durationMs: null },
    chunkSha256: replayHash(timeline(FIRST)).chunkSha256,
  });
});

test('a station that was killed before it was whole stops it: no encore from its middle on, and nothing in the books but that', async () => {
  const { clock, ports, performances, records, growing, heard } = await setUp();
  await performances.create(stored('2026-11-20', scale(60_000)));
  growing.grow(DAY, SO_FAR);
  const killed = new AbortController();
  const died = broadcast(ID, 'one', ports, killed.signal).catch(() => 'died');
  await clock.runTo(T0 + 10_000);
  killed.abort(new Error('killed'));
  expect(await clock.runUntil(died)).toBe('died');
  const before = heard.length;
  const fresh = { ...ports, timelines: timelines(performances) };
  expect(await clock.runUntil(broadcast(ID, 'two', fresh))).toBe('stopped');
  expect(heard.slice(before).map(({ frame }) => frame?.type)).toEqual(['stop', 'hello']);
  expect(await records.get(ID)).toMatchObject({
    ...{ state: 'stopped', performance: DAY, encore: false, durationMs: null, chunkSha256: [] },
  });
});

test('one that was killed when it was whole goes on with it', async () => {
  const { clock, ports, performances, growing, told } = await setUp();
  growing.grow(DAY, SO_FAR);
  const killed = new AbortController();
  const died = broadcast(ID, 'one', ports, killed.signal).catch(() => 'died');
  await clock.runTo(T0 + 10_000);
  killed.abort(new Error('killed'));
  await performances.create(stored(DAY, WHOLE));
  await clock.runUntil(died);
  expect(await clock.runUntil(broadcast(ID, 'two', { ...ports, timelines: timelines(performances) }))).toBe(
    'ended',
  );
  expect(told().at(-1)).toBe(`${WHOLE.durationMs}: ended ${DAY} ${WHOLE.durationMs}`);
});

test('what will never be whole is not begun with: an encore is', async () => {
  const { clock, ports, performances, broadcasts, growing } = await setUp();
  await performances.create(stored('2026-11-20', scale(60_000)));
  growing.grow(DAY, SO_FAR);
  growing.broken(DAY);
  expect(await clock.runUntil(broadcast(ID, 'one', ports))).toBe('ended');
  expect(await broadcasts.get(ID)).toMatchObject({ performance: '2026-11-20', encore: true });
});
