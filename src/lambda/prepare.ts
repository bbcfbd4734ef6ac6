import { mkdir } from 'node:fs/promises';
import type { Context } from 'aws-lambda';
import { s3Blobs } from '../adapters/aws/s3-blobs.ts';
import type { Bucket } from '../adapters/aws/s3-object.ts';
import { models } from '../adapters/stores/models.ts';
import { prompts } from '../adapters/stores/prompts.ts';
import { systemClock } from '../adapters/system-clock.ts';
import { composeDay, minutesBefore, minutesOf } from '../compose/day.ts';
import type { ComposePorts } from '../compose/performance.ts';
import { type Prompt, promptOf } from '../compose/prompt.ts';
import { openOriginality } from '../sampling/originality-file.ts';
import { openSamplers } from '../sampling/pool.ts';
import { isSampler, serve } from '../sampling/worker.ts';
import { prepare } from '../station/prepare.ts';
import { log, logFault, measure, writeMetrics } from './shared/observe.ts';
import { broadcaster, station, timer } from './shared/ports.ts';
import { variable } from './shared/variables.ts';

/** The only directory of a function that can be written. */
const SCRATCH = '/tmp';
/** Kept back from the function's time limit for storing and answering, milliseconds. */
const RESERVE_MS = 20_000;

let shared: ReturnType<typeof open> | null = null;
const open = () => ({ ...station(), timer: timer(), wake: broadcaster() });

/** Prepares what comes: arms, mends, publishes the schedule, composes. Called by the hour; idempotent. */
export async function handler(_event: unknown, context: Context): Promise<{ composed: string[] }> {
  const composed: string[] = [];
  try {
    shared ??= open();
    const { archive, wake, ...ports } = shared;
    const deadline = systemClock.now() + context.getRemainingTimeInMillis() - RESERVE_MS;
    const longest = Number(variable('MINUTES'));
    await prepare({
      ...ports,
      log,
      wake: (id) => wake(id, 'orphaned'),
      async ensure(date, minutesAtMost) {
        const startedAt = systemClock.now();
        const minutes = minutesBefore(minutesAtMost, Math.min(minutesOf(date), longest));
        const request = { date, minutes, deadline };
        const day = await composeDay(request, ports.performances, async () => ({
          ...(await openComposer(archive)),
          prompt: await promptOrNone(archive, date),
          clock: systemClock,
        }));
        if (day.outcome !== 'composed') return;
        composed.push(date);
        const { tokens, notes } = day.performance.record;
        const seconds = (systemClock.now() - startedAt) / 1000;
        log('compose.done', { date, notes, seconds });
        measure('GenerationSeconds', seconds, 'Seconds');
        measure('TokensPerSecond', tokens / seconds, 'CountPerSecond');
      },
    });
    return { composed };
  } catch (error) {
    log('compose.failed');
    logFault('compose.failed', error);
    throw error;
  } finally {
    writeMetrics();
  }
}

/** A damaged prompt is no reason for a silent day. */
async function promptOrNone(archive: Bucket, date: string): Promise<Prompt | null> {
  try {
    const found = await prompts(s3Blobs(archive)).get(date);
    return found && promptOf({ sha256: found.record.sha256, midi: found.midi });
  } catch (error) {
    log('prompt.left_out', { date });
    logFault('prompt.left_out', error);
    return null;
  }
}

/** Threads that sample with the promoted version where there is one that works, else with the one that was packaged. */
async function openComposer(
  archive: Bucket,
): Promise<Pick<ComposePorts, 'sampler' | 'originality' | 'release'>> {
  // Opened only when there is something to compose: a broken runtime must not keep the station from arming.
  const open = async (directory: string) => {
    const sampler = await openSamplers(directory, { entry: __filename });
    return { sampler, originality: await openOriginality(packagedModel()), release: sampler.release };
  };
  try {
    await mkdir(SCRATCH, { recursive: true });
    const store = models(s3Blobs(archive), { scratch: SCRATCH });
    const promoted = (await store.promoted()).at(-1);
    if (promoted !== undefined) return await open(await store.bring(promoted));
  } catch (error) {
    log('model.fell_back');
    logFault('model.fell_back', error);
  }
  return open(packagedModel());
}

const packagedModel = (): string => `${process.env.LAMBDA_TASK_ROOT ?? '.'}/model`;

// The bundle is what its own threads begin with, too: they sample, and handle nothing.
if (isSampler()) serve();
