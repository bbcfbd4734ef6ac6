import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { FIGURES } from '../../../bench/judge/figures.ts';
import { evenly, judgeMidi, judgePrinted, judgeScores, movementsOf } from '../../../bench/judge/read.ts';
import { byPiece, told } from '../../../bench/judge/told.ts';
import { rowsOf, table, toldByFigures } from '../../../bench/judge/verdict.ts';
import { writeMidiFile } from '../../../src/music/midi/write.ts';
import { toMusic } from '../../../src/music/note.ts';
import { seededRandom } from '../../../src/music/random.ts';

/** Eight pieces of three rows of one figure around a value, and one that says nothing. */
const pieces = (value: number, seed: number, apart = 1) => {
  const random = seededRandom(seed);
  return Array.from({ length: 8 }, () =>
    Array.from({ length: 3 }, () => [value + apart * random(), random()]),
  );
};

describe('told apart', () => {
  test('always where a figure never agrees, and by that figure', () => {
    const verdict = told(pieces(5, 1), pieces(0, 2))!;
    expect(verdict.auc).toBe(1);
    expect(verdict.error).toBe(0);
    expect(verdict.weights[0]!).toBeGreaterThan(5 * Math.abs(verdict.weights[1]!));
  });

  test('not at all where pieces differ from one another as much as the sides do', () => {
    const verdicts = Array.from({ length: 4 }, (_, i) => told(pieces(0, 2 * i), pieces(0, 2 * i + 1))!.auc);
    expect(Math.abs(verdicts.reduce((sum, auc) => sum + auc, 0) / 4 - 0.5)).toBeLessThan(0.1);
  });

  test('a piece is never told by what was learnt from itself', () => {
    // Every piece has a value of its own: learnt by heart it would be told, by other pieces it cannot be.
    const own = (first: number) =>
      Array.from({ length: 10 }, (_, i) => Array.from({ length: 4 }, () => [(i * 2 + first) % 20]));
    expect(told(own(0), own(1))!.auc).toBeLessThan(0.7);
  });

  test('not said of fewer pieces than folds', () => {
    expect(told(pieces(0, 1).slice(0, 4), pieces(1, 2))).toBeNull();
  });
});

test('means weigh pieces alike, and their errors are by piece', () => {
  expect(byPiece([[1, 1, 1, 1], [3], []])).toEqual({ mean: 2, error: 1 });
  expect(byPiece([]).mean).toBeNaN();
});

test('pieces are spread over a list', () => {
  expect(evenly([0, 1, 2, 3, 4, 5, 6, 7], 4)).toEqual([0, 2, 4, 6]);
  expect(evenly([0, 1, 2], 10)).toEqual([0, 1, 2]);
});

describe('files', () => {
  let directory: string;
  /** A march of eighths over quarters, so many bars; no two alike, or they would count as pasted. */
  const random = seededRandom(1);
  const key = (from: number) => from + Math.floor(12 * random());
  const march = (count: number) => ({
    bars: Array.from({ length: count }, (_, i) => ({
      start: 96 * i,
      length: 96,
      metre: { beats: 4, unit: 4 },
    })),
    notes: Array.from({ length: count * 8 }, (_, i) => i).flatMap((i) => [
      ...(i % 2 === 0 ? [{ onset: 12 * i, length: 24, pitch: key(40), part: 'left' }] : []),
      { onset: 12 * i, length: 12, pitch: key(65), part: 'right' },
    ]),
  });
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'pianola-judge-'));
    await mkdir(join(directory, 'scores'));
    await mkdir(join(directory, 'midi'));
    await mkdir(join(directory, 'mutopia'));
    await writeFile(join(directory, 'scores', 'march.json'), JSON.stringify(march(60)));
    const notes = march(60).notes.map(({ onset, length, pitch }) => ({
      onsetMs: onset * 20,
      durationMs: length * 20,
      pitch,
      velocity: 64,
    }));
    const file = writeMidiFile({ title: 'March', music: toMusic(notes), markers: [] });
    await writeFile(join(directory, 'midi', 'march.mid'), file);
    await writeFile(join(directory, 'mutopia', 'march.mid'), file);
    await writeFile(join(directory, 'midi', 'broken.mid'), 'no music');
    await writeFile(join(directory, 'splits.tsv'), 'file\tsplit\tgroup\nmutopia/march.mid\ttest\t1\n');
  });
  afterAll(() => rm(directory, { recursive: true }));

  test('performances are judged as they are, broken ones left out; scores are played first', async () => {
    const leftOut: string[] = [];
    const [performed, ...others] = await judgeMidi([join(directory, 'midi')], (why) => leftOut.push(why));
    expect(others).toEqual([]);
    expect(leftOut).toEqual([expect.stringContaining('broken.mid: not a MIDI file')]);
    expect(performed!.passages.length).toBe(2);
    const [scored] = await judgeScores([join(directory, 'scores')], 1);
    expect(scored!.whole.pedalChanges).toBeGreaterThan(10);
    expect(performed!.whole.pedalChanges).toBe(0);
    const [printed] = await judgePrinted(directory, 'mutopia', 'test', 5, 1);
    expect(printed!.whole.pedalChanges).toBeGreaterThan(10);
  });

  test('a performance is cut at its markers, pedal and all', () => {
    const music = toMusic(
      [0, 500, 9000, 9500].map((onsetMs) => ({ onsetMs, durationMs: 100, pitch: 60, velocity: 64 })),
      [
        { ms: 100, value: 127 },
        { ms: 700, value: 0 },
        { ms: 9100, value: 127 },
      ],
    );
    const [first, second] = movementsOf(music, [{ ms: 0 }, { ms: 8000 }]);
    expect([first!.notes.length, first!.pedal.length, first!.durationMs]).toEqual([2, 2, 700]);
    expect(second!.notes.map(({ onsetMs }) => onsetMs)).toEqual([1000, 1500]);
    expect(second!.pedal).toEqual([{ ms: 1100, value: 127 }]);
    expect(movementsOf(music, [{ ms: 3 }])).toHaveLength(1);
  });

  test('a table has a row a figure and says of each side how many pieces it has', async () => {
    const side = { name: 'performances', pieces: await judgeMidi([join(directory, 'midi', 'march.mid')]) };
    const rows = rowsOf([side]);
    expect(rows.slice(0, FIGURES.length).map(({ figure }) => figure)).toEqual([...FIGURES]);
    expect(table([side], rows)).toMatch(/performances\npieces +1\npassages of 40 s +2\npulse +\d/);
    expect(toldByFigures(side.pieces, side.pieces)).toBeNull();
  });
});
