import { expect, test } from '@jest/globals';
import { connected, listening, type ScriptedStation, SERVER_OFFSET, WAITING } from './scripted-station.ts';

/** In mid-performance, of a station whose site has a clock; a chunk comes every 15 s. */
function aided(off: number | null = 0): ScriptedStation {
  const station = listening(8, 3_000_000);
  station.answers.siteOffMs = off;
  station.hello({ t0: -1_000, durationMs: 3_000_000, clock: true });
  return station;
}
function play(station: ScriptedStation, toMs: number): void {
  for (let seq = 8; station.now() < toMs; seq++) {
    station.chunk(seq);
    station.run(Math.min(toMs, station.now() + 15_000));
  }
}
const later = (times: readonly number[], ms: number) => times.filter((at) => at > ms);

test('a station that tells of no clock of its site’s is asked by pings alone', () => {
  const station = listening(8, 3_000_000);
  play(station, 200_000);
  expect(station.asks).toEqual([]);
  expect(later(station.pings, 2_000).length).toBeGreaterThan(8);
});

test('told of it, a page asks there, and pings once in ten minutes; a hello without a word of it changes nothing', () => {
  const station = aided();
  play(station, 100_000);
  station.hello({ t0: -1_000, durationMs: 3_000_000 });
  play(station, 700_000);
  expect(station.asks.slice(0, 4)).toEqual([3_000, 13_010, 68_020, 123_030]);
  expect(station.asks).toHaveLength(14);
  expect(later(station.pings, 50_000)).toEqual([648_480]);
  expect(station.page.clock.otherUncertaintyMs).toBe(6);
  expect(station.told).toEqual([]);
});

test('a connection that is dead is noticed where chunks stay away, and the music is asked for anew', () => {
  const station = aided();
  play(station, 60_000);
  station.answers.silent = true;
  station.run(160_000);
  // The last chunk came 15 s before the minute.
  const [ping] = later(station.pings, 2_000);
  expect(ping! - 60_000).toBeLessThanOrEqual(70_000);
  expect(station.sockets.length).toBeGreaterThan(1);
});

test('a clock that contradicts the pings is dropped, told of once, and pinged for again at once', () => {
  const station = aided(60);
  station.changes();
  play(station, 20_000);
  expect(station.asks).toEqual([3_000]);
  expect(station.told).toEqual([
    'This page does not ask the site’s clock any more: it contradicts the station’s, which the music goes by.',
  ]);
  play(station, 200_000);
  expect([station.asks.length, station.told.length]).toEqual([1, 1]);
  expect(station.page.clock.otherUncertaintyMs).toBeNull();
  expect(later(station.pings, 2_000).length).toBeGreaterThan(8);
});

test('one that fell silent when it was trusted brings the pings that it has spared, in a burst', () => {
  const station = aided();
  play(station, 60_000);
  station.answers.siteOffMs = null;
  play(station, 90_000);
  // Asked at 68 s, and twice more ten seconds apart.
  expect(later(station.asks, 60_000)).toEqual([68_020, 78_030, 88_040]);
  expect(later(station.pings, 60_000)).toHaveLength(5);
  expect(station.told).toHaveLength(1);
  expect(station.page.clock.otherUncertaintyMs).toBeNull();
});

test('between broadcasts and behind open doors it is not asked; from the first chunk to the last, it is', () => {
  const station = connected({ ...WAITING, clock: true });
  station.run(300_000);
  expect(station.asks).toEqual([]);
  station.hello({ t0: 600_000, durationMs: 60_000, state: 'doors', clock: true });
  station.run(480_000);
  expect(station.asks).toEqual([]);
  for (let seq = 0; seq < 3; seq++) {
    station.chunk(seq);
    station.run(495_000 + seq * 15_000);
  }
  station.run(560_000);
  expect(station.asks).toEqual([482_000, 492_010, 547_020]);
  station.chunk(3);
  station.run(700_000);
  expect(station.asks).toHaveLength(3);
});

test('where the connection is gone nobody asks, and where it is back, it is asked soon', () => {
  const station = aided();
  play(station, 20_000);
  const before = station.asks.length;
  station.socket.closed();
  station.run(20_400);
  station.run(50_000);
  expect(station.asks).toHaveLength(before);
  station.open();
  const back = station.now();
  station.run(back + 3_000);
  expect(station.asks.slice(before)).toEqual([back + 2_000]);
});

test('after sleep it is asked anew, and counts again once a ping was answered', () => {
  const station = aided();
  play(station, 40_000);
  const before = station.asks.length;
  station.page.slept();
  expect(station.page.clock.otherUncertaintyMs).toBeNull();
  const woke = station.now();
  station.run(woke + 2_500);
  expect(station.asks.slice(before)).toEqual([woke + 2_000]);
  expect(station.page.clock.otherUncertaintyMs).toBe(6);
});

test('where the station’s clock has stepped, what the site’s said before is forgotten', () => {
  const station = aided();
  play(station, 40_000);
  const before = station.asks.length;
  station.answers.offsetMs = SERVER_OFFSET + 5_000;
  station.page.wake();
  station.run(station.now() + 100);
  expect(station.page.clock.otherUncertaintyMs).toBeNull();
  expect(station.page.serverNow()).toBeCloseTo(station.now() + SERVER_OFFSET + 5_000, 0);
  // The site's own is 5 s behind it by now.
  station.run(station.now() + 2_500);
  expect(station.asks.slice(before)).toHaveLength(1);
  expect(station.told).toHaveLength(1);
});
