import { expect, test } from '@jest/globals';
import { drawForm, formText } from '../../../web/roll/form.ts';
import type { Inks } from '../../../web/roll/inks.ts';
import { alongOf, rollLayout } from '../../../web/roll/layout.ts';
import type { Sheet } from '../../../web/roll/paint.ts';

test('what begins, in words', () => {
  const part = { ms: 0, movement: 2, bar: 25 };
  expect(
    (['begins', 'leaves', 'returns', 'varies'] as const).map((turn) => formText({ ...part, turn })),
  ).toEqual([
    'Movement II',
    'something else: II, bar 25',
    'the opening returns: II, bar 25',
    'varied: II, bar 25',
  ]);
  expect(formText({ ...part, movement: 14, turn: 'begins' })).toBe('Movement 14');
});

test('a line lies where the part begins, its words after it; far from what is painted nothing is drawn', () => {
  const layout = rollLayout(1_280, 560);
  const form = [0, 30_000, 90_000].map((ms, i) => ({
    ms,
    movement: 1,
    bar: 1 + i,
    turn: 'returns' as const,
  }));
  const lines: number[] = [];
  const words: [number, string][] = [];
  const sheet = {
    pen: {},
    bar: (along: number) => void lines.push(along),
    text: (along: number, _: number, said: string) => void words.push([along, said]),
  } as unknown as Sheet;
  // A tile that begins a second after the line: the words reach into it.
  drawForm(sheet, layout, {} as Inks, form, 31_000);
  const along = alongOf(layout, 31_000, 30_000);
  expect(along).toBeCloseTo(-71.1, 1);
  expect(lines).toEqual([along]);
  expect(words).toEqual([[along + 8, 'the opening returns: I, bar 2']]);
});
