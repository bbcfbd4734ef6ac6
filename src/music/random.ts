/**
 * A small pseudo-random generator, the same on every machine and Node version: integer arithmetic alone.
 * sfc32 ("small fast counting", Chris Doty-Humphrey, PractRand), seeded through splitmix32's finaliser.
 */

/** @returns uniform numbers in [0, 1), 32 bits each. @param seed any safe integer; all its bits count */
export function seededRandom(seed: number): () => number {
  if (!Number.isSafeInteger(seed)) throw new RangeError(`the seed must be a whole number, not ${seed}`);
  let a = mix(seed >>> 0);
  let b = mix(Math.floor(seed / 2 ** 32) ^ 0x9e3779b9);
  let c = mix(a ^ b);
  let counter = 1;
  const next = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 2 ** 32;
  };
  // Its author's advice: the first rounds only spread the seed.
  for (let round = 0; round < 15; round++) next();
  return next;
}

/** Neighbouring seeds must not give neighbouring states. */
function mix(value: number): number {
  let x = (value + 0x9e3779b9) | 0;
  x = Math.imul(x ^ (x >>> 16), 0x21f0aaad);
  x = Math.imul(x ^ (x >>> 15), 0x735a2d97);
  return x ^ (x >>> 15);
}
