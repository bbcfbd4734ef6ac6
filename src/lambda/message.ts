import { ApiGatewayManagementApiClient } from '@aws-sdk/client-apigatewaymanagementapi';
import type { APIGatewayProxyResultV2, APIGatewayProxyWebsocketEventV2 } from 'aws-lambda';
import { gatewayHangUp, gatewayPost } from '../adapters/aws/api-gateway.ts';
import { dynamoMisbehaviour } from '../adapters/aws/dynamodb-manners.ts';
import { tokenBucket } from '../adapters/aws/token-bucket.ts';
import { systemClock } from '../adapters/system-clock.ts';
import { floodLimit } from '../broadcast/flood.ts';
import { type ListenPorts, listen } from '../broadcast/listen.ts';
import { cachedBroadcasts, remembered } from './shared/cached.ts';
import { broadcasts, connections, connectionsTable, dynamo } from './shared/tables.ts';
import { once, variable } from './shared/variables.ts';

/** How many listen changes slowly, and counting them reads them all. */
const COUNT_EVERY_MS = 15_000;
const WINDOWS_EVERY_MS = 60_000;
/** A listener's wake is repeated by this instance no sooner: all of its listeners find the same. */
const WAKE_EVERY_MS = 5_000;
/** Answers to one listener at a time: far below any rate that an instance could reach. */
const POSTS_PER_SECOND = 1_000;

const shared = once(() => {
  const clock = systemClock;
  const gateway = new ApiGatewayManagementApiClient({
    endpoint: variable('GATEWAY_ENDPOINT'),
    maxAttempts: 1,
  });
  const onDemand = once(async () => (await import('./shared/on-demand.ts')).onDemand(clock.now));
  const woken = new Map<string, number>();
  const inForce = remembered(WINDOWS_EVERY_MS, clock, async () => (await onDemand()).windowsInForce());
  const nextStart = async () => (await onDemand()).nextOf(await inForce());
  const here = remembered(COUNT_EVERY_MS, clock, connections().count);
  const ports: Omit<ListenPorts, 'nextStart'> = {
    clock,
    broadcasts: cachedBroadcasts(broadcasts(), clock),
    connections: connections(),
    timelines: async (id) => (await onDemand()).timelines(id),
    here,
    async wake(id) {
      if (clock.now() < (woken.get(id) ?? 0) + WAKE_EVERY_MS) return;
      woken.set(id, clock.now());
      // Who asks is served all the same; the next who finds nobody at work tries again.
      const { wake } = await onDemand();
      await wake({ broadcast: id, reason: 'orphaned' }).catch((error: unknown) =>
        console.error(String(error)),
      );
    },
  };
  return {
    ports,
    nextStart,
    post: gatewayPost({ client: gateway, bucket: tokenBucket(POSTS_PER_SECOND, clock), clock }),
    hangUp: gatewayHangUp(gateway),
    flood: floodLimit(clock),
    misbehaved: dynamoMisbehaviour(dynamo(), connectionsTable(), clock),
  };
});

/**
 * Routes `join`, `ping`, `resume` and whatever else is sent. The last frame of an answer is the route's response,
 * which costs no post; those before it are posted first, so the order is kept.
 */
export async function handler(
  event: APIGatewayProxyWebsocketEventV2 | { warm: true },
): Promise<APIGatewayProxyResultV2> {
  const { ports, nextStart, post, hangUp, flood, misbehaved } = shared();
  if ('warm' in event) {
    // Opens what a first listener would wait for: the connection to DynamoDB, and the window's rules.
    await Promise.all([ports.broadcasts.current(), nextStart()]);
    return { statusCode: 200 };
  }
  const { connectionId, requestTimeEpoch } = event.requestContext;
  const sends = flood(connectionId);
  if (sends === 'close') await hangUp(connectionId);
  if (sends !== 'bear') return { statusCode: 200 };
  const text = event.isBase64Encoded ? '' : (event.body ?? '');
  // A pong says nothing of what comes next.
  const next = text.includes('"ping"') ? null : await nextStart();
  const { frames, bad } = await listen(connectionId, text, requestTimeEpoch, {
    ...ports,
    nextStart: () => next,
  });
  if (bad && (await misbehaved(connectionId)) === 'close') {
    await hangUp(connectionId);
    return { statusCode: 200 };
  }
  for (const frame of frames.slice(0, -1)) {
    if ((await post(connectionId, frame)) !== 'sent') return { statusCode: 200 };
  }
  return { statusCode: 200, body: frames.at(-1) ?? '' };
}
