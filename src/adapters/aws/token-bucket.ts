import type { Clock } from '../../ports.ts';

/** Spreads posts over time, so that everything together stays under the account's rate. */
export type TokenBucket = {
  /** Resolves when one more may go. */
  take(): Promise<void>;
  /** The account refused: halve the rate. */
  slowDown(): void;
  /** From now on only this part of the whole rate is ours, above 0 to 1; others have the rest. */
  share(fraction: number): void;
  /** Tokens a second, now. */
  readonly rate: () => number;
};

/** Posts that may go at once after a pause, as a part of a second's tokens. */
const BURST = 0.1;
/** The rate never falls below this part of its first value, and wins back a hundredth of it with each second. */
const LOWEST = 0.05;
const RECOVERY = 0.01;
/** Refusals of posts that were under way together count once. */
const SLOW_DOWN_EVERY_MS = 1_000;

/** @param whole tokens a second of all that post, together */
export function tokenBucket(whole: number, clock: Clock): TokenBucket {
  let perSecond = whole;
  let rate = whole;
  let tokens = Math.max(1, whole * BURST);
  let filledAt = clock.now();
  let slowedAt = Number.NEGATIVE_INFINITY;
  let queue: Promise<void> = Promise.resolve();

  const fill = () => {
    const seconds = Math.max(0, clock.now() - filledAt) / 1000;
    filledAt = clock.now();
    rate = Math.min(perSecond, rate + perSecond * RECOVERY * seconds);
    tokens = Math.min(Math.max(1, rate * BURST), tokens + rate * seconds);
  };
  const takeNext = async () => {
    for (fill(); tokens < 1; fill()) await clock.sleepUntil(clock.now() + ((1 - tokens) * 1000) / rate);
    tokens--;
  };
  return {
    take() {
      queue = queue.then(takeNext);
      return queue;
    },
    slowDown() {
      if (clock.now() - slowedAt < SLOW_DOWN_EVERY_MS) return;
      slowedAt = clock.now();
      rate = Math.max(perSecond * LOWEST, rate / 2);
    },
    share(fraction) {
      fill();
      // Who was slowed down stays so.
      rate *= (whole * fraction) / perSecond;
      perSecond = whole * fraction;
      tokens = Math.min(tokens, Math.max(1, rate * BURST));
    },
    rate: () => rate,
  };
}
