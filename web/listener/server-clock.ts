import { type Line, lowest, MOST_DRIFT, valueAt, type Ways } from './lowest-line.ts';

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
  /** What arrived was perhaps no answer to what was sent: good to a second or so, and nothing is held against it. */
  readonly rough?: boolean;
};

/** What another clock answered. */
export type OtherSample = PingSample & {
  /** By a connection that was opened for it, so perhaps by another machine than the answer before, set otherwise. */
  readonly fresh: boolean;
};

export type ServerClock = {
  /** Takes a sample in. "stepped": it contradicts all before it (the machine slept), which are forgotten. */
  add(sample: PingSample): 'kept' | 'stepped';
  /**
   * Takes in what another clock says, of which only the running is believed. "apart": if the pings are right, that one cannot be, by what it
   * took to ask it: all of it is forgotten. Before the first ping and in doubt it counts for nothing.
   */
  addOther(sample: OtherSample): 'kept' | 'apart';
  forgetOther(): void;
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
  /** The same of the other clock, and of how finely it tells; null where nothing of it is kept. */
  readonly otherUncertaintyMs: number | null;
};

/** Heard as nothing: 0.28 cents of pitch. */
export const MAX_SLEW = 160e-6;
/** Older samples say little about now. */
const WINDOW_MS = 15 * 60_000;
const MAX_SAMPLES = 64;
/** But of the pings so many stay, however old: where another clock tells of the drift there are few, and one alone may have been slow. */
const PINGS_KEPT = 10;
const READY_SAMPLES = 5;
/** The true offset lies within half a round trip of every sample; beyond that and this, a clock has stepped. */
const STEP_MS = 100;
/** A clock may tell whole milliseconds only. */
const RESOLUTION_MS = 1;

type Point = Ways & { readonly rtt: number; readonly rough: boolean };

export function serverClock(): ServerClock {
  let points: Point[] = [];
  /** Those of each connection, the newest last. */
  let others: readonly (readonly Point[])[] = [];
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
        line !== null &&
        Math.abs((point.up - point.down) / 2 - valueAt(line, point.at)) > point.rtt / 2 + STEP_MS;
      if (stepped) {
        points = [];
        others = [];
        used = null;
      } else {
        // Time that passed under the old line is slewed by the old line.
        offsetAt(sample.arrivedAt);
      }
      points = newest(points, point);
      line = lowest(points, sample.arrivedAt, others);
      return stepped ? 'stepped' : 'kept';
    },
    addOther(sample) {
      if (doubtful || points.length === 0) return 'kept';
      const point = pointOf(sample);
      if (points.some((own) => !own.rough && areApart(own, point))) {
        others = [];
        return 'apart';
      }
      offsetAt(sample.arrivedAt);
      const last = sample.fresh ? [] : (others.at(-1) ?? []);
      const before = (sample.fresh ? others : others.slice(0, -1)).map((each) => each.filter(isNear(point)));
      others = [...before.filter((each) => each.length > 1), [...last.filter(isNear(point)), point]];
      line = lowest(points, sample.arrivedAt, others);
      return 'kept';
    },
    forgetOther() {
      others = [];
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
      return doubtful || points.length === 0 ? null : bestOf(points);
    },
    get otherUncertaintyMs() {
      return doubtful || others.length === 0 ? null : bestOf(others.flat()) + RESOLUTION_MS;
    },
  };
}

const bestOf = (points: readonly Point[]): number => Math.min(...points.map(({ rtt }) => rtt)) / 2;
const isNear =
  (fresh: Point) =>
  ({ at }: Point): boolean =>
    at > fresh.at - WINDOW_MS;
const newest = (points: readonly Point[], fresh: Point): Point[] =>
  [...points, fresh]
    .slice(-MAX_SAMPLES)
    .filter((point, i, all) => i >= all.length - PINGS_KEPT || isNear(fresh)(point));

/**
 * Whether two clocks cannot be one: each offset is true to half of its round trip and to what its clock tells, and ours may have drifted between them.
 */
function areApart(one: Point, other: Point): boolean {
  const mostMs = (one.rtt + other.rtt) / 2 + 2 * RESOLUTION_MS + MOST_DRIFT * Math.abs(one.at - other.at);
  return Math.abs((one.up - one.down - (other.up - other.down)) / 2) > mostMs;
}

function pointOf({ sentAt, serverReceivedAt, serverSentAt, arrivedAt, rough = false }: PingSample): Point {
  return {
    at: (sentAt + arrivedAt) / 2,
    up: serverReceivedAt - sentAt,
    down: arrivedAt - serverSentAt,
    rough,
    // What the server took to answer says nothing of the path.
    rtt: Math.max(0, arrivedAt - sentAt - Math.max(0, serverSentAt - serverReceivedAt)),
  };
}
