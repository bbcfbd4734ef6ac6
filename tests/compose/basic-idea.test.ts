import { describe, expect, test } from '@jest/globals';
import { basicIdea as beginning, type Heard, hearingOf } from '../../src/compose/basic-idea.ts';
import { noteTriple } from '../../src/music/tokens/encode.ts';
import { EMPTY_BAR, HERE, NEXT, NO_LENGTH, NO_PITCH } from '../../src/music/tokens/vocabulary.ts';

const C = { tonic: 0, major: true };
const planned = { key: C, fullness: 1, bars: 4, recalls: 1 };
const ONCE: Heard = { times: 1, just: true, here: true };
const basicIdea = (
  tokens: readonly number[],
  known: typeof planned,
  phrase: typeof planned,
  heard: Partial<Heard> = {},
) => beginning(tokens, known, phrase, { ...ONCE, ...heard });
const note = (place: number, pitch: number): number[] =>
  noteTriple(place, { pitch, length: 24, part: 'right' });
/** Three bars, the second without notes. */
const QUESTION = [
  ...[...note(NEXT, 60), ...note(HERE + 24, 64), ...note(HERE + 48, 67), ...note(HERE + 72, 72)],
  ...[EMPTY_BAR, NO_PITCH, NO_LENGTH],
  ...note(NEXT + 12, 71),
];
const twoBars = QUESTION.slice(0, -3);

describe('a phrase that takes up another', () => {
  test('begins with its first two bars, note for note', () => {
    expect(basicIdea(QUESTION, planned, planned)).toEqual(twoBars);
  });

  test('in its own key: by the nearest way', () => {
    const inKey = (tonic: number) =>
      basicIdea(QUESTION, planned, { ...planned, key: { tonic, major: true } });
    expect(inKey(7).slice(0, 3)).toEqual(note(NEXT, 55));
    expect(inKey(5).slice(0, 3)).toEqual(note(NEXT, 65));
    expect(inKey(5).slice(-3)).toEqual([EMPTY_BAR, NO_PITCH, NO_LENGTH]);
  });

  test('with the first alone where it is fuller than what it takes up, or a period is said again at once', () => {
    const first = twoBars.slice(0, -3);
    expect(basicIdea(QUESTION, planned, { ...planned, fullness: 1.3 })).toEqual(first);
    expect(basicIdea(QUESTION, planned, { ...planned, recalls: 2 })).toEqual(first);
    expect(basicIdea(QUESTION, planned, { ...planned, recalls: 4 })).toEqual(twoBars);
  });

  test('with the first alone where it was heard twice before, and freely where the last phrase was the second', () => {
    const first = twoBars.slice(0, -3);
    expect(basicIdea(QUESTION, planned, planned, { times: 2, just: false })).toEqual(first);
    expect(basicIdea(QUESTION, planned, planned, { times: 2, just: true })).toEqual([]);
  });

  test('with three bars where a part of the form returns to it, however often it was heard', () => {
    const far = { times: 5, just: false, here: false };
    expect(basicIdea(QUESTION, planned, planned, far)).toEqual(QUESTION);
    expect(basicIdea(QUESTION, planned, { ...planned, fullness: 1.3 }, far)).toEqual(twoBars.slice(0, -3));
  });

  test('knows how often it was heard', () => {
    expect(hearingOf([0, 0, 2, 2, 0], true)).toEqual({ times: 2, just: false, here: true });
    expect(hearingOf([0, 0], false)).toEqual({ times: 1, just: true, here: false });
    expect(hearingOf([0, 1], true)).toEqual({ times: 0, just: false, here: true });
  });

  test('is free in another mode, beyond the keyboard, and where there is hardly a note', () => {
    expect(basicIdea(QUESTION, planned, { ...planned, key: { tonic: 0, major: false } })).toEqual([]);
    const high = note(NEXT, 105).concat(note(HERE + 24, 106), note(HERE + 48, 107), note(HERE + 72, 108));
    expect(basicIdea(high, planned, { ...planned, key: { tonic: 1, major: true } })).toEqual([]);
    expect(basicIdea(high, planned, planned)).toEqual(high);
    expect(
      basicIdea(
        [60, 62, 64, 65].flatMap((pitch) => note(NEXT, pitch)),
        planned,
        planned,
      ),
    ).toEqual([]);
  });

  test('goes its own way before it is over, however short it is', () => {
    expect(basicIdea(QUESTION, planned, { ...planned, bars: 2 })).toEqual(twoBars.slice(0, -3));
  });
});
