import { describe, expect, test } from '@jest/globals';
import type { Reading } from '../../../src/music/midi/reading.ts';
import { placeMusic } from '../../../src/music/score/place.ts';

const PPQ = 480;
/** A waltz of eight bars, a bass and two chords: ticks moved by `wander`. */
function waltz(more: Partial<Reading>, wander: (tick: number) => number = (tick) => tick): Reading {
  const notes = Array.from({ length: 24 }, (_, i) => ({
    tick: Math.round(wander(i * PPQ)),
    ticks: PPQ - 20,
    pitch: i % 3 === 0 ? 40 : 64,
    velocity: i % 3 === 0 ? 90 : 60,
    channel: 0,
  }));
  return {
    verdict: 'accepted',
    format: 0,
    ppq: PPQ,
    title: '',
    tempos: [{ tick: 0, microsecondsPerQuarter: 500_000 }],
    timeSignatures: [],
    keySignatures: [],
    tracks: [{ name: '', programs: [], notes, controllers: [], bends: [], texts: [] }],
    repairs: [],
    warnings: [],
    ...more,
  };
}

describe('placing music in bars', () => {
  test('a file on a grid keeps its grid, its metre and its tempo', () => {
    const placed = placeMusic(waltz({ timeSignatures: [{ tick: 0, beats: 3, unit: 4 }] }))!;
    expect(placed.quantised).toBe(false);
    expect(placed.quartersPerMinute).toBe(120);
    expect(placed.score.bars).toHaveLength(8);
    expect(placed.score.notes.map(({ onset }) => onset)).toEqual(
      Array.from({ length: 24 }, (_, i) => i * 24),
    );
    // Eight bars of three quarters of half a second.
    expect(placed.endMs).toBe(12_000);
  });

  test('it opens at the tempo of its first bars and goes on at that of its last: no fermata is one, nor a final ritard', () => {
    const inThree = { timeSignatures: [{ tick: 0, beats: 3, unit: 4 }] };
    const at = (bar: number, tempo: number) => ({
      tick: bar * 3 * PPQ,
      microsecondsPerQuarter: 60_000_000 / tempo,
    });
    const placed = placeMusic(waltz({ ...inThree, tempos: [at(0, 40), at(1, 120), at(6, 90), at(7, 30)] }))!;
    expect([placed.opensAt, placed.quartersPerMinute]).toEqual([120, 120]);
    // 1 bar at 40, 5 at 120, 1 at 90 and 1 at 30.
    expect(placed.endMs).toBe(4_500 + 5 * 1_500 + 2_000 + 6_000);
    const faster = placeMusic(waltz({ ...inThree, tempos: [at(0, 60), at(20, 200)] }))!;
    expect(faster.quartersPerMinute).toBe(60);
  });

  test('a part that is left out moves nothing: the last bar ends where it ends', () => {
    const ticks = (bars: number[], pitch: number) =>
      bars.map((bar) => ({ tick: bar * 4 * PPQ, ticks: 4 * PPQ, pitch, velocity: 64, channel: 0 }));
    // Four staves, the first sung: the second is dropped, and it alone begins two bars early.
    const track = (program: number, notes: ReturnType<typeof ticks>) => ({
      ...{ name: '', controllers: [], bends: [], texts: [], notes },
      programs: [{ tick: 0, channel: 0, program }],
    });
    const four = [2, 3, 4, 5];
    const placed = placeMusic(
      waltz({
        format: 1,
        timeSignatures: [{ tick: 0, beats: 4, unit: 4 }],
        tracks: [
          track(52, ticks(four, 72)),
          track(52, ticks([0, 1, ...four], 67)),
          track(0, ticks(four, 60)),
          track(0, ticks(four, 48)),
        ],
      }),
    )!;
    expect(placed.endMs).toBe(6 * 2_000);
  });

  test('without one, beats are found where notes begin, in three where basses come in threes', () => {
    const rubato = (tick: number) => tick * 1.07 + 40 * Math.sin(tick / 900);
    const placed = placeMusic(waltz({}, rubato))!;
    expect(placed.quantised).toBe(true);
    expect(placed.score.bars[0]!.metre).toEqual({ beats: 3, unit: 4 });
    const basses = placed.score.notes.filter(({ pitch }) => pitch === 40);
    expect(basses.every(({ onset }) => onset % 72 === basses[0]!.onset % 72)).toBe(true);
    expect(placed.quartersPerMinute).toBeGreaterThan(105);
    expect(placed.quartersPerMinute).toBeLessThan(120);
  });
});
