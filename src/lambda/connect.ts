import { hash, timingSafeEqual } from 'node:crypto';
import type { APIGatewayProxyResultV2, APIGatewayProxyWebsocketEventV2 } from 'aws-lambda';
import { variable } from './shared/variables.ts';

/** API Gateway hands the handshake's headers to `$connect` alone; the type of the event leaves them out. */
type ConnectEvent = APIGatewayProxyWebsocketEventV2 & {
  readonly headers?: Readonly<Record<string, string | undefined>>;
};

/** Added by CloudFront to each handshake, in place of what a visitor may have sent under this name (infra/door.yml). */
const DOOR = 'x-pianola-door';
/** What `DOOR_KEYS` says where an operator has switched the door off. */
const OPEN = 'open';

/**
 * Admits pages of allowed origins that come through CloudFront, and nobody else. A browser cannot lie about its Origin, so no
 * other site can use this one's connections through its visitors; programs can, and come past CloudFront's own limits no more.
 * The row is written by `join`: nothing can be posted to a connection before this has returned.
 */
export async function handler(event: ConnectEvent | { warm: true }): Promise<APIGatewayProxyResultV2> {
  if ('warm' in event) return warm();
  const header = (wanted: string) =>
    Object.entries(event.headers ?? {}).find(([name]) => name.toLowerCase() === wanted)?.[1];
  const origin = header('origin');
  const isOurs = origin !== undefined && variable('ALLOWED_ORIGINS').split(' ').includes(origin);
  return { statusCode: isOurs && isThroughTheDoor(header(DOOR)) ? 200 : 403 };
}

/** Two keys are taken while one is changed for the other. Digests are compared, whose length tells nothing, in a time that does not either. */
function isThroughTheDoor(said: string | undefined): boolean {
  const keys = variable('DOOR_KEYS');
  if (keys === OPEN) return true;
  if (said === undefined) return false;
  const digest = hash('sha256', said, 'buffer');
  const matches = keys.split(' ').map((key) => timingSafeEqual(hash('sha256', key, 'buffer'), digest));
  return matches.includes(true);
}

/** Holds this instance for a moment, so that calls made together meet as many instances. */
async function warm(): Promise<APIGatewayProxyResultV2> {
  await new Promise((resolve) => setTimeout(resolve, 100));
  return { statusCode: 200 };
}
