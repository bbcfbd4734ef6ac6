import { expect, test } from '@jest/globals';
import { compare, table } from '../../bench/evaluate/compare.ts';
import { criteria, endsProperly } from '../../bench/evaluate/criteria.ts';
import { ear, excerptsOf } from '../../bench/evaluate/ear.ts';
import { overlappedArea } from '../../bench/evaluate/overlap.ts';
import { evaluationPage } from '../../bench/evaluate/page.ts';
import { movementsOf } from '../../bench/evaluate/pieces.ts';
import { toMusic } from '../../src/music/note.ts';
import { note, scale } from '../support/music.ts';
import { TASTE } from '../support/taste.ts';

const piece = (name: string, stepMs: number) => ({ name, music: scale(60_000, stepMs) });

test('a performance is measured movement by movement, each from its own start', () => {
  const notes = Array.from({ length: 200 }, (_, i) => note(i * 500 + (i >= 100 ? 6000 : 0), 400));
  const markers = [
    { ms: 0, text: 'a' },
    { ms: 56_000, text: 'b' },
  ];
  const movements = movementsOf('x', { music: toMusic(notes), markers });
  expect(
    movements.map(({ name, music, silenceMs }) => [
      name,
      music.notes[0]!.onsetMs,
      music.durationMs,
      silenceMs,
    ]),
  ).toEqual([
    ['x 1', 0, 49_900, 6100],
    ['x 2', 0, 49_900, 0],
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

test('the overlapped area is 1 for the same values, 0 for far ones, and about a half in between', () => {
  const values = Array.from({ length: 40 }, (_, i) => Math.sin(i * 7) * 2);
  const moved = (by: number) => values.map((value) => value + by);
  expect(overlappedArea(values, values)).toBeCloseTo(1, 2);
  expect(overlappedArea(values, moved(100))).toBeLessThan(0.01);
  const between = overlappedArea(values, moved(1.8));
  expect(between).toBeGreaterThan(0.35);
  expect(between).toBeLessThan(0.7);
  expect(overlappedArea([3, 3], [3, 3])).toBeCloseTo(1, 1);
});

test('excerpts are of 30 s each, from 0 on, and the rest of a piece is none', () => {
  const excerpts = excerptsOf(scale(80_000, 500));
  expect(excerpts).toHaveLength(2);
  for (const notes of excerpts) {
    expect(notes).toHaveLength(60);
    expect(notes[0]!.onsetMs).toBe(0);
    expect(notes.at(-1)!.onsetMs).toBe(29_500);
  }
});

test('composed music is told from human music by who chose it, and by a stranger that learnt from half of both', () => {
  // A stretch of so many notes a second; the chooser of this test likes everything as much.
  const played = (name: string, stepMs: number, count = 6) =>
    Array.from({ length: count }, (_, i) => ({
      ...piece(`${name}${i}`, stepMs),
      music: scale(35_000, stepMs + i),
    }));
  const alike = ear(played('a', 300), played('b', 300), TASTE);
  expect(alike.byChooser).toBe(0.5);
  expect(ear(played('a', 300), played('b', 150), TASTE)).toEqual({ byChooser: 0.5, byStranger: 1 });
  expect(ear(played('a', 300, 1), played('b', 150), TASTE).byStranger).toBeNull();
  expect(ear([], played('b', 150), TASTE)).toEqual({ byChooser: null, byStranger: null });
});

/** A minute of quavers, slowing down to a spread C major chord. */
function ended(
  changed: { holdMs?: number; top?: number; lateMs?: number; slowMs?: number } = {},
  silenceMs = 4000,
) {
  const { holdMs = 4000, top = 72, lateMs = 90, slowMs = 900 } = changed;
  const body = Array.from({ length: 110 }, (_, i) => note(i * 500, 400, 48 + (i % 24), 40 + (i % 40)));
  const slower = Array.from({ length: 9 }, (_, i) => note(55_000 + i * slowMs, 400, 62));
  const chord = [48, 55, 64, top].map((pitch, i) =>
    note(55_000 + 9 * slowMs + i * lateMs, holdMs - i * lateMs, pitch, 50),
  );
  return { name: 'x', music: toMusic([...body, ...slower, ...chord]), silenceMs };
}
const measuredOf = (piece: ReturnType<typeof ended>) => compare([piece], []).pieces[0]!;

test('a movement ends as it should, or it is told apart', () => {
  expect(endsProperly(measuredOf(ended()))).toBe(true);
  for (const changed of [{ holdMs: 2000 }, { holdMs: 6000 }, { top: 73 }, { lateMs: 0 }, { slowMs: 300 }]) {
    expect(endsProperly(measuredOf(ended(changed)))).toBe(false);
  }
  expect(endsProperly(measuredOf(ended({}, 2000)))).toBe(false);
});

test('what is asked of performances names every movement that strays, and what it was', () => {
  const references = [400, 450, 500, 550].map((step) => piece(`r${step}`, step));
  const like = compare([{ ...piece('like', 480), silenceMs: 0 }], references);
  const asked = criteria(like, compare([piece('pass', 300)], []).pieces);
  const of = (name: string) => asked.find((own) => own.name.startsWith(name))!;
  expect(asked).toHaveLength(9);
  expect(of('breathsPerMinute')).toMatchObject({ found: 'all', holds: true });
  expect(of('every movement slows down')).toMatchObject({ found: 'not like', holds: false });
  const rushing = compare([piece('like', 480), piece('wild', 50)], references);
  expect(criteria(rushing, []).find(({ name }) => name.startsWith('registerDrift'))).toMatchObject({
    found: expect.stringMatching(/^not 1: wild: /),
    holds: false,
  });
  // Nothing to compare with is no proof.
  expect(criteria(rushing, []).find(({ name }) => name.startsWith('structureness'))!.holds).toBe(false);
});

test('each of what is asked of performances holds up to its very edge, and not beyond', () => {
  const references = [400, 450, 500, 550].map((step) => piece(`r${step}`, step));
  const { pieces, rows } = compare([{ ...piece('like', 480), silenceMs: 0 }], references);
  const pass = compare([piece('pass', 300)], []).pieces;
  const [one] = pieces;
  const { repeated16, registerDrift, structureness15, sharedRun } = rows;
  const holds = (name: string, changed: Partial<typeof one> = {}, rowsToo: Partial<typeof rows> = {}) =>
    criteria({ pieces: [{ ...one!, ...changed }], rows: { ...rows, ...rowsToo } as typeof rows }, pass).find(
      (criterion) => criterion.name.startsWith(name),
    )!.holds;
  expect([0.8, 0.799].map((within) => holds('figures', { within }))).toEqual([true, false]);
  const { mean, sd } = repeated16!.reference!;
  const repeated = [mean + sd, mean + 1.01 * sd].map((apart) => ({
    repeated16: { ...repeated16!, mean: apart },
  }));
  expect(sd).toBeGreaterThan(0);
  expect(repeated.map((row) => holds('repeated', {}, row))).toEqual([true, false]);
  const alone = pass[0]!.metrics.structureness15;
  const structured = [alone + 0.001, alone].map((mean) => ({
    structureness15: { ...structureness15!, mean },
  }));
  expect(structured.map((row) => holds('structureness', {}, row))).toEqual([true, false]);
  const { p95 } = registerDrift!.reference!;
  const drifts = [p95, p95 + 0.01].map((drift) => ({ metrics: { ...one!.metrics, registerDrift: drift } }));
  expect(drifts.map((changed) => holds('registerDrift', changed))).toEqual([true, false]);
  const { p90 } = sharedRun!.reference!;
  expect([p90, p90 + 1].map((known) => holds('longest', { sharedRun: known }))).toEqual([true, false]);
});
