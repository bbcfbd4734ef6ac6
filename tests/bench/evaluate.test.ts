import { expect, test } from '@jest/globals';
import { compare, table } from '../../bench/evaluate/compare.ts';
import { evaluationPage } from '../../bench/evaluate/page.ts';
import { movementsOf } from '../../bench/evaluate/pieces.ts';
import { toMusic } from '../../src/music/note.ts';
import { note, scale } from '../support/music.ts';

const piece = (name: string, stepMs: number) => ({ name, music: scale(60_000, stepMs) });

test('a performance is measured movement by movement, each from its own start', () => {
  const notes = Array.from({ length: 200 }, (_, i) => note(i * 500 + (i >= 100 ? 6000 : 0), 400));
  const markers = [
    { ms: 0, text: 'a' },
    { ms: 56_000, text: 'b' },
  ];
  const movements = movementsOf('x', { music: toMusic(notes), markers });
  expect(movements.map(({ name, music }) => [name, music.notes[0]!.onsetMs, music.durationMs])).toEqual([
    ['x 1', 0, 49_900],
    ['x 2', 0, 49_900],
  ]);
});

test('a figure is within where it lies between the p5 and p95 of the references', () => {
  const references = [400, 450, 500, 550].map((step) => piece(`r${step}`, step));
  const { rows, pieces } = compare([piece('like', 480), piece('rushing', 50)], references);
  expect(rows.notesPerSecond).toMatchObject({ within: 0.5, reference: { p5: expect.any(Number) } });
  expect(pieces[0]!.within).toBeGreaterThan(pieces[1]!.within!);
  // The scales share all their intervals with one another, themselves left out.
  expect(rows.sharedRun!.reference!.mean).toBeGreaterThan(100);
  expect(table(rows)).toContain('notesPerSecond');
});

test('without references the figures stand alone', () => {
  const { rows, pieces } = compare([piece('a', 500)], []);
  expect(rows.notesPerSecond).toMatchObject({ reference: null, within: null });
  expect(rows.sharedRun).toBeUndefined();
  expect(pieces[0]!.within).toBeNull();
});

test('the page shows every note of the rolls, and names are text, not markup', () => {
  const { pieces } = compare([piece('<b>', 500)], []);
  const page = evaluationPage(pieces, '');
  expect(page.match(/<rect /g)).toHaveLength(3 * 120);
  expect(page).toContain('&lt;b>');
});

test('with the training at hand, runs are looked for there alone, for both sides', () => {
  const references = [piece('r1', 400), piece('r2', 500)];
  const { rows } = compare([piece('a', 480)], references, [Int16Array.of(9, 9, 1, 1, 9)]);
  expect(rows.sharedRun).toMatchObject({ mean: 2, reference: { mean: 2 } });
});
