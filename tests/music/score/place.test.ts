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
