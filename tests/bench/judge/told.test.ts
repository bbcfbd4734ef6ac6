import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { askedOf } from '../../../bench/judge/asked.ts';
import { FIGURES } from '../../../bench/judge/figures.ts';
import { auc, regression } from '../../../bench/judge/logistic.ts';
import {
  evenly,
  judgeMidi,
  judgePerformed,
  judgePlayed,
  judgePrinted,
  judgeScores,
  movementsOf,
} from '../../../bench/judge/read.ts';
import { byPiece, told } from '../../../bench/judge/told.ts';
import { rowsOf, table, toldByFigures } from '../../../bench/judge/verdict.ts';
import { writeMidiFile } from '../../../src/music/midi/write.ts';
import { toMusic } from '../../../src/music/note.ts';
import { seededRandom } from '../../../src/music/random.ts';
import type { Score } from '../../../src/music/score/score.ts';

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
    // So many figures as pieces, each of one piece alone: learnt by heart every passage would be told.
    const own = (first: number) =>
      Array.from({ length: 10 }, (_, i) =>
        Array.from({ length: 4 }, () => Array.from({ length: 20 }, (_, k) => Number(k === first + i))),
      );
    const [a, b] = [own(0), own(10)];
    const { means, deviations, weights } = regression(a.flat(), b.flat());
    const logit = (row: readonly number[]) =>
      row.reduce((sum, value, i) => sum + weights[i]! * ((value - means[i]!) / deviations[i]!), 0);
    expect(auc(a.flat().map(logit), b.flat().map(logit))).toBe(1);
    expect(told(a, b)!.auc).toBeLessThanOrEqual(0.5);
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
    await mkdir(join(directory, 'stanford-piano-rolls'));
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
    const one = { title: 'One', music: toMusic(notes.slice(0, 1)), markers: [] };
    for (const folder of ['midi', 'stanford-piano-rolls'])
      await writeFile(join(directory, folder, 'one.mid'), writeMidiFile(one));
    const rows = [
      'file\tsplit\tgroup',
      'mutopia/march.mid\ttest\t1',
      'stanford-piano-rolls/one.mid\ttest\t2',
    ];
    await writeFile(join(directory, 'splits.tsv'), `${rows.join('\n')}\n`);
    await writeFile(join(directory, 'scores', 'none.json'), 'no score');
    await writeFile(
      join(directory, 'scores', 'one.json'),
      JSON.stringify({ ...march(1), notes: [march(1).notes[0]] }),
    );
  });
  afterAll(() => rm(directory, { recursive: true }));

  test('performances are judged as they are, broken ones left out; scores are played first', async () => {
    const leftOut: string[] = [];
    const [performed, ...others] = await judgeMidi([join(directory, 'midi')], (why) => leftOut.push(why));
    expect(others).toEqual([]);
    expect(leftOut.splice(0)).toEqual([
      expect.stringContaining('broken.mid: not a MIDI file'),
      expect.stringContaining('one.mid: it has fewer than two notes'),
    ]);
    expect(performed!.passages.length).toBe(2);
    const [scored, ...more] = await judgeScores([join(directory, 'scores')], 1, (why) => leftOut.push(why));
    expect(more).toEqual([]);
    expect(leftOut).toEqual([
      expect.stringContaining('none.json: no score of bars and notes'),
      expect.stringContaining('one.json: it has fewer than two notes'),
    ]);
    expect(scored!.whole.pedalChanges).toBeGreaterThan(10);
    expect(performed!.whole.pedalChanges).toBe(0);
    const [printed] = await judgePrinted(directory, 'mutopia', 'test', 5, 1);
    expect(printed!.whole.pedalChanges).toBeGreaterThan(10);
    expect(await judgePerformed(directory, 'stanford-piano-rolls', 'test')).toEqual([]);
  });

  test('what a score says again is known by the score, however it is played; a passage of it is left out', () => {
    const { bars, notes } = march(60);
    const end = bars.length * 96;
    const later = { bars: bars.map((bar) => ({ ...bar, start: bar.start + end })) };
    const again = notes.map((note) => ({ ...note, onset: note.onset + end }));
    const score = { bars: [...bars, ...later.bars], notes: [...notes, ...again] } as Score;
    const once = judgePlayed('march', { bars, notes } as Score, 1);
    const twice = judgePlayed('march', score, 1);
    expect([once.whole.pasted, twice.whole.pasted]).toEqual([0, 0.5]);
    expect(twice.passages.length - once.passages.length).toBeLessThanOrEqual(1);
  });

  test('asked is what is there, in numbers that are some', async () => {
    const corpus = ['--corpus', directory];
    expect(await askedOf([...corpus, '--midi', join(directory, 'midi'), '--printed', '8'])).toEqual({
      scores: [],
      midi: [join(directory, 'midi')],
      corpus: directory,
      split: 'test',
      printed: 8,
      seed: 1,
      json: false,
    });
    const problem = async (...args: string[]) => (await askedOf(args)) as { problem: string };
    expect(await problem()).toEqual({ problem: expect.stringContaining('--corpus DIR') });
    const elsewhere = join(directory, 'scores');
    expect(await problem('--corpus', elsewhere)).toEqual({
      problem: `there is no ${join(elsewhere, 'splits.tsv')}`,
    });
    expect(await problem(...corpus, '--scores', 'nowhere')).toEqual({ problem: 'there is no nowhere' });
    expect(await problem(...corpus, '--printed', 'all')).toEqual({
      problem: '--printed all is no number of pieces',
    });
    expect(await problem(...corpus, '--seed', '.5')).toEqual({ problem: '--seed .5 is no whole number' });
    expect(await askedOf(['--help'])).toBeNull();
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
