import type { APIGatewayProxyResultV2, APIGatewayProxyWebsocketEventV2 } from 'aws-lambda';
import { dynamoManners } from '../adapters/aws/dynamodb-manners.ts';
import { gatewayHangUp, gatewayPost } from '../adapters/aws/gateway/post.ts';
import { tokenBucket } from '../adapters/aws/token-bucket.ts';
import { systemClock } from '../adapters/system-clock.ts';
import { floodLimit } from '../broadcast/flood.ts';
import { type ListenPorts, listen } from '../broadcast/listen.ts';
import { wakeSparingly } from '../broadcast/wake.ts';
import { cachedBroadcasts, remembered } from './shared/cached.ts';
import { gateway } from './shared/gateway.ts';
import { broadcasts, connections, connectionsTable, dynamo, punches } from './shared/tables.ts';
import { once } from './shared/variables.ts';

/**
 * How many listen changes slowly, and counting them reads them all, in each instance: so the more there are, the less often. Whoever
 * joins is told the number with the next chunk anyway, by the broadcaster, which has counted.
 */
const countAgainAfter = (listeners: number): number => 15_000 * Math.max(1, listeners / 1_000);
const WINDOWS_EVERY_MS = 60_000;
/** Answers to one listener at a time: far below any rate that an instance could reach. */
const POSTS_PER_SECOND = 1_000;

const shared = once(() => {
  const clock = systemClock;
  const connected = gateway();
  const onDemand = once(async () => (await import('./shared/on-demand.ts')).onDemand());
  const inForce = remembered(WINDOWS_EVERY_MS, clock, async () => (await onDemand()).windowsInForce());
  const ports: ListenPorts = {
    clock,
    broadcasts: cachedBroadcasts(broadcasts(), clock),
    connections: connections(),
    punches: punches(),
    timelines: async (id) => (await onDemand()).timelines(id),
    here: remembered(countAgainAfter, clock, connections().count),
    nextStart: async (after) => (await onDemand()).nextOf(await inForce(), after),
    siteClock: process.env.SITE_CLOCK === 'on',
    manners: dynamoManners(dynamo(), connectionsTable(), clock),
    wake: wakeSparingly(
      async (id) => (await onDemand()).wake({ broadcast: id, reason: 'orphaned' }),
      clock,
      (error) => console.error(String(error)),
    ),
  };
  return {
    ports,
    post: gatewayPost({ gateway: connected, bucket: tokenBucket(POSTS_PER_SECOND, clock), clock }),
    hangUp: gatewayHangUp(connected),
    flood: floodLimit(clock),
  };
});

/**
 * Routes `join`, `ping`, `resume`, `punch` and whatever else is sent. The last frame of an answer is the route's response,
 * which costs no post; those before it are posted first, so the order is kept.
 */
export async function handler(
  event: APIGatewayProxyWebsocketEventV2 | { warm: true },
): Promise<APIGatewayProxyResultV2> {
  const { ports, post, hangUp, flood } = shared();
  if ('warm' in event) {
    // Opens what a first listener would wait for: the connection to DynamoDB, and the window's rules.
    await Promise.all([ports.broadcasts.current(), ports.nextStart(ports.clock.now())]);
    return { statusCode: 200 };
  }
  const { connectionId, requestTimeEpoch } = event.requestContext;
  const sends = flood(connectionId);
  if (sends === 'close') await hangUp(connectionId);
  if (sends !== 'bear') return { statusCode: 200 };
  const text = event.isBase64Encoded ? '' : (event.body ?? '');
  const { frames, close } = await listen(connectionId, text, requestTimeEpoch, ports);
  if (close) {
    await hangUp(connectionId);
    return { statusCode: 200 };
  }
  for (const frame of frames.slice(0, -1)) {
    if ((await post(connectionId, frame)) !== 'sent') return { statusCode: 200 };
  }
  return { statusCode: 200, body: frames.at(-1) ?? '' };
}
