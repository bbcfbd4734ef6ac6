import { pathToFileURL } from 'node:url';
import { S3Client } from '@aws-sdk/client-s3';
import type { Context } from 'aws-lambda';
import { bounded } from '../adapters/aws/bounded.ts';
import { s3Blobs, s3Site } from '../adapters/aws/s3-blobs.ts';
import { performances } from '../adapters/stores/performances.ts';
import { messageOf } from '../errors.ts';
import type { Renderer } from '../ports.ts';
import { publishNextSound } from '../publish/sound.ts';
import { mp3Of } from '../rendering/mp3.ts';
import { openGrand } from '../rendering/piano.ts';
import type { SoundAnswer } from './events.ts';
import { log, logFault, measure, writeMetrics } from './shared/observe.ts';
import { variable } from './shared/variables.ts';

/** No day is begun with less than this left: fifteen minutes of music take half of it. Milliseconds. */
const NEEDED_MS = 480_000;

/** The piano, shipped as it is beside the bundle. */
const PIANO = pathToFileURL(`${process.env.LAMBDA_TASK_ROOT ?? '.'}/web/piano/`);

let shared: ReturnType<typeof open> | null = null;
function open() {
  const client = new S3Client(bounded());
  let grand: ReturnType<typeof openGrand> | null = null;
  /** Here, for the function does nothing else. */
  const renderer: Renderer = async (midi, { onProgress } = {}) => {
    try {
      grand ??= openGrand(PIANO);
      return await mp3Of(await grand, midi, onProgress);
    } catch (error) {
      grand = null;
      log('sound.not_rendered', { reason: messageOf(error) });
      return null;
    }
  };
  return {
    ...{ log, renderer },
    performances: performances(s3Blobs({ client, bucket: variable('ARCHIVE_BUCKET') })),
    site: s3Site({ client, bucket: variable('SITE_BUCKET') }),
    siteUrl: variable('SITE_URL'),
  };
}

/** Gives days that lack it their sound, newest first, as many as there is time for. Its event tells it nothing; idempotent. */
export async function handler(_event: unknown, context: Context): Promise<SoundAnswer> {
  const tried: string[] = [];
  try {
    shared ??= open();
    const failed = new Set<string>();
    while (context.getRemainingTimeInMillis() > NEEDED_MS) {
      const startedAt = performance.now();
      const id = await publishNextSound(shared, failed);
      if (id === null) break;
      tried.push(id);
      measure('RenderSeconds', (performance.now() - startedAt) / 1000, 'Seconds');
    }
    return { made: tried.filter((id) => !failed.has(id)) };
  } catch (error) {
    logFault('sound.failed', error);
    throw error;
  } finally {
    writeMetrics();
  }
}
