import type { APIGatewayProxyResultV2, APIGatewayProxyWebsocketEventV2 } from 'aws-lambda';
import { connections } from './shared/tables.ts';

/** Best effort, says AWS: who is not reported here is found gone by the next post, or expires. */
export async function handler(event: APIGatewayProxyWebsocketEventV2): Promise<APIGatewayProxyResultV2> {
  await connections().remove(event.requestContext.connectionId);
  return { statusCode: 200 };
}
