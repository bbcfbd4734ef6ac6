import { ApiGatewayManagementApiClient } from '@aws-sdk/client-apigatewaymanagementapi';
import { LambdaClient } from '@aws-sdk/client-lambda';
import type { Context } from 'aws-lambda';
import * as v from 'valibot';
import { gatewayPost } from '../adapters/api-gateway.ts';
import { warmUp } from '../adapters/lambda-invoke.ts';
import { s3BroadcastRecords } from '../adapters/s3-broadcast-records.ts';
import { systemClock } from '../adapters/system-clock.ts';
import { tokenBucket } from '../adapters/token-bucket.ts';
import { type PerformPorts, perform } from '../perform.ts';
import { timelines } from '../timelines.ts';
import { countedPost, type PostCounts } from './counted-post.ts';
import { log, logFault, measure, writeMetrics } from './observe.ts';
import { broadcaster, station } from './station.ts';
import { connections } from './tables.ts';
import { variable } from './variables.ts';

const Event = v.object({
  broadcast: v.pipe(v.string(), v.minLength(1), v.maxLength(200)),
  reason: v.picklist(['doors', 'check', 'orphaned', 'handed over']),
});

/** Instances of `connect` and `message` that are warm when doors open; more are started as listeners come. */
const WARM_INSTANCES = 3;

let shared: ReturnType<typeof open> | null = null;
function open() {
  const lambda = new LambdaClient({});
  const gateway = new ApiGatewayManagementApiClient({
    endpoint: variable('GATEWAY_ENDPOINT'),
    maxAttempts: 1,
  });
  const bucket = tokenBucket(Number(variable('POSTS_PER_SECOND')), systemClock);
  return {
    ...station(),
    post: gatewayPost({ client: gateway, bucket, clock: systemClock }),
    wake: broadcaster(lambda),
    onDoors: warmUp(lambda, [variable('CONNECT_FUNCTION'), variable('MESSAGE_FUNCTION')], WARM_INSTANCES),
  };
}

/** Woken by a timer, by a listener that hears of nobody, or by its predecessor: plays one broadcast. */
export async function handler(event: unknown, context: Context): Promise<{ outcome: string }> {
  const { broadcast: id, reason } = v.parse(Event, event);
  shared ??= open();
  const { archive, wake, ...ports } = shared;
  const { post, counts } = countedPost(ports.post, systemClock);
  const performPorts: PerformPorts = {
    ...ports,
    post,
    log,
    connections: connections(),
    timelines: timelines(ports.performances),
    keepRecord: s3BroadcastRecords(archive).put,
    limit: {
      at: systemClock.now() + context.getRemainingTimeInMillis(),
      handOver: (broadcastId) => wake(broadcastId, 'handed over'),
    },
  };
  try {
    // A retry of Lambda has the request id of the event that it repeats, and so keeps the lease of its predecessor.
    return { outcome: await perform(id, reason, context.awsRequestId, performPorts) };
  } catch (error) {
    logFault('broadcast.failed', error);
    throw error;
  } finally {
    measureCounts(counts());
    writeMetrics();
  }
}

function measureCounts(counts: PostCounts): void {
  if (counts.posts === 0) return;
  measure('Posts', counts.posts);
  measure('Gone', counts.gone);
  measure('Throttled', counts.slow);
  measure('PostsFailed', counts.failed);
  measure('ListenersPeak', counts.listenersPeak);
  measure('ChunkLatenessP50', counts.latenessP50, 'Milliseconds');
  measure('ChunkLatenessP99', counts.latenessP99, 'Milliseconds');
}
