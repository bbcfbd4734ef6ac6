import type { Clock } from '../../ports.ts';

/** Spreads posts over time, so that everything together stays under the account's rate. */
export type TokenBucket = {
  /** Undefined: one more may go, now. A promise resolves when it may; who asked first goes first. */
  take(): Promise<void> | undefined;
  /**
   * What the account said to one that went. One that was refused cost it nothing, and its token is given back; where too
   * many are refused, the rate falls to what was let through.
   */
  answered(refused: boolean): void;
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
/**
 * Up to this part of all may be refused for other reasons than our rate: one connection's full buffer, a neighbour in the
 * account. Who goes slower for each of these goes slower for ever, as a refusal comes oftener than a second's recovery.
 */
const REFUSED_AT_MOST = 0.1;
/** So many answers are judged together, of so many milliseconds at least: what was under way together counts once. */
const [JUDGED_TOGETHER, JUDGED_EVERY_MS] = [100, 1_000];

/** @param whole tokens a second of all that post, together */
export function tokenBucket(whole: number, clock: Clock): TokenBucket {
  let perSecond = whole;
  let rate = whole;
  let tokens = Math.max(1, whole * BURST);
  let filledAt = clock.now();
  let judgedAt = clock.now();
  let [answers, refusals] = [0, 0];
  let queue: Promise<void> = Promise.resolve();
  let queued = 0;

  const fill = () => {
    const now = clock.now();
    const seconds = Math.max(0, now - filledAt) / 1000;
    filledAt = now;
    rate = Math.min(perSecond, rate + perSecond * RECOVERY * seconds);
    tokens = Math.min(Math.max(1, rate * BURST), tokens + rate * seconds);
  };
  const takeNext = async () => {
    // Whole milliseconds: a clock may know no less, and would stand still.
    for (fill(); tokens < 1; fill())
      await clock.sleepUntil(clock.now() + Math.ceil(((1 - tokens) * 1000) / rate));
    tokens--;
    queued--;
  };
  return {
    take() {
      if (queued === 0) {
        fill();
        if (tokens >= 1) {
          tokens--;
          return;
        }
      }
      queued++;
      queue = queue.then(takeNext);
      return queue;
    },
    answered(refused) {
      answers++;
      if (refused) {
        refusals++;
        tokens = Math.min(Math.max(1, rate * BURST), tokens + 1);
      }
      const now = clock.now();
      if (answers < JUDGED_TOGETHER || now - judgedAt < JUDGED_EVERY_MS) return;
      const part = refusals / answers;
      if (part > REFUSED_AT_MOST) rate = Math.max(perSecond * LOWEST, rate * (1 - part));
      judgedAt = now;
      [answers, refusals] = [0, 0];
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
