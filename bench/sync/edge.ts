import type { OtherSample } from '../../web/listener/server-clock.ts';
import { path, TO_EDGE } from './path.ts';

/** After so long without a question the connection is gone: another is opened, and may end at another machine of the edge. */
const KEPT_MS = 60_000;
/** And this part of the questions finds it gone for reasons of its own. */
const CLOSED_PART = 0.05;
/** Round trips of TCP and TLS 1.3 before the question is sent. */
const HANDSHAKES = 2;

/**
 * The site's clock as a page meets it: an edge nearby, whose machines' clocks are off by up to `offMs`, either way, each by as much as it likes.
 * Handshakes are told apart, as browsers do: `sentAt` is when the question itself leaves.
 * @param keptMs for how long a connection without a question is kept
 * @param now true time, epoch milliseconds
 * @param local what the page's clock shows
 * @param after calls a task so much true time later
 */
export function edge(
  offMs: number,
  world: {
    readonly random: () => number;
    readonly now: () => number;
    readonly local: () => number;
    readonly after: (task: () => void, ms: number) => unknown;
  },
  keptMs = KEPT_MS,
): (done: (answer: OtherSample) => void) => void {
  const way = path(world.random, TO_EDGE);
  let off = 0;
  let usedAt = Number.NEGATIVE_INFINITY;
  return (done) => {
    const fresh = world.now() - usedAt > keptMs || world.random() < CLOSED_PART;
    if (fresh) off = offMs * (2 * world.random() - 1);
    let opening = 0;
    for (let i = 0; fresh && i < HANDSHAKES; i++) opening += way.up() + way.down();
    world.after(() => {
      const sentAt = world.local();
      world.after(() => {
        // Whole milliseconds, cut off.
        const stamp = Math.floor(world.now() + off);
        world.after(() => {
          usedAt = world.now();
          done({ sentAt, serverReceivedAt: stamp, serverSentAt: stamp, arrivedAt: world.local(), fresh });
        }, way.down());
      }, way.up());
    }, opening);
  };
}
