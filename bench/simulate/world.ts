/** What a simulated evening is made of; stations of both kinds look alike from outside. */

import type { Music } from '../../src/music/note.ts';
import type { BroadcastRecords, Broadcasts, Performances, Site } from '../../src/ports.ts';
import { virtualWindow } from '../../src/schedule/index.ts';
import type { SimClock } from './clock.ts';
import type { Ears } from './ears.ts';
import type { Gateway } from './gateway.ts';
import type { Plant } from './plants.ts';
import type { SimProcess } from './process.ts';
import type { Weather } from './store.ts';

/** 20:00 in Berlin, winter. */
export const T0 = Date.UTC(2026, 10, 21, 19);
export const TODAY = '2026-11-21';
export const YESTERDAY = '2026-11-20';
export const ZONE = 'Europe/Berlin';
/** The window of an evening; of one on which something is played by hand, it is in the morning. */
export const windowOf = (isNow: boolean) => virtualWindow(isNow ? '08:00' : '20:00', ZONE);

/** How timers fire, and how composing goes; faults change it. */
export type Habits = {
  timersLateMs: number;
  timersTwice: boolean;
  doorsLost: boolean;
  composeMs: number;
  composeFailures: number;
  /** A function of a cloud is cut off after so long. */
  limitMs: number;
  handOverFailures: number;
  startMs: number;
  recordFailures: number;
  disconnectsLost: boolean;
};
export const usualHabits = (): Habits => ({
  ...{ timersLateMs: 0, timersTwice: false, doorsLost: false, composeMs: 20_000, composeFailures: 0 },
  ...{ limitMs: 900_000, handOverFailures: 0, startMs: 800, recordFailures: 0, disconnectsLost: false },
});

export type SimStation = {
  readonly place: 'cloud' | 'local';
  readonly performances: Performances;
  broadcasts(): Broadcasts;
  records(): BroadcastRecords;
  /** Processes that are at work now. */
  processes(): readonly SimProcess[];
  /** Kills a process of a cloud, or the whole of a local station, which comes back after `backMs`. */
  kill(process: SimProcess, late: boolean, backMs: number): void;
  /** SIGTERM to a local station. */
  terminate(backMs: number): void;
  /** Prepares once more, by a process of its own. */
  prepare(): void;
  /** Somebody wakes a broadcaster; a cloud may deliver the same event again. */
  wake(id: string): void;
  playNow(performance: string, inMs: number): void;
  stop(id: string): Promise<unknown>;
};

export type World = {
  readonly clock: SimClock;
  readonly random: () => number;
  readonly gateway: Gateway;
  readonly weather: Weather;
  readonly habits: Habits;
  readonly site: Site;
  readonly plant: Plant;
  /** Today's piece. */
  readonly piece: Music;
  /** Played by hand, and not in a window. */
  readonly isNow: boolean;
  /** The window's longest duration, minutes. */
  limitMinutes: number;
  readonly complaints: string[];
  readonly log: (event: string, details?: object) => void;
  readonly events: string[];
};

/** A world with listeners and a station in it, on its evening. */
export type Evening = World & {
  readonly station: SimStation;
  readonly ears: Ears[];
  /** Lets another listener in. */
  join(): Ears;
  readonly id: () => string | null;
  readonly startsAt: number;
  /** When an operator stopped it. */
  stoppedAt: number | null;
};
