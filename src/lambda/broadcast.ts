import { randomUUID } from 'node:crypto';
import { LambdaClient } from '@aws-sdk/client-lambda';
import type { Context } from 'aws-lambda';
import * as v from 'valibot';
import { bounded } from '../adapters/aws/bounded.ts';
import { gatewayAttempt } from '../adapters/aws/gateway/post.ts';
import { invokeLater, warmUp } from '../adapters/aws/lambda-invoke.ts';
import { s3Blobs } from '../adapters/aws/s3-blobs.ts';
import { tokenBucket } from '../adapters/aws/token-bucket.ts';
import { broadcastRecords } from '../adapters/stores/broadcast-records.ts';
import { systemClock } from '../adapters/system-clock.ts';
import { crowdOf } from '../broadcast/fetching/site-chunks.ts';
import { help, isTooLate } from '../broadcast/helper.ts';
import { timelines } from '../broadcast/timelines.ts';
import type { Lease } from '../ports.ts';
import { perform, UnpublishedError } from '../station/perform.ts';
import type { BroadcastAnswer, BroadcastEvent } from './events.ts';
import { countedPost, type PostCounts } from './shared/counted-post.ts';
import { gateway } from './shared/gateway.ts';
import { log, logFault, measure, writeMetrics } from './shared/observe.ts';
import { payloadOf } from './shared/payload.ts';
import { broadcaster, soundLater, station } from './shared/ports.ts';
import { connectionShards, connections, divisions } from './shared/tables.ts';
import { variable } from './shared/variables.ts';

const broadcast = v.pipe(v.string(), v.minLength(1), v.maxLength(200));
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(1));
const epochMs = v.pipe(v.number(), v.finite());
const Event = v.union([
  v.object({ broadcast, reason: v.picklist(['doors', 'check', 'orphaned', 'handed over']) }),
  v.object({ broadcast, reason: v.literal('help'), epoch: count, part: count, at: v.optional(epochMs) }),
]);

/** `auto`, or a number; what is none counts as `auto`. */
function fetchedAbove(postsPerSecond: number): number {
  const given = Number(process.env.FETCHED_ABOVE || 'auto');
  return Number.isFinite(given) ? given : crowdOf(postsPerSecond);
}

/** Instances of `connect` and `message` that are warm when doors open; more are started as listeners come. */
const WARM_INSTANCES = 3;

/** Lambda may deliver one event to two instances at once, and without an error: they are not the same broadcaster. */
const INSTANCE = randomUUID();

let shared: ReturnType<typeof open> | null = null;
function open() {
  const lambda = new LambdaClient(bounded());
  const postsPerSecond = Number(variable('POSTS_PER_SECOND'));
  const bucket = tokenBucket(postsPerSecond, systemClock);
  const { archive, live, ...ports } = station();
  return {
    ...ports,
    log,
    connections: connections(),
    timelines: timelines(ports.performances),
    keepRecord: broadcastRecords(s3Blobs(archive)).put,
    post: gatewayAttempt({ gateway: gateway(), bucket, clock: systemClock }),
    wake: broadcaster(lambda),
    soundLater: soundLater(lambda),
    onDoors: warmUp(lambda, [variable('CONNECT_FUNCTION'), variable('MESSAGE_FUNCTION')], WARM_INSTANCES),
    fetching: { files: live, above: fetchedAbove(postsPerSecond) },
    crowd: {
      divisions: divisions(),
      postsPerSecond,
      share: bucket.share,
      listenersEach: Number(variable('LISTENERS_EACH')),
      partsAtMost: connectionShards(),
      wake: ({ broadcast, epoch }: Lease, part: number) =>
        invokeLater(
          lambda,
          variable('BROADCAST_FUNCTION'),
        )({
          broadcast,
          reason: 'help',
          epoch,
          part,
          at: systemClock.now(),
        }),
    },
  };
}

/**
 * Woken by a timer, by a listener that hears of nobody, or by its predecessor: plays one broadcast. Or woken by a
 * broadcaster with a crowd: posts to a part of its listeners.
 */
export async function handler(event: BroadcastEvent | string, context: Context): Promise<BroadcastAnswer> {
  const task: BroadcastEvent = v.parse(Event, payloadOf(event));
  // A broadcaster that was deployed before this says no time.
  if (task.reason === 'help' && isTooLate(task.at ?? Number.POSITIVE_INFINITY, systemClock.now()))
    return { outcome: 'late' };
  shared ??= open();
  const { wake, ...ports } = shared;
  const { post, counts } = countedPost(ports.post, systemClock, firstFailure);
  const endsAt = systemClock.now() + context.getRemainingTimeInMillis();
  // The instance may have helped before.
  ports.crowd.share(1);
  try {
    // A retry has the request id of the event that it repeats, and keeps in its own instance what it held. Elsewhere it comes after a
    // minute, when the lease of who crashed has run out; a twin at once, and finds within a lease that it is played.
    const name = `${context.awsRequestId}/${INSTANCE}`;
    if (task.reason === 'help') {
      return {
        outcome: await help({ ...task, name }, { ...ports, ...ports.crowd, post, limit: { at: endsAt } }),
      };
    }
    const limit = { at: endsAt, handOver: (id: string) => wake(id, 'handed over') };
    return { outcome: await perform(task.broadcast, task.reason, name, { ...ports, post, limit }) };
  } catch (error) {
    // What was played and not made public is told of by who was to make it public; the event fails all the same, and is tried again.
    if (!(error instanceof UnpublishedError)) logFault('broadcast.failed', error);
    throw error;
  } finally {
    measureCounts(counts());
    writeMetrics();
  }
}

/** Told at once and with its cause: where a policy or an endpoint is wrong, nobody hears a note. */
function firstFailure(error: unknown): void {
  logFault('post.failed', error);
  measure('PostsFailed', 1);
  writeMetrics();
}

function measureCounts(counts: PostCounts): void {
  if (counts.posts === 0) return;
  measure('Posts', counts.posts);
  measure('Gone', counts.gone);
  measure('Throttled', counts.slow);
  // The first was told of when it happened.
  measure('PostsFailed', Math.max(0, counts.failed - 1));
  measure('ListenersPeak', counts.listenersPeak);
  measure('ChunkLatenessP50', counts.latenessP50, 'Milliseconds');
  measure('ChunkLatenessP99', counts.latenessP99, 'Milliseconds');
}
