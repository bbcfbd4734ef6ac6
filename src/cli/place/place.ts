import { resolve } from 'node:path';
import { systemClock } from '../../adapters/system-clock.ts';
import { type Data, openStores } from '../../local/data.ts';
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
    ...storesOf(directory, writing),
    clock: systemClock,
    timeZone: localTimeZone(),
    otherwise: virtualWindow(DEFAULT_TIME_OF_DAY, localTimeZone()),
    prepareSoon: async () => {},
  };
}

/** Open now in this process: one handle a directory, however many parts of a command ask for it. */
const open = new Map<string, Data>();
function storesOf(directory: string, writing: boolean): Data {
  // One that is not there yet is read as an empty one, and made only when something is written.
  const key = `${directory} ${writing}`;
  const data = open.get(key) ?? openStores(directory, writing);
  open.set(key, data);
  return data;
}

/** At the end of a command. */
export function closePlaces(): void {
  for (const data of open.values()) data.close();
  open.clear();
}
