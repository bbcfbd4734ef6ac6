/** A crowd beyond the station's rate: chunks lie on the site, and pages fetch them. */
import { expect, test } from '@jest/globals';
import { broadcast } from '../../../src/broadcast/broadcast.ts';
import { crowdOf, fileFrames } from '../../../src/broadcast/fetching/site-chunks.ts';
import { timeline } from '../../../src/music/timeline.ts';
import { parseFrame } from '../../../src/wire.ts';
import { ID, T0 } from '../../support/crowd-station.ts';
import { type FetchingCrowd, fetchingCrowd, type Page } from '../../support/fetching-crowd.ts';
import { scale } from '../../support/music.ts';

const FOLDER = `live/daily-${T0}/2026-11-21/`;
const filesOf = ({ fetched }: Page) => fetched.map(({ path }) => Number(/(\d+)\.json$/.exec(path)?.[1]));
/** That each of them played every note once, in order, and had none of it told to it too late. */
function expectAllPlayed({ pages, music }: FetchingCrowd): void {
  for (const { name, played, jumps } of pages) expect([name, jumps, played]).toEqual([name, [], music.notes]);
}
const comeMany = (world: FetchingCrowd, count: number, from = 0) =>
  Array.from({ length: count }, (_, i) => world.come(`page ${from + i}`, i / count));

test('the threshold is what six tenths of a minute of posts can serve', () => {
  expect([1_500, 8_000].map(crowdOf)).toEqual([54_000, 288_000]);
});

test('a crowd that is there at the doors is posted no chunk: each page fetches each file once, at an instant of its own, and plays every note once', async () => {
  const world = await fetchingCrowd({ durationMs: 300_000, above: 4 });
  comeMany(world, 6);
  await world.runTo(-299_000);
  expect(await world.clock.runUntil(broadcast(ID, 'one', world.ports))).toBe('ended');
  await world.settle();
  expectAllPlayed(world);
  expect(world.helpers.length).toBe(3);
  expect([...world.files.keys()]).toEqual([0, 8, 16].map((seq) => `${FOLDER}${seq}.json`));
  for (const page of world.pages) {
    expect([page.posted, page.asked]).toEqual([[], ['{"action":"join"}']]);
    expect([filesOf(page), page.fetched.every(({ found }) => found)]).toEqual([[0, 8, 16], true]);
    expect(page.listener.score.hello?.state).toBe('ended');
  }
  // Of six pages whose random numbers are a sixth apart, each asks ten seconds after the one before.
  const firstAsked = world.pages.map(({ fetched }) => fetched[0]!.atMs);
  for (const [i, atMs] of firstAsked.entries()) {
    expect(atMs).toBeGreaterThanOrEqual(-120_000 + i * 10_000);
    expect(atMs).toBeLessThan(-120_000 + i * 10_000 + 1_000);
  }
  world.finish();
});

test('a file is the frames of eight chunks, of no epoch and before nobody; the last has the rest, a last move of the pedal too', () => {
  const music = timeline({ ...scale(240_000), pedal: [{ ms: 240_000, value: 0 }] });
  expect(music.chunks).toBe(17);
  const frames = [0, 8].map((seq) => fileFrames(music, seq, 'b').map((frame) => parseFrame(frame)!));
  const spans = frames.map((file) =>
    file.map((frame) => frame.type === 'chunk' && [frame.seq, frame.count, frame.epoch, frame.here]),
  );
  expect(spans).toEqual([[[0, 8, 0, 0]], [[8, 9, 0, 0]]]);
});

test('a crowd that comes is told, fetches what follows, and is posted to again when it has gone; nobody misses a note or plays one twice', async () => {
  const world = await fetchingCrowd({ durationMs: 600_000, above: 5 });
  const two = comeMany(world, 2);
  const playing = broadcast(ID, 'one', world.ports);
  await world.runTo(10_000);
  const more = comeMany(world, 4, 2);
  await world.runTo(220_000);
  const [from, until] = [16, 32];
  expect(two[0]!.listener.score.hello?.chunks).toMatchObject({ path: FOLDER, each: 8, from });
  expect(two[0]!.listener.score.hello?.chunks?.until).toBeUndefined();
  for (const page of more) page.leave();
  await world.runTo(260_000);
  expect(two[0]!.listener.score.hello?.chunks).toMatchObject({ from, until });
  expect(await world.clock.runUntil(playing)).toBe('ended');
  await world.settle();
  expectAllPlayed(world);
  expect(world.told.filter(([event]) => event.startsWith('chunks.'))).toEqual([
    ['chunks.fetched', { broadcast: ID, from, listeners: 6 }],
    ['chunks.posted', { broadcast: ID, from: until, listeners: 2 }],
  ]);
  for (const page of two) {
    const posted = page.posted.flatMap(({ seq, count }) => Array.from({ length: count }, (_, i) => seq + i));
    expect([...new Set(posted)]).toEqual(
      Array.from({ length: 40 }, (_, seq) => seq).filter((seq) => seq < from || seq >= until),
    );
    expect(filesOf(page)).toEqual([16, 24]);
    expect(page.asked).toEqual(['{"action":"join"}']);
  }
  const record = (await world.records.list())[0]!;
  expect(record.chunkSha256).toHaveLength(40);
  world.finish();
});

