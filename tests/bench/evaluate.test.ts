import { expect, test } from '@jest/globals';
import { askedOf, dateOf } from '../../bench/evaluate/asked.ts';

test('thirty performances of eight minutes, with one candidate a phrase and with eight, where nothing else is asked', () => {
  const asked = askedOf(['--out', 'there']);
  const seeds = Array.from({ length: 30 }, (_, i) => i + 1);
  expect(asked).toEqual({
    seeds,
    minutes: 8,
    candidates: [1, 8],
    model: 'model',
    out: 'there',
    corpus: null,
  });
  const other = askedOf(['--out', 'there', '--seeds', '601-603', '--minutes', '.5', '--candidates', '4']);
  expect(other).toMatchObject({ seeds: [601, 602, 603], minutes: 0.5, candidates: [4] });
  expect(askedOf(['--out', 'there', '--seeds', '7'])).toMatchObject({ seeds: [7] });
});

test.each([
  [[], /--out DIR/],
  [['--out', 'x', '--seeds', 'all'], /--seeds all/],
  [['--out', 'x', '--seeds', '30-1'], /--seeds 30-1/],
  [['--out', 'x', '--minutes', '0'], /--minutes 0/],
  [['--out', 'x', '--minutes', 'eight'], /--minutes eight/],
  [['--out', 'x', '--candidates', '1,'], /--candidates 1,/],
  [['--out', 'x', '--candidates', '1.5'], /--candidates 1\.5/],
  [['--out', 'x', '--corpus', 'nowhere'], /nowhere.splits\.tsv/],
])('what is no performance is refused: %j', (args, problem) => {
  expect(askedOf(args)).toEqual({ problem: expect.stringMatching(problem) });
});

test('no two performances are of one week, or they would have its theme in common', () => {
  const weeks = Array.from({ length: 700 }, (_, seed) =>
    Math.floor((Date.parse(dateOf(seed)) - Date.UTC(2026, 0, 5)) / (7 * 86_400_000)),
  );
  expect(new Set(weeks).size).toBe(700);
  expect(new Set(Array.from({ length: 7 }, (_, seed) => new Date(dateOf(seed)).getUTCDay())).size).toBe(7);
});
