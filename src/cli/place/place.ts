import { resolve } from 'node:path';
import { fileBroadcastRecords } from '../../adapters/disk/broadcast-records.ts';
import { filePerformances } from '../../adapters/disk/performances.ts';
import { fileWindows } from '../../adapters/disk/windows.ts';
import { systemClock } from '../../adapters/system-clock.ts';
import { DEFAULT_TIME_OF_DAY, virtualWindow } from '../../schedule/index.ts';
import { openData } from '../terminal/options.ts';
import { localTimeZone } from '../terminal/time-zone.ts';
import type { Backend } from './types.ts';

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
