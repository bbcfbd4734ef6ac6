/** Cases of restarts: a local station is killed and comes back, and nobody hears it. */
import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { score } from '../../web/score/score.ts';
import { BIN, pianola } from '../support/cli.ts';
import { withStores } from '../support/data.ts';
import { liveHello } from '../support/hello.ts';
import { type KilledStation, killedStation } from '../support/killed-station.ts';
import { scale } from '../support/music.ts';

// A busy machine is no failure.
jest.setTimeout(300_000);

describe('a station that is killed', () => {
  let station: KilledStation;
  // Long enough for all that befalls it: another start, and two kills.
  beforeAll(async () => {
    station = await killedStation(scale(40_000), 2);
  });
  afterAll(() => station.close());

  test('case 91: a second start on the same data ends with 5 and says so, whenever it comes', async () => {
    const second = await pianola(['start', '--port', '0', '--data', station.data]);
    expect(second.code).toBe(5);
    expect(second.stderr).toContain('a station runs on');
    expect(station.heard().missedNotes).toBe(0);
  });

  test('case 82: the same broadcast goes on at the right note, with the next epoch, and nobody misses or doubles one; the books are right', async () => {
    const kills = [await station.kill(), await station.kill('SIGTERM')];
    expect(kills.map(({ epoch }) => epoch)).toEqual([2, 3]);
    for (const { resumeSeconds } of kills) expect(resumeSeconds).toBeLessThanOrEqual(2);
    await station.until('broadcast.over');
    await sleep(2_000);
    expect(station.heard()).toEqual({ missedNotes: 0, doubledNotes: 0 });
    const { data, today } = station;
    const [record] = await withStores(data, ({ records }) => records.list());
    expect(record).toMatchObject({ state: 'ended', performance: today, epoch: 3 });
    expect((await pianola(['replay', today, '--verify', '--data', data])).code).toBe(0);
  });
});

test('case 91: of two starts at once one runs, and the other ends with 5', async () => {
  const { mkdtemp, rm } = await import('node:fs/promises');
  const data = await mkdtemp('/tmp/pianola-two-');
  const start = () =>
    spawn(process.execPath, [BIN, 'start', '--no-first', '--port', '0', '--data', data], {
      env: { ...process.env, NODE_OPTIONS: '' },
      stdio: 'ignore',
    });
  const both = [start(), start()];
  const codes = both.map((child) => new Promise<number | null>((resolve) => child.once('exit', resolve)));
  expect(await Promise.race(codes)).toBe(5);
  const left = both.find((child) => child.exitCode === null)!;
  left.kill('SIGINT');
  await Promise.all(codes);
  await rm(data, { recursive: true, force: true, maxRetries: 3 });
});

describe('the page whose station has just come back', () => {
  const held = () => {
    const music = score();
    music.begin(liveHello({ broadcast: 'ours', t0: 1_000_000, durationMs: 60_000 }), 0);
    music.chunk({
      ...{ type: 'chunk', seq: 0, count: 1, broadcast: 'ours', epoch: 1, fromMs: 0, toMs: 15_000, here: 1 },
      ...{ state: { sounding: [], pedal: 0 }, notes: [[500, 400, 60, 64]], pedal: [] },
    });
    return music;
  };
  const none = {
    broadcast: null,
    state: 'scheduled',
    performance: null,
    t0: null,
    durationMs: null,
  } as const;

  test('case 83: plays on when it is told of no broadcast, or of an older one, until its own is over', () => {
    const music = held();
    expect(music.begin(liveHello(none), 5_000)).toBe('stale');
    expect(music.begin(liveHello({ broadcast: 'older', t0: 999_999 }), 5_000)).toBe('stale');
    expect(music.begin(liveHello({ broadcast: 'older', t0: 9, state: 'stopped' }), 5_000)).toBe('stale');
    expect([music.hello?.broadcast, music.notes.length]).toEqual(['ours', 1]);
    expect(music.begin(liveHello(none), 60_000)).toBe('new');
    expect(music.notes).toEqual([]);
  });

  test('case 83: is cut by a stop of its own broadcast, and by a newer one', () => {
    expect(held().stop('ours', 1)).toBe(true);
    expect(held().begin(liveHello({ broadcast: 'newer', t0: 1_000_001 }), 5_000)).toBe('new');
  });
});
