import { resolve } from 'node:path';
import { modelStore } from '../../adapters/disk/model-store.ts';
import { PACKAGED_MODEL } from '../terminal/options.ts';

/** The model that is asked for, else the one promoted on this data directory, else the one that came with this version. */
export async function modelDirectory({ model, data }: { model?: string; data: string }): Promise<string> {
  if (model !== undefined) return model;
  const store = modelStore(resolve(data, 'models'));
  const inUse = (await store.promoted()).at(-1);
  return inUse === undefined ? PACKAGED_MODEL : store.bring(inUse);
}
