/** The same crowd in trouble and without, coming and going alike. */
import { seededRandom } from '../../src/music/random.ts';
import { T0 } from '../../tests/support/crowd-station.ts';
import { quantile } from '../sync/path.ts';
import { evening, type Heard } from './evening.ts';
import type { Ill } from './unwell.ts';

export type Crowd = {
  readonly listeners: number;
  readonly postsPerSecond: number;
  readonly minutes: number;
  readonly seed: number;
  /** Parts of all listeners: gone without a word, half of them before the doors, the others in the course of the evening … */
  readonly staleShare: number;
  /** … and posts to whom are never answered. One at least. */
  readonly stalledShare: number;
  /** Of all posts, answered 429. */
  readonly refusedShare: number;
};

/** Milliseconds after it was due. */
export type Late = { readonly p50: number; readonly p99: number; readonly max: number };

export async function compared(crowd: Crowd) {
  const { listeners, staleShare, stalledShare, refusedShare, minutes, postsPerSecond, seed } = crowd;
  const names = Array.from({ length: listeners }, (_, i) => `listener ${i}`);
  const ill = illOf(names, crowd);
  const healthy = names.filter((name) => !ill.has(name));
  const rest = { healthy: new Set(healthy), minutes, postsPerSecond };
  const calm = { ...rest, ill: new Map<string, Ill>(), refusedShare: 0 };
  // Without trouble whoever leaves says so, everybody reads, and nothing is refused.
  const leaving = new Map(
    [...ill].flatMap(([name, state]) => (state === 'stalled' ? [] : [[name, state.goneFrom] as const])),
  );
  const here = names.filter((name) => leaving.get(name) !== Number.NEGATIVE_INFINITY);
  const well = await evening({ ...calm, names: here, leaving, random: seededRandom(seed) });
  const trouble = await evening({ ...rest, names, ill, refusedShare, random: seededRandom(seed) });
  const inTrouble = late(trouble.lateMs);
  return {
    listeners,
    healthy: healthy.length,
    stale: Math.round(listeners * staleShare),
    stalled: stalledOf(listeners, stalledShare),
    processes: trouble.processes,
    well: late(well.lateMs),
    inTrouble,
    inTroubleWithRefused: late([...trouble.lateMs, ...trouble.refusedLateMs]),
    lost: trouble.lost,
    met: trouble.met,
    /** Percent, of the 99th of a hundred. */
    growth: growth(well, trouble.lateMs),
    growthWithRefused: growth(well, [...trouble.lateMs, ...trouble.refusedLateMs]),
  };
}

const stalledOf = (listeners: number, share: number): number => Math.max(1, Math.round(listeners * share));

/** Who is unwell, by lot. */
function illOf(names: readonly string[], crowd: Crowd): ReadonlyMap<string, Ill> {
  const { staleShare, stalledShare, minutes, seed } = crowd;
  const random = seededRandom(seed + 1);
  const byLot = names.map((name) => [random(), name] as const).sort(([a], [b]) => a - b);
  const stale = Math.round(names.length * staleShare);
  const leave = (i: number) =>
    i % 2 ? Number.NEGATIVE_INFINITY : T0 - 120_000 + random() * minutes * 60_000;
  return new Map(
    byLot
      .slice(0, stale + stalledOf(names.length, stalledShare))
      .map(([, name], i): [string, Ill] => [name, i < stale ? { goneFrom: leave(i) } : 'stalled']),
  );
}

const late = (values: readonly number[]): Late => ({
  p50: Math.round(quantile(values, 0.5)),
  p99: Math.round(quantile(values, 0.99)),
  max: Math.round(values.reduce((a, b) => Math.max(a, b), 0)),
});
const growth = (before: Heard, now: readonly number[]): number =>
  Number((100 * (quantile(now, 0.99) / quantile(before.lateMs, 0.99) - 1)).toFixed(1));
