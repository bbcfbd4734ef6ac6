import { PACKAGED_MODEL } from '../terminal/options.ts';
import { openBackend } from './place.ts';

/** The model that is asked for, else the one promoted on this data directory, else the one that came with this version. */
export async function modelDirectory({ model, data }: { model?: string; data: string }): Promise<string> {
  if (model !== undefined) return model;
  const { models } = await openBackend({ data });
  const inUse = (await models.promoted()).at(-1);
  return inUse === undefined ? PACKAGED_MODEL : models.bring(inUse);
}
