import type { ComposePorts } from '../../compose/performance.ts';
import { openOriginality } from '../../sampling/originality-file.ts';
import { openSamplers } from '../../sampling/pool.ts';
import { PACKAGED_MODEL } from '../terminal/options.ts';
import { modelDirectory } from './model-directory.ts';

/** Threads that sample with the model in use, and what their work is judged by; to be released. */
export async function openComposer(options: {
  model?: string;
  data: string;
}): Promise<Pick<ComposePorts, 'sampler' | 'originality'> & { release(): Promise<void> }> {
  const sampler = await openSamplers(await modelDirectory(options));
  return { sampler, originality: await openOriginality(PACKAGED_MODEL), release: sampler.release };
}
