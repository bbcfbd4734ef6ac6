/** A bucket of tokens, as API Gateway throttles: so many at once, and so many a second again. */
export type Throttle = { take(): boolean };

/**
 * @param rate tokens a second
 * @param burst tokens at most
 * @param now milliseconds
 */
export function throttle(rate: number, burst: number, now: () => number): Throttle {
  let tokens = burst;
  let at = now();
  return {
    take() {
      const then = now();
      tokens = Math.min(burst, tokens + (Math.max(0, then - at) / 1_000) * rate);
      at = then;
      if (tokens < 1) return false;
      tokens--;
      return true;
    },
  };
}
