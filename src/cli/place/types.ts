import type { ControlAnswer, ControlFile } from '../../adapters/net/control.ts';
import type {
  Blobs,
  BroadcastRecords,
  Broadcasts,
  Clock,
  Models,
  Performances,
  Prompts,
  Timer,
  Windows,
} from '../../ports.ts';
import type { Window } from '../../schedule/index.ts';

/** What operators' commands work on: the data directory of this machine, or a stage. */
export type Backend = {
  /** For messages: where the data are. */
  readonly name: string;
  readonly windows: Windows;
  readonly broadcasts: Pick<Broadcasts, 'current'>;
  readonly performances: Performances;
  readonly records: BroadcastRecords;
  readonly prompts: Prompts;
  readonly models: Models;
  /** Where files that arrived are answered, in `continuations/`; null: in whatever folder an operator says. */
  readonly answers: Blobs | null;
  readonly clock: Clock;
  /** Of the station: a performance has its date in it, and a window without a zone of its own. */
  readonly timeZone: string;
  /** In force until a window is stored; null: none. */
  readonly otherwise: Window | null;
  readonly timer: Timer;
  /** Has the station prepare what comes; a local one looks by itself. */
  readonly prepareSoon: () => Promise<void>;
  /** Has a stage compose a day, besides whatever comes; a local station is no other machine, and has none. */
  readonly composeSoon?: (date: string) => Promise<void>;
};

/** Where an operator's command works: on a data directory of this machine, or on a stage. */
export type Place = {
  /** For messages. */
  readonly name: string;
  /**
   * @param writing makes the data directory where it is missing
   * @throws CliError where it cannot be written, or there is no such stage
   */
  open(writing?: boolean): Promise<Backend>;
  /** What the station answers; null: none runs. */
  ask(action: string, input: unknown): Promise<ControlAnswer | null>;
  /** The process that the station is; null: none runs, or it is none of ours. */
  process(): Promise<ControlFile | null>;
  /** The last lines of what the station did, as JSON each; then what it does, until aborted. */
  log(last: number, follow: boolean, signal: AbortSignal): AsyncIterable<string>;
  /** For what is done in one way here and in another there. */
  either<T>(here: () => T, there: (stage: string) => T): T;
};
