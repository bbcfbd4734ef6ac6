/** When a page that is connected asks its station again: for music, for the hour, for what nobody told it. */
import { describe, expect, test } from '@jest/globals';
import { asked, connected, listening, type ScriptedStation, WAITING } from './scripted-station.ts';

describe('chunks', () => {
  test('each new one tells how many are here; one that is known does not', () => {
    const station = listening(0);
    expect(station.page.here).toBeNull();
    station.chunk(0, { here: 7 });
    station.chunk(0, { here: 9 });
    expect(station.page.here).toBe(7);
  });

  test('of a broadcast that no hello told of make it ask, at most each five seconds, until it is told', () => {
    const station = connected();
    station.chunk(0, { broadcast: 'another' });
    expect(station.said).toHaveLength(1);
    station.run(4_500);
    expect(station.said).toHaveLength(1);
    station.run(9_500);
    expect(asked(station).slice(1)).toEqual([[5_000, 'join']]);
    station.hello({ ...WAITING });
    station.run(30_000);
    expect(asked(station).slice(1)).toEqual([[5_000, 'join']]);
  });

  test('of a piece whose length is not known yet make it ask as well, at once where it has not asked for five seconds', () => {
    const station = listening(0, null);
    station.run(6_000);
    expect(station.said.slice(1).map(({ at }) => at)).toEqual([5_000]);
    station.hello({ t0: -1_000, durationMs: null });
    station.run(9_500);
    station.chunk(0);
    expect(station.said).toHaveLength(2);
    station.run(10_000);
    expect(station.said.at(-1)).toEqual({ at: 10_000, asks: { action: 'resume', broadcast: 'b', after: 0 } });
    const waiting = connected();
    waiting.run(20_000);
    waiting.chunk(3, { broadcast: 'another' });
    expect(asked(waiting).at(-1)).toEqual([20_000, 'join']);
  });

  test('of another broadcast make it ask in mid-performance too; of its own, with enough in hand, they do not', () => {
    const station = listening(9);
    station.run(6_000);
    station.chunk(9);
    expect(station.said).toHaveLength(1);
    station.chunk(0, { broadcast: 'another' });
    expect(station.said.slice(1)).toEqual([
      { at: 6_000, asks: { action: 'resume', broadcast: 'b', after: 9 } },
    ]);
  });

  test('before its hour, of a piece whose length is not known, make it ask', () => {
    const station = connected({ t0: 100_000, state: 'doors', durationMs: null });
    station.run(6_000);
    expect(station.said).toHaveLength(1);
    station.chunk(0);
    expect(station.said.slice(1).map(({ at }) => at)).toEqual([6_000]);
  });

  test('in hand for as long as it wants, nothing is asked; with less, every five seconds', () => {
    const station = listening(9);
    station.run(44_000);
    expect(station.said).toHaveLength(1);
    station.run(57_000);
    expect(station.said.slice(1)).toEqual(
      [44_500, 49_500, 54_500].map((at) => ({ at, asks: { action: 'resume', broadcast: 'b', after: 8 } })),
    );
  });

  test('a piece of unknown length is asked after from eight seconds before its hour', () => {
    const station = connected({ t0: 20_000, state: 'doors', durationMs: null });
    station.run(12_000);
    expect(station.said).toHaveLength(1);
    station.run(12_500);
    expect(station.said.slice(1).map(({ at }) => at)).toEqual([12_500]);
  });

  test('a performance that does not say that it is over is asked after, two seconds past its last note', () => {
    const station = listening(2, 29_000);
    station.run(29_500);
    expect(station.said).toHaveLength(1);
    station.run(31_000);
    expect(station.said.slice(1).map(({ at }) => at)).toEqual([30_500]);
    station.hello({ t0: -1_000, durationMs: 29_000, state: 'ended' });
    station.run(60_000);
    expect(station.said).toHaveLength(2);
  });
});

