import { openTaste } from '../adapters/taste.ts';
import type { ComposePorts } from '../compose.ts';
import { openSamplers } from '../workers/sampler-pool.ts';
import { modelDirectory } from './model-directory.ts';
import { PACKAGED_MODEL } from './options.ts';

/** Threads that sample with the model in use, and what their work is judged by; to be released. */
export async function openComposer(options: {
  model?: string;
  data: string;
}): Promise<Pick<ComposePorts, 'sampler' | 'taste'> & { release(): Promise<void> }> {
  const sampler = await openSamplers(await modelDirectory(options));
  return { sampler, taste: await openTaste(PACKAGED_MODEL), release: sampler.release };
}
