import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { seededRandom } from '../../../src/music/random.ts';
import { cadenceOf } from '../../../src/music/score/phrases.ts';
import { barLength } from '../../../src/music/score/score.ts';
import { decodeNotes } from '../../../src/music/tokens/encode.ts';
import { grammar } from '../../../src/music/tokens/grammar.ts';
import {
  EMPTY_BAR,
  END,
  LENGTH,
  LENGTHS,
  METRES,
  NEXT,
  PITCH,
  TEXTURES,
} from '../../../src/music/tokens/vocabulary.ts';

/** Sampled with every allowed token as likely as any other, but onward half of the time. */
function sampled(rules: ReturnType<typeof grammar>, seed: number): number[] {
  const random = seededRandom(seed);
  const tokens: number[] = [];
  while (!rules.over) {
    const allowed = [...rules.allowed().entries()].filter(([, may]) => may === 1).map(([id]) => id);
    const onward = allowed.filter((id) => id >= NEXT && id <= END);
    const from = rules.slot === 0 && onward.length > 0 && random() < 0.5 ? onward : allowed;
    tokens.push(from[Math.floor(random() * from.length)]!);
    rules.push(tokens.at(-1)!);
  }
  return tokens.slice(0, -1);
}

describe('the last bar of a piece', () => {
  test('rests on the tonic chord from its first beat on, the tonic in the bass, whatever is sampled', () => {
    const cases = fc.property(
      fc.integer({ min: 2, max: 4 }),
      fc.constantFrom(...METRES),
      fc.constantFrom(...TEXTURES),
      fc.integer({ min: 0, max: 11 }),
      fc.boolean(),
      fc.integer(),
      (bars, metre, texture, tonic, major, seed) => {
        const rests = { tonic, major };
        const tokens = sampled(grammar({ bars, metre, texture, rests }), seed);
        const width = barLength(metre);
        const notes = decodeNotes(tokens, (bar) => ({ start: bar * width }));
        const last = notes.filter(({ onset }) => onset >= (bars - 1) * width);
        expect(last[0]!.onset).toBe((bars - 1) * width);
        const degrees = new Set(last.map(({ pitch }) => (pitch - tonic + 120) % 12));
        for (const degree of degrees) expect([0, major ? 4 : 3, 7]).toContain(degree);
        expect(last[0]!.pitch).toBeLessThanOrEqual(60);
        expect(cadenceOf(last, rests)).toBe('full');
      },
    );
    fc.assert(cases, { numRuns: 60 });
  });

  test('is no empty one, and the bars before it are as free as any', () => {
    const rules = grammar({ bars: 2, metre: METRES[2]!, texture: 'solo', rests: { tonic: 2, major: true } });
    const free = grammar({ bars: 2, metre: METRES[2]!, texture: 'solo' });
    expect([...rules.allowed()]).toEqual([...free.allowed()]);
    for (const each of [rules, free]) each.push(NEXT);
    expect([...rules.allowed()]).toEqual([...free.allowed()]);
    for (const token of [PITCH + 30, LENGTH + LENGTHS.indexOf(24)]) {
      rules.push(token);
      free.push(token);
    }
    expect([rules.allowed()[EMPTY_BAR], free.allowed()[EMPTY_BAR]]).toEqual([0, 1]);
    expect([rules.allowed()[NEXT], rules.allowed()[NEXT + 24]]).toEqual([1, 0]);
  });
});
