import { describe, expect, test } from '@jest/globals';
import { seededRandom } from '../../../src/music/random.ts';
import { sampleToken } from '../../../src/music/tokens/sampling.ts';

const all = (n: number): Uint8Array => new Uint8Array(n).fill(1);
const logitsOf = (...probabilities: number[]): Float32Array => Float32Array.from(probabilities, Math.log);

/** How often each id is drawn. */
function shares(
  logits: Float32Array,
  allowed: Uint8Array,
  settings: Parameters<typeof sampleToken>[2],
): number[] {
  const random = seededRandom(1);
  const counts = new Array<number>(allowed.length).fill(0);
  const draws = 20_000;
  for (let i = 0; i < draws; i++) counts[sampleToken(logits, allowed, settings, random)]!++;
  return counts.map((count) => count / draws);
}

describe('sampleToken', () => {
  test('draws in proportion to the probabilities', () => {
    const [a, b, c] = shares(logitsOf(0.5, 0.3, 0.2), all(3), { temperature: 1 });
    expect(a).toBeCloseTo(0.5, 1);
    expect(b).toBeCloseTo(0.3, 1);
    expect(c).toBeCloseTo(0.2, 1);
  });

  test('never draws what is not allowed, however probable, and ignores padding', () => {
    const logits = logitsOf(0.98, 0.01, 0.01, 1e6);
    expect(shares(logits, Uint8Array.of(0, 1, 1), { temperature: 1 })[0]).toBe(0);
  });

  test('min-p drops tokens less probable than its part of the best allowed one', () => {
    const [a, b, c] = shares(logitsOf(0.6, 0.37, 0.03), all(3), { temperature: 1, minP: 0.1 });
    expect(c).toBe(0);
    expect(a! / b!).toBeCloseTo(0.6 / 0.37, 0);
    expect(shares(logitsOf(0.6, 0.37, 0.03), Uint8Array.of(0, 0, 1), { temperature: 1, minP: 0.1 })[2]).toBe(
      1,
    );
  });

  test('top-p keeps the fewest tokens that reach the mass', () => {
    expect(shares(logitsOf(0.2, 0.5, 0.3), all(3), { temperature: 1, topP: 0.8 })[0]).toBe(0);
    expect(shares(logitsOf(0.2, 0.5, 0.3), all(3), { temperature: 1, topP: 0.4 })).toEqual([0, 1, 0]);
  });

  test('a low temperature prefers the best, a high one levels', () => {
    expect(shares(logitsOf(0.6, 0.4), all(2), { temperature: 0.05 })[0]).toBeGreaterThan(0.99);
    expect(shares(logitsOf(0.9, 0.1), all(2), { temperature: 10 })[0]).toBeCloseTo(0.55, 1);
  });

  test('takes one random number a call, whatever the settings', () => {
    for (const settings of [{ temperature: 1 }, { temperature: 0.5, minP: 0.9, topP: 0.1 }]) {
      let taken = 0;
      sampleToken(logitsOf(0.7, 0.3), all(2), settings, () => {
        taken++;
        return 0.999999;
      });
      expect(taken).toBe(1);
    }
  });

  test('refuses to choose from nothing, and from a broken model', () => {
    expect(() => sampleToken(logitsOf(1), all(1).fill(0), { temperature: 1 }, Math.random)).toThrow(
      'allows no',
    );
    expect(() => sampleToken(Float32Array.of(Number.NaN), all(1), { temperature: 1 }, Math.random)).toThrow(
      'NaN',
    );
  });
});

describe('seededRandom', () => {
  test('the same seed gives the same numbers, neighbouring seeds others', () => {
    const take = (seed: number): number[] => Array.from({ length: 8 }, seededRandom(seed));
    expect(take(7)).toEqual(take(7));
    expect(new Set([...take(7), ...take(8), ...take(7 + 2 ** 32), ...take(-7)]).size).toBe(32);
  });

  test('is what it was: a change here would change every performance composed anew', () => {
    const random = seededRandom(20261121);
    expect([random(), random(), random()].map((x) => x * 2 ** 32)).toMatchInlineSnapshot(`
[
  3205597494,
  2427100649,
  583524524,
]
`);
  });

  test('is uniform', () => {
    const random = seededRandom(3);
    const bins = new Array<number>(10).fill(0);
    for (let i = 0; i < 100_000; i++) bins[Math.floor(random() * 10)]!++;
    for (const count of bins) expect(Math.abs(count - 10_000)).toBeLessThan(400);
  });

  test('refuses what is no whole number', () => {
    expect(() => seededRandom(0.5)).toThrow(RangeError);
  });
});
