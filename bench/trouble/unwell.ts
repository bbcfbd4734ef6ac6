/** A websocket gateway of which some connections are not well, on a clock of ours. */
import type { Gateway } from '../../src/adapters/aws/gateway/post.ts';
import { type TokenBucket, tokenBucket } from '../../src/adapters/aws/token-bucket.ts';
import type { Clock, Post } from '../../src/ports.ts';
import { POSTS_PER_SECOND_512_MB } from '../fanout/posts-at-512-mb.ts';

/** What is wrong with a connection: gone from an instant on, or its posts are never answered. */
export type Ill = { readonly goneFrom: number } | 'stalled';

export type Unwell = {
  readonly clock: Clock;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /** By connection; who is not here is well. */
  readonly ill: ReadonlyMap<string, Ill>;
  /** Of all posts, refused with 429 before anything else is looked at. */
  readonly refusedShare: number;
};

/** An answer takes as long, milliseconds. */
const [QUICKEST_MS, SLOWEST_MS] = [10, 30];
/** The client gives up after this (signed-gateway.ts). */
const ANSWER_MS = 5_000;

export type Met = { refused: number; gone: number; stalled: number };

/** @param refused called for each 429 */
export function unwellGateway(
  { clock, random, ill, refusedShare }: Unwell,
  deliver: Post,
  met: Met,
  refused: (connection: string) => void,
): Pick<Gateway, 'post'> {
  // What is refused costs it as much as what is not.
  const processor: TokenBucket = tokenBucket(POSTS_PER_SECOND_512_MB, clock);
  const until = (ms: number) => clock.sleepUntil(clock.now() + ms);
  return {
    async post(id, frame) {
      await processor.take();
      const state = ill.get(id);
      if (state === 'stalled') {
        met.stalled++;
        await until(ANSWER_MS);
        throw new Error(`no answer within ${ANSWER_MS} ms`);
      }
      await until(QUICKEST_MS + random() * (SLOWEST_MS - QUICKEST_MS));
      if (random() < refusedShare) {
        met.refused++;
        refused(id);
        return { status: 429, error: '' };
      }
      if (state && state.goneFrom <= clock.now()) {
        met.gone++;
        return { status: 410, error: '' };
      }
      await deliver(id, frame);
      return { status: 200, error: '' };
    },
  };
}
