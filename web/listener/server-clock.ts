/**
 * What the server's clock shows, estimated from pings. Local time is `performance.now()`: monotonic, and never the
 * visitor's wall clock, which may be wrong by hours and may be set while the music plays.
 */

/** One answered ping; `sentAt` and `arrivedAt` are local, the other two the server's. All milliseconds. */
export type PingSample = {
  readonly sentAt: number;
  readonly serverReceivedAt: number;
  readonly serverSentAt: number;
  readonly arrivedAt: number;
};

export type ServerClock = {
  /** Takes a sample in. "stepped": it contradicts all before it (the machine slept), which are forgotten. */
  add(sample: PingSample): 'kept' | 'stepped';
  /** Local time may have stood still, as it does on many machines that sleep: nothing is certain before the next sample. */
  doubt(): void;
  /** From the first note on, corrections are slewed; before it they are made at once. */
  startSlewing(): void;
  /** null before the first sample. */
  toServer(localMs: number): number | null;
  toLocal(serverMs: number): number | null;
  /** Enough samples for notes to be placed, and no doubt about them. */
  readonly ready: boolean;
  /** How far the estimate may be off: half of the best round trip bounds it; null before the first sample, and in doubt. */
  readonly uncertaintyMs: number | null;
};

/** Heard as nothing: 0.28 cents of pitch. */
export const MAX_SLEW = 160e-6;
/** Older samples say little about now. */
const WINDOW_MS = 15 * 60_000;
const MAX_SAMPLES = 64;
const READY_SAMPLES = 5;
/** Timers and scheduling blur even a perfect path by about this. */
const FLOOR_MS = 0.5;
/** Quartz clocks drift by tens of parts per million; the prior that holds the slope to zero while samples are few. */
const DRIFT_PRIOR = 50e-6;
/** Offset per millisecond of excess: a half, either way, where all of the delay lies on one way. */
const MOST_LEAN = 0.5;
const LEAN_PRIOR = 0.5;
/** The true offset lies within half a round trip of every sample; beyond that and this, a clock has stepped. */
const STEP_MS = 100;

type Point = { readonly at: number; readonly offset: number; readonly rtt: number };
type Line = { readonly at: number; readonly offset: number; readonly slope: number };

export function serverClock(): ServerClock {
  let points: Point[] = [];
  let line: Line | null = null;
  let slewing = false;
  let doubtful = false;
  /** The offset in use, and when it was last brought nearer to the line. */
  let used: { at: number; offset: number } | null = null;

  const offsetAt = (localMs: number): number | null => {
    if (!line) return null;
    const target = valueAt(line, localMs);
    if (!slewing || !used) {
      used = { at: localMs, offset: target };
    } else if (localMs > used.at) {
      const most = (localMs - used.at) * MAX_SLEW;
      const step = Math.max(-most, Math.min(most, target - used.offset));
      used = { at: localMs, offset: used.offset + step };
    }
    return used.offset;
  };

  return {
    add(sample) {
      const point = pointOf(sample);
      doubtful = false;
      const stepped =
        line !== null && Math.abs(point.offset - valueAt(line, point.at)) > point.rtt / 2 + STEP_MS;
      if (stepped) {
        points = [];
        used = null;
      } else {
        // Time that passed under the old line is slewed by the old line.
        offsetAt(sample.arrivedAt);
      }
      points = [...points, point].filter(({ at }) => at > point.at - WINDOW_MS).slice(-MAX_SAMPLES);
      line = regression(points);
      return stepped ? 'stepped' : 'kept';
    },
    doubt() {
      doubtful = true;
    },
    startSlewing() {
      slewing = true;
    },
    toServer(localMs) {
      const offset = offsetAt(localMs);
      return offset === null ? null : localMs + offset;
    },
    // The offset moves by less than 0.2 ms a second, so the one in use serves for the near future too.
    toLocal: (serverMs) => (line ? serverMs - (used?.offset ?? line.offset) : null),
    get ready() {
      return !doubtful && points.length >= READY_SAMPLES;
    },
    get uncertaintyMs() {
      return doubtful || points.length === 0 ? null : Math.min(...points.map(({ rtt }) => rtt)) / 2;
    },
  };
}

const valueAt = (line: Line, at: number): number => line.offset + line.slope * (at - line.at);

function pointOf({ sentAt, serverReceivedAt, serverSentAt, arrivedAt }: PingSample): Point {
  return {
    at: (sentAt + arrivedAt) / 2,
    offset: (serverReceivedAt + serverSentAt) / 2 - (sentAt + arrivedAt) / 2,
    // What the server took to answer says nothing of the path.
    rtt: Math.max(0, arrivedAt - sentAt - Math.max(0, serverSentAt - serverReceivedAt)),
  };
}

/**
 * Weighted least squares of the offset over time, and over what each round trip took beyond the best one. A sample's
 * error is at most half of that excess, so slow ones weigh next to nothing; and where delay lies mostly on one way
 * (the start of a function lies on the way up), offsets lean with the excess, by up to a half, and the line is drawn
 * where there is none. Drift and lean are drawn to zero by what is expected of them, while samples are few.
 */
function regression(points: readonly Point[]): Line {
  const best = Math.min(...points.map(({ rtt }) => rtt));
  const weights = points.map(({ rtt }) => 1 / (FLOOR_MS + (rtt - best) / 2) ** 2);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const mean = (value: (point: Point) => number): number =>
    points.reduce((sum, point, i) => sum + weights[i]! * value(point), 0) / total;
  const at = mean((point) => point.at);
  // Offsets are about 1.8e12: they are taken relative to the first, so that no digit is lost.
  const base = points[0]!.offset;
  const offset = mean((point) => point.offset - base);
  const excess = mean(({ rtt }) => rtt - best);
  const product = (a: (point: Point) => number, b: (point: Point) => number): number =>
    mean((point) => a(point) * b(point)) * total;
  const age = (point: Point) => point.at - at;
  const extra = ({ rtt }: Point) => rtt - best - excess;
  const error = (point: Point) => point.offset - base - offset;
  const ages = product(age, age) + 1 / DRIFT_PRIOR ** 2;
  const extras = product(extra, extra) + 1 / LEAN_PRIOR ** 2;
  const both = product(age, extra);
  const determinant = ages * extras - both ** 2;
  const slope = (product(age, error) * extras - product(extra, error) * both) / determinant;
  const lean = (product(extra, error) * ages - product(age, error) * both) / determinant;
  const bounded = Math.max(-MOST_LEAN, Math.min(MOST_LEAN, lean));
  return { at, offset: base + offset - bounded * excess, slope };
}
