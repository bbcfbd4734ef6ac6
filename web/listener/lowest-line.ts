/**
 * The offset between two clocks, and its drift, from the quickest messages each way. What is late on its way lies
 * above a floor, never below it, so the floor of the ways up and that of the ways down are sought by themselves (as
 * V. Paxson, "On Calibrating Measurements of Packet Transit Times", 1998): a slow answer spoils no quick question,
 * and the function that starts before it looks at the clock spoils the ways up alone.
 */

/** One ping: `at` in local milliseconds; a way is its own length with the offset added to it, or taken from it. */
export type Ways = { readonly at: number; readonly up: number; readonly down: number };
/** Server less local time: `offset` milliseconds at the local time `at`, growing by `slope` a millisecond. */
export type Line = { readonly at: number; readonly offset: number; readonly slope: number };

export const valueAt = (line: Line, at: number): number => line.offset + line.slope * (at - line.at);

/** Quartz clocks drift by some 20 parts per million, seldom by twice as many; a normal distribution. */
const DRIFT_PRIOR = 25e-6;
/** Drifts that are looked at, from minus to plus this, and how many on each side. */
export const MOST_DRIFT = 120e-6;
const STEPS = 48;
/** Delays beyond the floor: their mean is about this while pings are few, milliseconds, and so many pings' worth. */
const USUAL_MS = 3;
const USUAL_COUNT = 2;
/** The slowest part of the messages was sent twice or slept: it counts as this many times the mean of the others. */
const SLOW_PART = 0.1;
const SLOW_AT_MOST = 3;

/**
 * The mean of all drifts, each weighed by how likely it makes what was seen: excesses over the floor that are
 * exponential, each way with a mean of its own, which is not known (integrated over, as is the floor).
 * @param points at least one
 * @param now local milliseconds, where the line is told
 * @param others of other clocks, a list each, none empty: they run as fast but may be set otherwise, so each has floors of its own, and tells of the drift alone
 */
export function lowest(
  points: readonly Ways[],
  now: number,
  others: readonly (readonly Ways[])[] = [],
): Line {
  const base = offsetOf(points[0]!);
  const floors = (of: readonly Ways[], base: number, slope: number) => ({
    up: floorOf(of.map((point) => point.up - base - slope * (point.at - now))),
    down: floorOf(of.map((point) => point.down + base + slope * (point.at - now))),
  });
  const tried = Array.from({ length: 2 * STEPS + 1 }, (_, i) => {
    const slope = (MOST_DRIFT * (i - STEPS)) / STEPS;
    const { up, down } = floors(points, base, slope);
    const told = others.flatMap((of) => Object.values(floors(of, offsetOf(of[0]!), slope)));
    const logLikelihood =
      [up, down, ...told].reduce((sum, floor) => sum + floor.logLikelihood, 0) -
      (slope / DRIFT_PRIOR) ** 2 / 2;
    return { slope, offset: (up.floor - down.floor) / 2, logLikelihood };
  });
  const most = Math.max(...tried.map(({ logLikelihood }) => logLikelihood));
  const weights = tried.map(({ logLikelihood }) => Math.exp(logLikelihood - most));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const mean = (of: (one: (typeof tried)[number]) => number): number =>
    tried.reduce((sum, one, i) => sum + weights[i]! * of(one), 0) / total;
  return { at: now, offset: base + mean(({ offset }) => offset), slope: mean(({ slope }) => slope) };
}

/** Offsets are about 1.8e12: they are taken relative to the first, so that no digit is lost. */
const offsetOf = ({ up, down }: Ways): number => (up - down) / 2;

function floorOf(ways: readonly number[]): { readonly floor: number; readonly logLikelihood: number } {
  const sorted = [...ways].sort((a, b) => a - b);
  const floor = sorted[0]!;
  const quick = Math.ceil(sorted.length * (1 - SLOW_PART));
  const excess = sorted.slice(0, quick).reduce((sum, way) => sum + way - floor, 0);
  const most = (SLOW_AT_MOST * (excess + USUAL_COUNT * USUAL_MS)) / (quick - 1 + USUAL_COUNT);
  const slow = sorted.slice(quick).reduce((sum, way) => sum + Math.min(way - floor, most), 0);
  const logLikelihood = -(sorted.length - 1 + USUAL_COUNT) * Math.log(excess + slow + USUAL_COUNT * USUAL_MS);
  return { floor, logLikelihood };
}
