/** What becomes of a frame that is posted to a websocket connection of API Gateway. */
import type { Clock, Post } from '../../../ports.ts';
import type { TokenBucket } from '../token-bucket.ts';

/** An HTTP status, whatever it is, and what the gateway says of an error. */
export type Answer = { readonly status: number; readonly error: string };

/** One request a call. Throws where no answer came within a time limit. */
export type Gateway = {
  post(connectionId: string, frame: string): Promise<Answer>;
  hangUp(connectionId: string): Promise<Answer>;
  /** Lets its connections go. */
  close(): Promise<void>;
};

export type GatewayPostConfig = {
  readonly gateway: Pick<Gateway, 'post'>;
  readonly bucket: TokenBucket;
  readonly clock: Clock;
};

/** Waits of one connection that is refused: its own buffer may be full (429 says that, too). Milliseconds. */
const BACK_OFF_MS = [100, 400];

/**
 * Posts to websocket connections of API Gateway. 410 is "gone", and final. 429 slows this connection first; when
 * it comes again, the account's rate is the cause, and the bucket slows everybody. A fault of the gateway (5xx, a
 * broken socket) is tried once more, then thrown; another 4xx (413 too large, 403 forbidden) at once.
 */
export function gatewayPost({ gateway, bucket, clock }: GatewayPostConfig): Post {
  return async (connectionId, frame) => {
    for (let refusals = 0, faults = 0; ; ) {
      await bucket.take();
      const answer = await gateway.post(connectionId, frame).catch((error: unknown) => {
        if (++faults > 1) throw unposted(error);
        return null;
      });
      if (!answer) continue;
      const { status } = answer;
      if (isFine(status)) return 'sent';
      if (status === 410) return 'gone';
      if (status === 429) {
        if (refusals > 0) bucket.slowDown();
        const wait = BACK_OFF_MS[refusals++];
        if (wait === undefined) return 'slow';
        await clock.sleepUntil(clock.now() + wait);
      } else if (status < 500 || ++faults > 1) {
        throw unposted(answered(answer));
      }
    }
  };
}

/** Ends a connection from our side; one that has left already is no fault. */
export const gatewayHangUp =
  (gateway: Pick<Gateway, 'hangUp'>) =>
  async (connectionId: string): Promise<void> => {
    const answer = await gateway.hangUp(connectionId).catch((error: unknown) => {
      throw new Error('a connection could not be ended', { cause: error });
    });
    if (!isFine(answer.status) && answer.status !== 410)
      throw new Error('a connection could not be ended', { cause: answered(answer) });
  };

const isFine = (status: number): boolean => status >= 200 && status < 300;
const unposted = (cause: unknown) => new Error('a frame could not be posted', { cause });
const answered = ({ status, error }: Answer) => new Error(`the gateway answered ${status}: ${error}`);
