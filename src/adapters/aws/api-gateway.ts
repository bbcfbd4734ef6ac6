import {
  type ApiGatewayManagementApiClient,
  ApiGatewayManagementApiServiceException,
  DeleteConnectionCommand,
  GoneException,
  LimitExceededException,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi';
import type { Clock, Post } from '../../ports.ts';
import type { TokenBucket } from './token-bucket.ts';

export type GatewayConfig = {
  /**
   * Must be made with `maxAttempts: 1`: the SDK's own retries hold a post up for two seconds on 429, and would
   * hide from the bucket that it goes too fast.
   */
  readonly client: ApiGatewayManagementApiClient;
  readonly bucket: TokenBucket;
  readonly clock: Clock;
};

/** Waits of one connection that is refused: its own buffer may be full (429 says that, too). Milliseconds. */
const BACK_OFF_MS = [100, 400];
/** A post that takes this long is as good as lost; the listener will ask again. */
const TIMEOUT_MS = 5_000;

/**
 * Posts to websocket connections of API Gateway. 410 is "gone", and final. 429 slows this connection first; when
 * it comes again, the account's rate is the cause, and the bucket slows everybody. A fault of the gateway (5xx, a
 * broken socket) is tried once more, then thrown.
 */
export function gatewayPost({ client, bucket, clock }: GatewayConfig): Post {
  const postOnce = async (connectionId: string, frame: string) => {
    await bucket.take();
    const abortSignal = AbortSignal.timeout(TIMEOUT_MS);
    await client.send(new PostToConnectionCommand({ ConnectionId: connectionId, Data: frame }), {
      abortSignal,
    });
  };
  return async (connectionId, frame) => {
    for (let refusals = 0, faults = 0; ; ) {
      try {
        await postOnce(connectionId, frame);
        return 'sent';
      } catch (error) {
        if (isGone(error)) return 'gone';
        if (isRefused(error)) {
          if (refusals > 0) bucket.slowDown();
          const wait = BACK_OFF_MS[refusals++];
          if (wait === undefined) return 'slow';
          await clock.sleepUntil(clock.now() + wait);
        } else if (++faults > 1 || isOurs(error)) {
          throw new Error('a frame could not be posted', { cause: error });
        }
      }
    }
  };
}

/** Ends a connection from our side; one that has left already is no fault. */
export const gatewayHangUp =
  (client: ApiGatewayManagementApiClient) =>
  async (connectionId: string): Promise<void> => {
    try {
      await client.send(new DeleteConnectionCommand({ ConnectionId: connectionId }));
    } catch (error) {
      if (!isGone(error)) throw new Error('a connection could not be ended', { cause: error });
    }
  };

// The exception's class is missing where a proxy strips the error's type; its status is always there.
const statusOf = (error: unknown): number | undefined =>
  error instanceof ApiGatewayManagementApiServiceException ? error.$metadata.httpStatusCode : undefined;
const isGone = (error: unknown): boolean => error instanceof GoneException || statusOf(error) === 410;
const isRefused = (error: unknown): boolean =>
  error instanceof LimitExceededException || statusOf(error) === 429;
/** 4xx (too large, forbidden): the same again would fail the same. */
const isOurs = (error: unknown): boolean => {
  const status = statusOf(error);
  return status !== undefined && status >= 400 && status < 500;
};
