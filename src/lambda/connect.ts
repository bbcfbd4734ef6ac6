import type { APIGatewayProxyResultV2, APIGatewayProxyWebsocketEventV2 } from 'aws-lambda';
import { variable } from './shared/variables.ts';

/** API Gateway hands the handshake's headers to `$connect` alone; the type of the event leaves them out. */
type ConnectEvent = APIGatewayProxyWebsocketEventV2 & {
  readonly headers?: Readonly<Record<string, string | undefined>>;
};

/**
 * Admits pages of allowed origins and nobody else. A browser cannot lie about its Origin, so no other site can use
 * this one's connections through its visitors. The row is written by `join`: nothing can be posted to a connection
 * before this has returned.
 */
export async function handler(event: ConnectEvent | { warm: true }): Promise<APIGatewayProxyResultV2> {
  if ('warm' in event) return warm();
  const origin = Object.entries(event.headers ?? {}).find(([name]) => name.toLowerCase() === 'origin')?.[1];
  const allowed = variable('ALLOWED_ORIGINS').split(' ');
  return { statusCode: origin !== undefined && allowed.includes(origin) ? 200 : 403 };
}

/** Holds this instance for a moment, so that calls made together meet as many instances. */
async function warm(): Promise<APIGatewayProxyResultV2> {
  await new Promise((resolve) => setTimeout(resolve, 100));
  return { statusCode: 200 };
}
