/** What `compose` and `continue` compose with: the promoted model where there is one that works, else the one that was packaged. */
import { mkdir } from 'node:fs/promises';
import { s3Blobs } from '../../adapters/aws/s3-blobs.ts';
import type { Bucket } from '../../adapters/aws/s3-object.ts';
import { models } from '../../adapters/stores/models.ts';
import type { ComposePorts } from '../../compose/performance.ts';
import { openOriginality } from '../../sampling/originality-file.ts';
import { openSamplers } from '../../sampling/pool.ts';
import { logFault } from './observe.ts';

/** The only directory of a function that can be written. */
const SCRATCH = '/tmp';

/** Threads that sample, to be released. Opened only when there is something to compose: a broken runtime stops nothing else. */
export async function openComposer(
  archive: Bucket,
): Promise<Pick<ComposePorts, 'sampler' | 'originality'> & { release(): Promise<void> }> {
  const open = async (directory: string) => {
    // The bundle is what its own threads begin with, too.
    const sampler = await openSamplers(directory, { entry: __filename });
    return { sampler, originality: await openOriginality(packagedModel()), release: sampler.release };
  };
  try {
    await mkdir(SCRATCH, { recursive: true });
    const store = models(s3Blobs(archive), { scratch: SCRATCH });
    const promoted = (await store.promoted()).at(-1);
    if (promoted !== undefined) return await open(await store.bring(promoted));
  } catch (error) {
    logFault('model.fell_back', error);
  }
  return open(packagedModel());
}

const packagedModel = (): string => `${process.env.LAMBDA_TASK_ROOT ?? '.'}/model`;
