import type { Music } from '../note.ts';
import { type Metrics, metricsOf } from './metrics.ts';

/** Figures of a whole movement that no choice among passages can vouch for. */
export const RANGED = [
  'breathsPerMinute',
  'registerDrift',
  'velocityP5',
  'velocityP95',
] as const satisfies readonly (keyof Metrics)[];
/** Where the middle eight tenths of human pieces lie. */
export type Ranges = Readonly<Record<(typeof RANGED)[number], readonly [low: number, high: number]>>;

/** Less music has no figures to speak of; notes. */
export const FEWEST_NOTES = 50;

/** The figures that are out of their range. */
export function straysOf(music: Music, ranges: Ranges): (typeof RANGED)[number][] {
  if (music.notes.length < FEWEST_NOTES) return [];
  const metrics = metricsOf(music);
  return RANGED.filter((name) => metrics[name] < ranges[name][0] || metrics[name] > ranges[name][1]);
}
