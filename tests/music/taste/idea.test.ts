import { describe, expect, test } from '@jest/globals';
import type { ScoreNote } from '../../../src/music/score/score.ts';
import { atHome, singable, takesUpItsIdea } from '../../../src/music/taste/idea.ts';

const C = { tonic: 0, major: true };
const A_MINOR = { tonic: 9, major: false };
const BAR = 96;
/** Quarters, one after the other. */
const melody = (pitches: readonly number[]): ScoreNote[] =>
  pitches.map((pitch, i) => ({ onset: i * 24, length: 24, pitch, part: 'right' }));
const chord = (pitches: readonly number[], length = 96): ScoreNote[] =>
  pitches.map((pitch) => ({ onset: 0, length, pitch, part: 'right' }));

describe('a phrase is at home', () => {
  test('where the tonic chord sounds longer than the chords of its neighbours', () => {
    // C, E and G, of which G is of the dominant and C of the subdominant: 1 − 1/3.
    expect(atHome(chord([60, 64, 67]), C)).toBeCloseTo(2 / 3);
    expect(atHome(chord([57, 60, 64]), A_MINOR)).toBeCloseTo(2 / 3);
  });

  test('and not where its dominant or its subdominant does', () => {
    expect(atHome(chord([67, 71, 74]), C)).toBeCloseTo(-2 / 3);
    // In A minor the dominant is E major: with its leading tone.
    expect(atHome(chord([64, 68, 71]), A_MINOR)).toBeCloseTo(-2 / 3);
    expect(atHome(chord([65, 69, 72]), C)).toBeCloseTo(-2 / 3);
  });

  test('as long as the notes are', () => {
    const mostlyTonic = [...chord([60, 64, 67], 72), ...chord([67, 71, 74], 24)];
    // 3 × 72 + 24 of 288 in the tonic chord, 72 + 3 × 24 in the dominant's.
    expect(atHome(mostlyTonic, C)).toBeCloseTo((240 - 144) / 288);
    expect(atHome([], C)).toBe(0);
  });
});

describe('a phrase takes up its idea', () => {
  test('in a bar that goes as an earlier one went, wherever it lies and however wide it is', () => {
    expect(takesUpItsIdea(melody([60, 62, 64, 62, 65, 69, 71, 67]), 2, BAR)).toBe(1);
  });

  test('less where some of it goes otherwise', () => {
    // Of four places the last goes up instead of down.
    expect(takesUpItsIdea(melody([60, 62, 64, 62, 65, 67, 69, 71]), 2, BAR)).toBe(0.75);
  });

  test('not in a bar that is said again', () => {
    expect(takesUpItsIdea(melody([60, 62, 64, 62, 60, 62, 64, 62]), 2, BAR)).toBe(0);
  });

  test('of all earlier bars the nearest counts, and a bar of one note does not', () => {
    const other = melody([60, 62, 64, 62, 72, 71, 69, 67, 65, 67, 69, 67]);
    // The second bar shares its beginning alone with the first; the third is like the first.
    expect(takesUpItsIdea(other, 3, BAR)).toBeCloseTo((0.5 + 1) / 2);
    expect(takesUpItsIdea([...other, { onset: 3 * BAR, length: 96, pitch: 60, part: 'right' }], 4, BAR)).toBe(
      takesUpItsIdea(other, 3, BAR),
    );
    expect(takesUpItsIdea([], 4, BAR)).toBe(0);
  });
});

describe('a melody can be sung', () => {
  test('where it turns back from its leaps', () => {
    expect(singable(melody([60, 67, 65, 64]))).toBe(1);
  });

  test('less where it leaps on, or back as far', () => {
    expect(singable(melody([60, 67, 72, 71]))).toBeCloseTo(2 / 3);
    expect(singable(melody([60, 67, 60, 62]))).toBeCloseTo(2 / 3);
  });

  test('whatever repeats, and whatever the left hand does', () => {
    expect(singable(melody([60, 60, 60]))).toBe(1);
    expect(singable(melody([60, 67, 67, 72, 71]))).toBeCloseTo(2 / 3);
    const left: ScoreNote[] = melody([36, 60, 48, 72]).map((note) => ({ ...note, part: 'left' }));
    expect(singable(left)).toBe(1);
  });
});
