import type { BroadcastRecords, Clock, Models, Performances, Prompts, Timer, Windows } from '../../ports.ts';
import type { Window } from '../../schedule/index.ts';

/** What operators' commands work on: the data directory of this machine, or a stage. */
export type Backend = {
  /** For messages: where the data are. */
  readonly name: string;
  readonly windows: Windows;
  readonly performances: Performances;
  readonly records: BroadcastRecords;
  readonly prompts: Prompts;
  readonly models: Models;
  readonly clock: Clock;
  /** Of the station: a performance has its date in it, and a window without a zone of its own. */
  readonly timeZone: string;
  /** In force until a window is stored; null: none. */
  readonly otherwise: Window | null;
  readonly timer: Timer;
  /** Has the station prepare what comes; a local one looks by itself. */
  readonly prepareSoon: () => Promise<void>;
};