describe('what is told of a broadcast', () => {
  test('a new one cuts, the same one is news, and one that is silenced cuts', () => {
    const station = connected();
    const change = (parts: Parameters<ScriptedStation['hello']>[0]) => {
      station.hello(parts);
      return station.changes();
    };
    expect(change({ t0: 60_000, state: 'doors' })).toBe('cut');
    expect(change({ t0: 60_000, state: 'live' })).toBe('news');
    expect(change({ t0: 60_000, state: 'stopped' })).toBe('cut');
    expect(change({ t0: 90_000, state: 'scheduled', broadcast: 'c' })).toBe('cut');
    expect(change({ t0: 90_000, state: 'cancelled', broadcast: 'c' })).toBe('cut');
    expect(change({ t0: 90_000, state: 'doors', broadcast: 'c' })).toBe('news');
  });

  test('a stop cuts its own broadcast alone', () => {
    const station = listening(1);
    station.tell({ type: 'stop', broadcast: 'another', epoch: 1 });
    expect(station.changes()).toBe('');
    station.tell({ type: 'stop', broadcast: 'b', epoch: 1 });
    expect(station.changes()).toBe('cut');
  });

  test('the first chunk brings pings that settle the clock; doors that open, and the next chunks, none', () => {
    const station = connected();
    station.run(100_000);
    const idle = station.pings.length;
    station.hello({ t0: 400_000, state: 'doors' });
    station.run(239_000);
    expect(station.pings).toHaveLength(idle);
    station.chunk(0);
    station.run(266_000);
    expect(station.pings.slice(idle)).toEqual([251_000, 263_000]);
    station.chunk(1);
    station.run(268_000);
    expect(station.pings).toHaveLength(idle + 2);
  });

  test('where the first chunk stays away, it is pinged for all the same, a minute and a half before T0', () => {
    const station = connected();
    station.run(100_000);
    const idle = station.pings.length;
    station.hello({ t0: 330_000, state: 'doors' });
    station.run(229_500);
    expect(station.pings).toHaveLength(idle);
    station.run(243_000);
    expect(station.pings.slice(idle)).toEqual([242_500]);
  });

  test('what became of a hole in the margin is kept, and is news', () => {
    const station = connected();
    expect(station.page.margin).toBeNull();
    station.page.punch('b');
    expect(station.said.at(-1)?.asks).toEqual({ action: 'punch', broadcast: 'b' });
    const told = { type: 'margin', broadcast: 'b', outcome: 'punched', holes: 3 } as const;
    station.tell(told);
    expect(station.page.margin).toEqual(told);
    expect(station.changes()).toBe('news');
  });

  test('an end, and an error, change nothing', () => {
    const station = listening(1);
    station.tell({ type: 'end', broadcast: 'b', epoch: 1, lastSeq: 0 });
    station.tell({ type: 'error', code: 'no', message: 'no' });
    expect(station.changes()).toBe('');
    expect(station.page.margin).toBeNull();
  });
});

describe('between broadcasts', () => {
  test('where nothing is planned it asks every ten minutes and a half', () => {
    const station = connected();
    station.run(2_000_000);
    expect(asked(station).slice(1, 2)).toEqual([[630_000, 'join']]);
  });

  test('it asks half a minute after it should have been told of doors, then less and less often', () => {
    const station = connected({ ...WAITING, next: 600_000 });
    const answeredAsks = () => {
      const before = station.said.length;
      while (station.said.length === before) station.run(station.now() + 500);
      station.hello({ ...WAITING, next: 600_000 });
      return station.said.at(-1)!.at;
    };
    // Doors are told of four minutes before: at 360 s; 30 s are the spread.
    expect(Array.from({ length: 6 }, answeredAsks)).toEqual(
      [390, 430, 480, 550, 640, 730].map((s) => s * 1_000),
    );
  });

  test('a far hour is asked about no later than in ten minutes and a half', () => {
    const station = connected({ ...WAITING, next: 86_400_000 });
    station.run(630_000);
    expect(asked(station).at(-1)).toEqual([630_000, 'join']);
  });

  test('while it waits for an answer about that, it asks again as after any question', () => {
    const station = connected({ ...WAITING, next: 600_000 });
    station.run(400_000);
    expect(asked(station).slice(1)).toEqual([
      [390_000, 'join'],
      [397_500, 'join'],
    ]);
  });

  test('what is told of another broadcast begins the waiting anew', () => {
    const station = connected({ ...WAITING, next: 600_000 });
    station.run(390_000);
    station.hello({ ...WAITING, broadcast: 'c', next: 600_000 });
    // Five seconds at least, and thirty of spread.
    station.run(425_500);
    expect(asked(station).at(-1)).toEqual([425_000, 'join']);
  });

  test('in a performance it is not asked about the hour', () => {
    const station = listening(60, 800_000);
    station.run(750_000);
    expect(station.said).toHaveLength(1);
  });
});
