/** What becomes of a frame that is posted to a websocket connection of API Gateway. */
import type { Attempt, Clock, Post } from '../../../ports.ts';
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
const BACK_OFF_MS = [100, 400, 1_600, 3_200, 6_400];
/** Of somebody who waits for an answer, and of a function that is paid for by its time. */
const BACK_OFF_ANSWER_MS = [100, 400];
/** A fault that took longer than this is not tried again: whoever stalls would keep others waiting twice as long. */
const QUICK_FAULT_MS = 1_000;

/**
 * Tries to post to a websocket connection of API Gateway. 410 is "gone", and final. 429 slows this connection; whether it is
 * the account's rate, and everybody is to be slower, the bucket judges by how many are refused. A fault of the gateway (5xx,
 * a broken socket) that comes quickly is tried once more, then thrown; another 4xx (413 too large, 403 forbidden) at once.
 */
export function gatewayAttempt(
  { gateway, bucket, clock }: GatewayPostConfig,
  backOffMs: readonly number[] = BACK_OFF_MS,
): Attempt {
  return async (connectionId, frame, refusals) => {
    for (let faults = 0; ; ) {
      const turn = bucket.take();
      if (turn) await turn;
      const sentAt = clock.now();
      let answer: Answer;
      try {
        answer = await gateway.post(connectionId, frame);
      } catch (error) {
        if (++faults > 1 || clock.now() - sentAt > QUICK_FAULT_MS) throw unposted(error);
        continue;
      }
      const { status } = answer;
      bucket.answered(status === 429);
      if (isFine(status)) return 'sent';
      if (status === 410) return 'gone';
      if (status === 429) {
        const againInMs = backOffMs[refusals];
        return againInMs === undefined ? 'slow' : { againInMs };
      }
      if (status < 500 || ++faults > 1 || clock.now() - sentAt > QUICK_FAULT_MS)
        throw unposted(answered(answer));
    }
  };
}

/** Answers one listener: waits where it is refused, not for long. */
export function gatewayPost(config: GatewayPostConfig): Post {
  const attempt = gatewayAttempt(config, BACK_OFF_ANSWER_MS);
  const { clock } = config;
  return async (connectionId, frame) => {
    for (let refusals = 0; ; refusals++) {
      const outcome = await attempt(connectionId, frame, refusals);
      if (typeof outcome === 'string') return outcome;
      await clock.sleepUntil(clock.now() + outcome.againInMs);
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
