import { resolve } from 'node:path';
import { readLog } from '../../adapters/disk/log.ts';
import { askStation, readControlFile } from '../../adapters/net/control.ts';
import { systemClock } from '../../adapters/system-clock.ts';
import type { Data } from '../../local/data.ts';
import { DEFAULT_TIME_OF_DAY, virtualWindow } from '../../schedule/index.ts';
import { readSettings } from '../settings/settings.ts';
import { atEnd } from '../terminal/at-end.ts';
import { openData } from '../terminal/options.ts';
import { localTimeZone } from '../terminal/time-zone.ts';
import type { Backend, Place } from './types.ts';

export type BackendOptions = { readonly data: string; readonly stage?: string };

/** Whether a command works here or on a stage is asked in this place alone. */
export const placeOf = ({ data, stage }: BackendOptions): Place =>
  stage === undefined ? here(data) : onStage(stage);

export const openBackend = (options: BackendOptions, writing = false): Promise<Backend> =>
  placeOf(options).open(writing);

const here = (data: string): Place => ({
  name: data,
  async open(writing = false) {
    const directory = writing ? await openData(data) : resolve(data);
    const { PIANOLA_AT = DEFAULT_TIME_OF_DAY, PIANOLA_TZ: timeZone = localTimeZone() } =
      await readSettings(directory);
    return {
      name: data,
      ...(await storesOf(directory, writing)),
      answers: null,
      clock: systemClock,
      timeZone,
      otherwise: virtualWindow(PIANOLA_AT, timeZone),
      prepareSoon: async () => {},
    };
  },
  ask: (action, input) => askStation(resolve(data), action, input),
  process: () => readControlFile(resolve(data)),
  log: (last, follow, signal) => readLog(resolve(data), last, follow, signal),
  either: (here) => here(),
});

function onStage(stage: string): Place {
  /** With AWS's clients: nobody else waits for them. */
  const aws = () => import('./stage.ts');
  return {
    name: `stage ${stage}`,
    open: async () => (await aws()).openStage(stage),
    ask: async (action, input) => (await aws()).askStage(stage, action, input),
    process: async () => null,
    async *log(last, follow, signal) {
      yield* (await aws()).stageLog(stage, last, follow, signal);
    },
    either: (_here, there) => there(stage),
  };
}

/** Open now in this process: one handle a directory, however many parts of a command ask for it. */
const open = new Map<string, Data>();
async function storesOf(directory: string, writing: boolean): Promise<Data> {
  // The database is loaded by who needs it.
  const { openStores } = await import('../../local/data.ts');
  // One that is not there yet is read as an empty one, and made only when something is written.
  const key = `${directory} ${writing}`;
  const already = open.get(key);
  if (already) return already;
  const data = openStores(directory, writing);
  open.set(key, data);
  atEnd(() => {
    data.close();
    open.delete(key);
  });
  return data;
}
