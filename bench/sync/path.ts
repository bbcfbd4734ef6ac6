/** A page's way to the server and back. All milliseconds; `random` is uniform in [0, 1). */
export type Path = {
  up(): number;
  down(): number;
  /** Half of what the way up takes longer than the way down: no exchange of messages can reveal it. */
  readonly asymmetryMs: number;
};

/** One-way time of the quickest message: to the station, and to the edge of its site, which is nearer. */
export const TO_STATION = { shortestMs: 5, longestMs: 150 };
export const TO_EDGE = { shortestMs: 2, longestMs: 40 };
/** Up and down differ by as much at most. */
const UNEVEN = 0.1;
/** Queues on the way: exponential, growing with its length. */
const JITTER_MS = 1;
const JITTER_PART = 0.03;
/** Retransmissions and sleeping radios: this part of all messages, Pareto, cut off. */
const TAIL_PART = 0.03;
const TAIL_MS = 40;
const TAIL_POWER = 1.5;
const TAIL_LONGEST_MS = 2_000;

export function path(random: () => number, { shortestMs, longestMs } = TO_STATION): Path {
  const oneWay = shortestMs + random() * (longestMs - shortestMs);
  const uneven = 1 + UNEVEN * (2 * random() - 1);
  // The longer of the two stays within the range.
  const [up, down] = uneven > 1 ? [oneWay, oneWay / uneven] : [oneWay * uneven, oneWay];
  const way = (base: number) => {
    const jitter = -Math.log(1 - random()) * (JITTER_MS + JITTER_PART * base);
    const tail =
      random() < TAIL_PART ? Math.min(TAIL_LONGEST_MS, TAIL_MS * (1 - random()) ** (-1 / TAIL_POWER)) : 0;
    return base + jitter + tail;
  };
  return { up: () => way(up), down: () => way(down), asymmetryMs: (up - down) / 2 };
}

/** A warm function's start and work, lognormal: median 8 ms, one in twenty over 25. */
const LAMBDA_MEDIAN_MS = 8;
const LAMBDA_SIGMA = 0.7;

export function lambdaDelay(random: () => number): number {
  // Box and Muller.
  const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return LAMBDA_MEDIAN_MS * Math.exp(LAMBDA_SIGMA * normal);
}

/** The value below which `part` of all lie. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? Number.NaN;
}
