/** What a page says to its station, and when: word by word, on a wire that does as the test says. */
import { describe, expect, test } from '@jest/globals';
import {
  asked,
  connected,
  listening,
  type ScriptedStation,
  SERVER_OFFSET,
  scriptedStation,
  WAITING,
} from './scripted-station.ts';

const JOIN = { action: 'join' };
describe('joining', () => {
  test('nothing is said before the connection is open; then a join, and a ping', () => {
    const station = scriptedStation();
    expect([station.page.connection, station.said, station.pings]).toEqual(['connecting', [], []]);
    expect(station.page.outdated).toBe(false);
    station.open();
    expect(asked(station)).toEqual([[0, 'join']]);
    expect(station.pings).toEqual([0]);
    expect(station.page.connection).toBe('open');
    expect(station.changes()).toBe('news');
  });

  test('without an answer it is said again after 7.5, 22.5 and 52.5 s; after 112.5 s over another connection', () => {
    const station = scriptedStation();
    station.open();
    station.run(112_000);
    expect(asked(station)).toEqual([0, 7_500, 22_500, 52_500].map((at) => [at, 'join']));
    expect(station.sockets).toHaveLength(1);
    station.run(112_500);
    expect(station.sockets).toHaveLength(2);
    station.open();
    station.run(121_000);
    expect(asked(station).slice(4)).toEqual([
      [112_500, 'join'],
      [120_000, 'join'],
    ]);
  });

  test('an answer ends the asking, and the next silence is counted from one', () => {
    const station = scriptedStation();
    station.open();
    station.run(30_000);
    station.hello(WAITING);
    station.run(200_000);
    expect(station.said).toHaveLength(3);
    station.socket.closed();
    station.run(201_000);
    station.open();
    station.run(209_000);
    expect(asked(station).slice(3)).toEqual([
      [201_000, 'join'],
      [208_500, 'join'],
    ]);
  });

  test('where pings are not answered for six seconds another connection is opened at once', () => {
    const station = connected();
    station.answers.silent = true;
    station.page.wake();
    station.run(6_900);
    expect(station.sockets).toHaveLength(1);
    station.run(7_000);
    expect(station.sockets).toHaveLength(2);
  });

  test('nothing is asked while there is no connection', () => {
    const station = listening(1);
    station.socket.closed();
    expect(station.changes()).toBe('news');
    station.run(60_000);
    expect(station.said).toHaveLength(1);
    expect(station.pings.filter((at) => at > 1_000)).toEqual([]);
  });
});

describe('coming back', () => {
  const afterReturn = (station: ScriptedStation) => {
    station.socket.closed();
    station.run(2_000);
    station.open();
    return station.said.at(-1)!.asks;
  };

  test('in a performance it resumes after the last chunk in hand', () => {
    expect(afterReturn(listening(3))).toEqual({ action: 'resume', broadcast: 'b', after: 2 });
    expect(afterReturn(listening(1))).toEqual({ action: 'resume', broadcast: 'b', after: 0 });
  });

  test('with nothing in hand, before and after a performance, it joins', () => {
    expect(afterReturn(listening(0))).toEqual(JOIN);
    expect(afterReturn(connected())).toEqual(JOIN);
    const over = listening(3);
    over.hello({ t0: -1_000, state: 'ended' });
    expect(afterReturn(over)).toEqual(JOIN);
  });

  test('behind the doors it resumes as well', () => {
    const station = connected({ t0: 30_000, state: 'doors' });
    station.chunk(0);
    expect(afterReturn(station)).toEqual({ action: 'resume', broadcast: 'b', after: 0 });
  });

  test('without a clock it joins', () => {
    const station = scriptedStation();
    station.answers.silent = true;
    station.open();
    expect(station.page.position()).toBeNull();
    expect(station.said.map(({ asks }) => asks)).toEqual([JOIN]);
  });
});

describe("the station's clock", () => {
  test('is told by the first hello to half of what its answer took, until the pings are back', () => {
    const station = scriptedStation();
    station.answers.silent = true;
    station.open();
    station.run(400);
    expect([station.page.serverNow(), station.page.position()]).toEqual([null, null]);
    station.hello({ t0: 0 });
    // Asked at 0, answered at 400 by a stamp of 400: its own time was some 200 later.
    expect(station.page.serverNow()).toBe(400 + SERVER_OFFSET + 200);
    expect(station.page.position()).toBe(600);
    station.hello({ t0: 0, serverNow: 77 });
    expect(station.page.serverNow()).toBe(400 + SERVER_OFFSET + 200);
  });

  test('a hello that answers the second question is placed by the first, as it may answer that', () => {
    const station = scriptedStation();
    station.answers.silent = true;
    station.open();
    station.run(5_900);
    station.page.check();
    station.run(5_900);
    station.hello({ t0: 0 });
    expect(station.page.serverNow()).toBe(5_900 + SERVER_OFFSET + 2_950);
  });

  test('places nothing where nothing is planned', () => {
    const { page } = connected();
    expect(page.serverNow()).not.toBeNull();
    expect(page.position()).toBeNull();
  });

  test('is right to the millisecond once pings are answered', () => {
    const { page, now } = connected({ t0: 5_000 });
    expect(Math.abs(page.serverNow()! - now() - SERVER_OFFSET)).toBeLessThan(1);
    expect(Math.abs(page.position()! - (now() - 5_000))).toBeLessThan(1);
    expect(page.clock.ready).toBe(true);
  });

  test('a clock that jumped cuts what is scheduled, and is asked five times over', () => {
    const station = listening(9);
    station.run(100_000);
    station.changes();
    station.answers.offsetMs += 60_000;
    const before = station.pings.length;
    const jumpedAt = 150_000;
    station.run(jumpedAt + 30_000);
    expect(
      station
        .changes()
        .split(' ')
        .filter((change) => change === 'cut'),
    ).toHaveLength(1);
    const gaps = station.pings.slice(before).map((at, i, all) => at - (all[i - 1] ?? at));
    expect(gaps.filter((gap) => gap === 120)).toHaveLength(4);
  });

  test('after sleep nothing is placed before it is asked again, and it is asked at once', () => {
    const station = listening(3);
    const before = station.pings.length;
    station.page.slept();
    expect(station.page.clock.ready).toBe(false);
    expect(station.changes()).toBe('news');
    expect(station.pings.slice(before)).toEqual([1_000]);
  });
});

describe('looking up', () => {
  test('a lost connection is tried at once, one that restarts too; an open one is asked the time', () => {
    for (const code of [1006, 1012]) {
      const station = connected();
      station.socket.closed(code);
      expect(station.page.connection).toBe(code === 1012 ? 'restarting' : 'lost');
      station.page.wake();
      expect(station.sockets).toHaveLength(2);
    }
    const station = connected();
    const before = station.pings.length;
    station.page.wake();
    expect([station.sockets.length, station.pings.length]).toEqual([1, before + 1]);
    const connecting = scriptedStation();
    connecting.page.wake();
    expect([connecting.sockets.length, connecting.pings]).toEqual([1, []]);
  });

  test('a page that is too old stays away, and says so once', () => {
    const station = connected();
    station.hello({ ...WAITING, protocol: 2 });
    expect(station.page.outdated).toBe(true);
    expect(station.changes()).toBe('news news');
    station.page.wake();
    station.run(200_000);
    expect([station.sockets.length, station.said.length]).toEqual([1, 1]);
    expect(station.page.score.hello?.protocol).toBe(1);
  });
});
