import type { Context } from 'aws-lambda';
import * as v from 'valibot';
import { s3Blobs } from '../adapters/aws/s3-blobs.ts';
import type { Bucket } from '../adapters/aws/s3-object.ts';
import { prompts } from '../adapters/stores/prompts.ts';
import { systemClock } from '../adapters/system-clock.ts';
import { composeDay, minutesBefore, minutesOf } from '../compose/day.ts';
import { type Prompt, promptOf } from '../compose/prompt.ts';
import { isSampler, serve } from '../sampling/worker.ts';
import { prepare } from '../station/prepare.ts';
import type { ComposeAnswer, ComposeEvent } from './events.ts';
import { openComposer } from './shared/composer.ts';
import { log, logFault, measure, writeMetrics } from './shared/observe.ts';
import { payloadOf } from './shared/payload.ts';
import { broadcaster, soundLater, station, timer } from './shared/ports.ts';
import { punches } from './shared/tables.ts';
import { variable } from './shared/variables.ts';

/** Scheduler's is empty; whatever else stands in it is none of ours. */
const Event = v.object({ date: v.optional(v.pipe(v.string(), v.isoDate())) });

/** Kept back from the function's time limit for storing and answering, milliseconds. */
const RESERVE_MS = 20_000;

let shared: ReturnType<typeof open> | null = null;
const open = () => ({
  ...station(),
  timer: timer(),
  punches: punches(),
  wake: broadcaster(),
  soundLater: soundLater(),
});

/** Prepares what comes: arms, mends, publishes the schedule, composes. Called by the hour; idempotent; its event may name a day besides. */
export async function handler(event: ComposeEvent | string, context: Context): Promise<ComposeAnswer> {
  const composed: string[] = [];
  try {
    const { date: besides } = v.parse(Event, payloadOf(event) ?? {}) satisfies ComposeEvent;
    shared ??= open();
    const { archive, wake, ...ports } = shared;
    const deadline = systemClock.now() + context.getRemainingTimeInMillis() - RESERVE_MS;
    const longest = Number(variable('MINUTES'));
    const ensure = async (date: string, minutesAtMost: number) => {
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
    };
    await prepare({ ...ports, log, wake: (id) => wake(id, 'orphaned'), ensure });
    if (besides) await ensure(besides, longest);
    return { composed };
  } catch (error) {
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
    logFault('prompt.left_out', error, { date });
    return null;
  }
}

// The bundle is what its own threads begin with, too: they sample, and handle nothing.
if (isSampler()) serve();
