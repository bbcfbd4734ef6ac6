import type { Broadcast } from '../ports.ts';

/** What a broadcast that is only scheduled has not got yet. */
export const UNPLAYED = {
  state: 'scheduled',
  performance: null,
  title: null,
  encore: false,
  durationMs: null,
  startLatenessMs: null,
  heard: null,
  fetchedFrom: null,
  fetchedUntil: null,
  epoch: 0,
} as const satisfies Partial<Broadcast>;
