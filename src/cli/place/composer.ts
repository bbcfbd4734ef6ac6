import type { ComposePorts } from '../../compose/performance.ts';
import { openSamplers } from '../../sampling/pool.ts';
import { openTaste } from '../../sampling/taste-file.ts';
import { PACKAGED_MODEL } from '../terminal/options.ts';
import { modelDirectory } from './model-directory.ts';

/** Threads that sample with the model in use, and what their work is judged by; to be released. */
export async function openComposer(options: {
  model?: string;
  data: string;
}): Promise<Pick<ComposePorts, 'sampler' | 'taste'> & { release(): Promise<void> }> {
  const sampler = await openSamplers(await modelDirectory(options));
  return { sampler, taste: await openTaste(PACKAGED_MODEL), release: sampler.release };
}