test('who takes over goes on writing, and what was written stays as it is', async () => {
  const world = await fetchingCrowd({ durationMs: 480_000, above: 4 });
  comeMany(world, 6);
  const death = new AbortController();
  const first = broadcast(ID, 'one', world.ports, death.signal).catch(() => 'dead');
  await world.runTo(20_000);
  const before = new Map(world.files);
  expect([...before.keys()]).toEqual([0, 8].map((seq) => `${FOLDER}${seq}.json`));
  death.abort(new Error('killed'));
  expect(await first).toBe('dead');
  await world.runTo(60_000);
  const second = broadcast(ID, 'two', world.ports);
  expect(await world.clock.runUntil(second)).toBe('ended');
  await world.settle();
  expectAllPlayed(world);
  for (const [path, body] of before) expect(world.files.get(path)).toEqual(body);
  expect([...world.files.keys()]).toEqual([0, 8, 16, 24].map((seq) => `${FOLDER}${seq}.json`));
  const [record] = await world.records.list();
  expect([record?.epoch, record?.chunkSha256.length]).toEqual([2, 32]);
  world.finish();
});

test('where files cannot be written, posting begins again before anybody has nothing left', async () => {
  const world = await fetchingCrowd({
    durationMs: 480_000,
    above: 4,
    writing: (files) => ({
      async put(path, body) {
        if (path.endsWith('/16.json')) throw new Error('the bucket is gone');
        return files.put(path, body);
      },
    }),
  });
  comeMany(world, 6);
  expect(await world.clock.runUntil(broadcast(ID, 'one', world.ports))).toBe('ended');
  await world.settle();
  expectAllPlayed(world);
  expect(world.told.filter(([event]) => event === 'chunks.posted')).toEqual([
    ['chunks.posted', { broadcast: ID, from: 16, listeners: 6 }],
  ]);
  expect(world.log).toContain('file.failed');
  for (const { asked } of world.pages) expect(asked).toEqual(['{"action":"join"}']);
  world.finish();
});

test('a page that cannot have its files asks the station, and plays every note once', async () => {
  const world = await fetchingCrowd({
    durationMs: 300_000,
    above: 4,
    serves: (path) => path.endsWith('/0.json'),
  });
  comeMany(world, 6);
  expect(await world.clock.runUntil(broadcast(ID, 'one', world.ports))).toBe('ended');
  await world.settle();
  expectAllPlayed(world);
  for (const { asked } of world.pages) {
    expect(asked.length).toBeGreaterThan(1);
    // With a part of what is in hand left, each time.
    expect(asked.length).toBeLessThan(8);
  }
  world.finish();
});

test('a stop silences those who fetch, whatever they hold', async () => {
  const world = await fetchingCrowd({ durationMs: 480_000, above: 4 });
  comeMany(world, 6);
  const playing = broadcast(ID, 'one', world.ports);
  await world.runTo(30_000);
  await world.broadcasts.stop(ID);
  expect(await world.clock.runUntil(playing)).toBe('stopped');
  await world.runTo(200_000);
  for (const { played, listener } of world.pages) {
    expect(listener.score.hello?.state).toBe('stopped');
    expect(played.at(-1)!.onsetMs).toBeLessThan(32_000);
  }
  expect([...world.files.keys()]).not.toContain(`${FOLDER}16.json`);
  world.finish();
});

test('a broadcaster who is cut off near the end writes all that is left, once, and tells the end', async () => {
  const world = await fetchingCrowd({ durationMs: 480_000, above: 4 });
  const pages = comeMany(world, 6);
  const handed: number[] = [];
  const limit = {
    at: T0 + 300_000,
    async handOver() {
      handed.push(world.clock.now());
      throw new Error('no successor can be started');
    },
  };
  const death = new AbortController();
  const first = broadcast(ID, 'one', { ...world.ports, limit }, death.signal).catch(() => 'dead');
  await world.runTo(250_000);
  expect([...world.files.keys()]).toEqual([0, 8, 16, 24].map((seq) => `${FOLDER}${seq}.json`));
  expect(pages.map(({ posted }) => posted)).toEqual(pages.map(() => []));
  death.abort(new Error('cut off'));
  await first;
  expect(handed.length).toBeGreaterThan(1);
  await world.runTo(485_000);
  expectAllPlayed(world);
  world.finish();
});
