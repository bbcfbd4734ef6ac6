/** `continue`: goes on from music that arrives, that is named, or that comes along. */
import { S3Client } from '@aws-sdk/client-s3';
import type { Context } from 'aws-lambda';
import { bounded } from '../adapters/aws/bounded.ts';
import { s3Blobs } from '../adapters/aws/s3-blobs.ts';
import { readObjectNow } from '../adapters/aws/s3-object.ts';
import { systemClock } from '../adapters/system-clock.ts';
import type { GoOnPorts } from '../compose/continuation.ts';
import { answer } from '../continue/answer.ts';
import { arrives, isMusic } from '../continue/arrives.ts';
import { readGiven } from '../continue/given.ts';
import { visited } from '../continue/visited.ts';
import { isId } from '../continue/visitors.ts';
import { MAX_BYTES } from '../music/midi/limits.ts';
import { isSampler, serve } from '../sampling/worker.ts';
import type { ContinueAnswer, ContinueEvent, GivenAnswer, StoredAnswer } from './events.ts';
import { openComposer } from './shared/composer.ts';
import { type How, type Task, taskOf, type Written } from './shared/continue-task.ts';
import { log, logFault, measure, writeMetrics } from './shared/observe.ts';
import { once, variable } from './shared/variables.ts';

/** What is written elsewhere never begins with it: no answer is ever gone on from. */
const PROMPTS = 'prompts/';

/** Of the visitors' bucket, where a stage has one. */
const SENT = 'sent/';

const archive = once(() => ({ client: new S3Client(bounded()), bucket: variable('ARCHIVE_BUCKET') }));
const settingsOf = ({ minutes, seed }: How) => ({
  minutes: minutes ?? Number(variable('CONTINUE_MINUTES')),
  ...(seed === undefined ? {} : { seed }),
});

/**
 * Goes on from music: from a file that has arrived in `prompts/`, of which a queue tells, from one that is named, or from
 * what comes with the event. Told of the same content again, it does nothing.
 */
export async function handler(event: ContinueEvent | string, context: Context): Promise<ContinueAnswer> {
  let composer: Awaited<ReturnType<typeof openComposer>> | null = null;
  const open = async () => {
    composer ??= await openComposer(archive());
    return composer;
  };
  try {
    return await perform(taskOf(event), context, open);
  } catch (error) {
    logFault('continue.failed', error);
    throw error;
  } finally {
    await (composer as { release(): Promise<void> } | null)?.release();
    writeMetrics();
  }
}

async function perform(
  task: Task,
  context: Context,
  open: () => Promise<GoOnPorts>,
): Promise<ContinueAnswer> {
  const until = systemClock.now() + context.getRemainingTimeInMillis();
  if (task.kind === 'given') return fromGiven(task, open);
  if (task.kind === 'stored') {
    const written = { bucket: archive().bucket, key: task.key };
    return fromStored(written, task, { owner: context.awsRequestId, until }, open);
  }
  const again: { itemIdentifier: string }[] = [];
  for (const { id, written } of task.messages) {
    const outcomes: string[] = [];
    for (const each of written)
      outcomes.push((await fromStored(each, {}, { owner: id, until }, open)).outcome);
    // Whoever is at work on it may die: the message comes again, and finds it done, or does it.
    if (outcomes.includes('taken')) again.push({ itemIdentifier: id });
  }
  return { batchItemFailures: again };
}

async function fromStored(
  { bucket, key, version }: Written,
  how: How,
  { owner, until }: { owner: string; until: number },
  open: () => Promise<GoOnPorts>,
): Promise<StoredAnswer> {
  const uploads = process.env.UPLOADS_BUCKET;
  if (uploads && bucket === uploads && key.startsWith(SENT)) return fromVisitor(key, owner, until, open);
  const name = key.slice(PROMPTS.length);
  const isOurs = bucket === archive().bucket && key.startsWith(PROMPTS) && isMusic(name);
  if (!isOurs) return { outcome: 'other', name: key };
  const startedAt = systemClock.now();
  const read = async () => {
    const found = await readObjectNow(archive(), key, MAX_BYTES);
    // What has replaced it has an event of its own.
    if (!found || (version !== undefined && found.version !== version)) return null;
    return 'bytes' in found ? found.bytes : found;
  };
  const arrived = await arrives(
    { name, path: key, ...(version === undefined ? {} : { version }) },
    settingsOf(how),
    { place: s3Blobs(archive()), read, open, claimant: { owner, now: startedAt, until } },
  );
  if (!arrived) return { outcome: 'absent', name };
  log(`continue.${arrived.outcome}`, arrived.outcome === 'refused' ? { reason: arrived.reason } : {});
  if (arrived.outcome === 'continued')
    measure('ContinueSeconds', (systemClock.now() - startedAt) / 1000, 'Seconds');
  return arrived;
}

/** What a visitor has sent; of their music nothing is logged, not even its name. */
async function fromVisitor(
  key: string,
  owner: string,
  until: number,
  open: () => Promise<GoOnPorts>,
): Promise<StoredAnswer> {
  const id = key.slice(SENT.length);
  if (!isId(id)) return { outcome: 'other', name: key };
  const uploads = { client: archive().client, bucket: variable('UPLOADS_BUCKET') };
  const now = systemClock.now();
  const read = async () => {
    const found = await readObjectNow(uploads, key, MAX_BYTES);
    return found && 'bytes' in found ? found.bytes : found;
  };
  const place = s3Blobs(uploads);
  const done = await visited(id, { place, clock: systemClock, read, open, claimant: { owner, now, until } });
  if (done.outcome === 'failed') logFault('visit.failed', done.error);
  else log(`visit.${done.outcome}`);
  if (done.outcome === 'continued') measure('ContinueSeconds', (systemClock.now() - now) / 1000, 'Seconds');
  // The visitor is told, and tries again or not: the queue has nothing to repeat.
  return done.outcome === 'taken' ? { outcome: 'taken', name: id, until } : { outcome: 'other', name: id };
}

async function fromGiven(
  task: Task & { kind: 'given' },
  open: () => Promise<GoOnPorts>,
): Promise<GivenAnswer> {
  const { midi, name } = task;
  const given = readGiven(midi, name);
  if (given.outcome === 'refused') return given;
  const made = await answer(given, { name, ...settingsOf(task) }, await open());
  if (made.outcome === 'refused') return made;
  const { record, sheet } = made;
  return { outcome: 'continued', midi: Buffer.from(made.midi).toString('base64'), sheet, record };
}

// The bundle is what its own threads begin with, too: they sample, and handle nothing.
if (isSampler()) serve();
