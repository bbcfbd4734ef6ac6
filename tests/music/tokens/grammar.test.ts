import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { seededRandom } from '../../../src/music/random.ts';
import { barLength, type Metre } from '../../../src/music/score/score.ts';
import { decodeNotes } from '../../../src/music/tokens/encode.ts';
import { FINGERS, grammar, HAND_SPAN } from '../../../src/music/tokens/grammar.ts';
import {
  EMPTY_BAR,
  END,
  HERE,
  LENGTH,
  LENGTHS,
  METRES,
  NEXT,
  NO_LENGTH,
  NO_PITCH,
  PITCH,
  SOURCE,
  TEXTURES,
  type Texture,
} from '../../../src/music/tokens/vocabulary.ts';

const COMMON: Metre = { beats: 4, unit: 4 };
const RIGHT = LENGTH;
const LEFT = LENGTH + LENGTHS.length;
const QUARTER = LENGTHS.indexOf(24);

/** A phrase sampled with every allowed token as likely as any other. */
function anyPhrase(bars: number, metre: Metre, texture: Texture, seed: number): number[] {
  const rules = grammar({ bars, metre, texture });
  const random = seededRandom(seed);
  const tokens: number[] = [];
  for (let i = 0; i < 20_000; i++) {
    const allowed = [...rules.allowed().entries()].filter(([, may]) => may === 1).map(([id]) => id);
    // Forward half of the time, or a phrase of random tokens would never end.
    const onward = allowed.filter((id) => id >= NEXT && id <= END);
    const from = rules.slot === 0 && onward.length > 0 && random() < 0.5 ? onward : allowed;
    const token = from[Math.floor(random() * from.length)]!;
    rules.push(token);
    if (rules.over) return tokens;
    tokens.push(token);
  }
  throw new Error('the phrase does not end');
}

describe('the grammar of a phrase', () => {
  const cases = fc.property(
    fc.integer({ min: 1, max: 8 }),
    fc.constantFrom(...METRES),
    fc.constantFrom(...TEXTURES),
    fc.integer(),
    (bars, metre, texture, seed) => {
      const tokens = anyPhrase(bars, metre, texture, seed);
      const width = barLength(metre);
      const notes = decodeNotes(tokens, (bar) => ({ start: bar * width }));
      expect(notes.every(({ onset }) => onset < bars * width)).toBe(true);
      const strikes = new Map<number, Map<string, number[]>>();
      for (const { onset, pitch, part } of notes) {
        const hands = strikes.get(onset) ?? new Map<string, number[]>();
        const hand = part === 'left' ? 'left' : 'right';
        hands.set(hand, [...(hands.get(hand) ?? []), pitch]);
        strikes.set(onset, hands);
      }
      for (const hands of strikes.values()) {
        for (const keys of hands.values()) {
          expect(keys.length).toBeLessThanOrEqual(FINGERS);
          expect(Math.max(...keys) - Math.min(...keys)).toBeLessThanOrEqual(HAND_SPAN);
        }
        const [left, right] = [hands.get('left'), hands.get('right')];
        if (left && right) expect(Math.max(...left)).toBeLessThan(Math.min(...right));
      }
      const lastOf = new Map<number, number>();
      for (const { onset, pitch } of notes) {
        expect(onset - (lastOf.get(pitch) ?? Number.NEGATIVE_INFINITY)).toBeGreaterThanOrEqual(6);
        lastOf.set(pitch, onset);
      }
      if (texture !== 'song') expect(notes.some(({ part }) => part === 'voice')).toBe(false);
    },
  );
  test('fills its bars and no more, within two hands that do not cross, whatever is sampled', () => {
    fc.assert(cases, { numRuns: 60 });
  });

  test('begins with a bar, ends where the bar after the last would begin', () => {
    const rules = grammar({ bars: 1, metre: COMMON, texture: 'solo' });
    const may = rules.allowed();
    expect([may[HERE], may[NEXT], may[EMPTY_BAR], may[END]]).toEqual([0, 1, 1, 0]);
    for (const token of [NEXT, PITCH + 30, RIGHT + QUARTER]) rules.push(token);
    expect(rules.over).toBe(false);
    rules.push(NEXT + 12);
    expect(rules.over).toBe(true);
  });

  test('of two bars in a row one has a note', () => {
    const rules = grammar({ bars: 4, metre: COMMON, texture: 'solo' });
    for (const token of [EMPTY_BAR, NO_PITCH, NO_LENGTH]) {
      expect(rules.allowed()[token]).toBe(1);
      rules.push(token);
    }
    expect(rules.allowed()[EMPTY_BAR]).toBe(0);
    expect(rules.allowed()[NEXT]).toBe(1);
  });

  test('a quarter is divided by two or by three, never by both', () => {
    const begun = (step: number): Uint8Array => {
      const rules = grammar({ bars: 1, metre: COMMON, texture: 'solo' });
      for (const token of [NEXT + step, PITCH + 30, RIGHT + QUARTER]) rules.push(token);
      return rules.allowed();
    };
    // A sixteenth (6) leaves 9, 12, 15, 18, 21 of its quarter; a triplet eighth (8) leaves 12, 16, 20.
    const inQuarter = (mask: Uint8Array, from: number) =>
      Array.from({ length: 24 - from }, (_, i) => from + i).filter((step) => mask[HERE + step]);
    expect(inQuarter(begun(6), 7)).toEqual([9, 12, 15, 18, 21]);
    expect(inQuarter(begun(8), 9)).toEqual([12, 16, 20]);
    expect(begun(8)[HERE + 24 + 6]).toBe(1);
  });

  test('a chord is written upwards, the left hand first', () => {
    const rules = grammar({ bars: 1, metre: COMMON, texture: 'solo' });
    for (const token of [NEXT, PITCH + 30, RIGHT + QUARTER, HERE]) rules.push(token);
    const pitches = rules.allowed();
    expect([pitches[PITCH + 30], pitches[PITCH + 31], pitches[PITCH + 46], pitches[PITCH + 47]]).toEqual([
      0, 1, 1, 0,
    ]);
    rules.push(PITCH + 34);
    const lengths = rules.allowed();
    expect([lengths[RIGHT + QUARTER], lengths[LEFT + QUARTER]]).toEqual([1, 0]);
  });

  test('what is told is not sampled', () => {
    const rules = grammar({ bars: 1, metre: COMMON, texture: 'solo' });
    expect(
      rules
        .allowed()
        .subarray(SOURCE)
        .some((may) => may === 1),
    ).toBe(false);
    expect(() => rules.push(SOURCE)).toThrow(RangeError);
  });
});
