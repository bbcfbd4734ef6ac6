/** The gateway as the SDK's own client asks it: what ours is held against. */
import {
  type ApiGatewayManagementApiClient,
  ApiGatewayManagementApiServiceException,
  DeleteConnectionCommand,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi';
import type { Answer, Gateway } from '../../src/adapters/aws/gateway/post.ts';

const TIMEOUT_MS = 5_000;

/** @param client made with `maxAttempts: 1`, since who posts decides what is tried again */
export function sdkGateway(client: ApiGatewayManagementApiClient): Gateway {
  const answered = async (request: Promise<{ $metadata: { httpStatusCode?: number } }>): Promise<Answer> => {
    try {
      return { status: (await request).$metadata.httpStatusCode ?? 0, error: '' };
    } catch (error) {
      const status =
        error instanceof ApiGatewayManagementApiServiceException ? error.$metadata.httpStatusCode : undefined;
      if (status === undefined) throw error;
      return { status, error: String(error) };
    }
  };
  const options = () => ({ abortSignal: AbortSignal.timeout(TIMEOUT_MS) });
  return {
    post: (ConnectionId, Data) =>
      answered(client.send(new PostToConnectionCommand({ ConnectionId, Data }), options())),
    hangUp: (ConnectionId) => answered(client.send(new DeleteConnectionCommand({ ConnectionId }), options())),
    close: async () => client.destroy(),
  };
}
