import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Key } from '../../../src/music/key.ts';
import { FORMS, planPhrases } from '../../../src/music/plan/phrase-form.ts';
import { seededRandom } from '../../../src/music/random.ts';
import { RECALLS_OPENING } from '../../../src/music/score/phrases.ts';

const HOME: Key = { tonic: 9, major: false };
const text = (form: (typeof FORMS)[number], bars: number, seed = 1) =>
  planPhrases(form, bars, HOME, seededRandom(seed)).map(
    ({ key, cadence, recalls, section }) =>
      `${section} ${key.tonic}${key.major ? '+' : '-'} ${cadence} ${recalls}`,
  );

describe('the form of a movement', () => {
  test('A B A: the middle goes to another key, leads back on the dominant, and the opening returns', () => {
    expect(text('ternary', 24, 3)).toEqual([
      'A 9- half 0',
      'A 9- full 1',
      'B 0+ half 0',
      'B 9- half 0',
      "A' 9- half 4",
      "A' 9- final 4",
    ]);
  });

  test('a theme and its variations recall it phrase by phrase, one of them in the other mode', () => {
    const phrases = planPhrases('variations', 64, HOME, seededRandom(1));
    expect(phrases.slice(4).every(({ recalls }) => recalls === 4)).toBe(true);
    expect(new Set(phrases.filter(({ key }) => key.major).map(({ section }) => section))).toEqual(
      new Set(['variation 2']),
    );
  });

  test('a rondo comes back to its theme after each episode', () => {
    const sections = planPhrases('rondo', 96, HOME, seededRandom(1)).map(({ section }) => section);
    expect(sections.filter((section, i) => section !== sections[i - 1])).toEqual([
      'theme',
      'episode 1',
      'theme again',
      'episode 2',
      'theme again',
    ]);
  });

  test('the shortest rondo has an episode too, which leads back', () => {
    const phrases = planPhrases('rondo', 32, HOME, seededRandom(1));
    expect(phrases.map(({ section }) => section)).toEqual([
      ...['theme', 'theme', 'theme', 'theme'],
      ...['episode 1', 'episode 1', 'theme again', 'theme again'],
    ]);
    expect(phrases[4]!.key).not.toEqual(HOME);
    expect(phrases[5]).toMatchObject({ key: HOME, cadence: 'half' });
  });

  test('whatever is asked for, it begins and ends at home, recalls what is there, and lasts as long within a period', () => {
    const cases = fc.property(
      fc.constantFrom(...FORMS),
      fc.integer({ min: 8, max: 300 }),
      fc.integer({ min: 0, max: 11 }),
      fc.boolean(),
      fc.integer(),
      (form, bars, tonic, major, seed) => {
        const home = { tonic, major };
        const phrases = planPhrases(form, bars, home, seededRandom(seed));
        expect(phrases[0]!.key).toEqual(home);
        expect(phrases.at(-1)).toMatchObject({ key: home, cadence: 'final' });
        expect(phrases.filter(({ cadence }) => cadence === 'final')).toHaveLength(1);
        phrases.forEach(({ recalls }, i) => {
          if (recalls !== RECALLS_OPENING) expect(recalls).toBeLessThanOrEqual(i);
        });
        const planned = phrases.reduce((sum, phrase) => sum + phrase.bars, 0);
        if (bars >= 16) expect(Math.abs(planned - bars)).toBeLessThanOrEqual(8);
      },
    );
    fc.assert(cases);
  });
});
