import { resolve } from 'node:path';
import { fileBroadcastRecords } from '../../adapters/disk/broadcast-records.ts';
import { filePerformances } from '../../adapters/disk/performances.ts';
import { fileWindows } from '../../adapters/disk/windows.ts';
import { systemClock } from '../../adapters/system-clock.ts';
import type { BroadcastRecords, Clock, Performances, Windows } from '../../ports.ts';
import { DEFAULT_TIME_OF_DAY, virtualWindow, type Window } from '../../schedule/index.ts';
import { openData } from '../terminal/options.ts';
import { localTimeZone } from '../terminal/time-zone.ts';

/** What operators' commands work on: the data directory of this machine, or a stage. */
export type Backend = {
  /** For messages: where the data are. */
  readonly name: string;
  readonly windows: Windows;
  readonly performances: Performances;
  readonly records: BroadcastRecords;
  readonly clock: Clock;
  /** Of the station: a performance has its date in it, and a window without a zone of its own. */
  readonly timeZone: string;
  /** In force until a window is stored; null: none. */
  readonly otherwise: Window | null;
  /** Brings the timers in line with a change of windows; a local station looks by itself. */
  readonly rearm: (before: readonly Window[], after: readonly Window[]) => Promise<void>;
};

export type BackendOptions = { readonly data: string; readonly stage?: string };

export async function openBackend({ data, stage }: BackendOptions, writing = false): Promise<Backend> {
  if (stage !== undefined) return (await import('./stage.ts')).openStage(stage);
  const directory = writing ? await openData(data) : resolve(data);
  return {
    name: data,
    windows: fileWindows(resolve(directory, 'windows')),
    performances: filePerformances(resolve(directory, 'performances')),
    records: fileBroadcastRecords(resolve(directory, 'broadcasts')),
    clock: systemClock,
    timeZone: localTimeZone(),
    otherwise: virtualWindow(DEFAULT_TIME_OF_DAY, localTimeZone()),
    rearm: async () => {},
  };
}
