import type { PingSample } from '../../web/listener/server-clock.ts';
import { path, TO_EDGE } from './path.ts';

/** After so long without a question the connection is gone: another is opened, and may end at another machine of the edge. */
const KEPT_MS = 60_000;
/** Round trips of TCP and TLS 1.3 before the question is sent. */
const HANDSHAKES = 2;

/**
 * The site's clock as a page meets it: an edge nearby, whose machines' clocks are off by up to `offMs`, either way, each by as much as it likes.
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
): (done: (answer: PingSample) => void) => void {
  const way = path(world.random, TO_EDGE);
  let off = 0;
  let usedAt = Number.NEGATIVE_INFINITY;
  return (done) => {
    const isNew = world.now() - usedAt > KEPT_MS;
    if (isNew) off = offMs * (2 * world.random() - 1);
    let opening = 0;
    for (let i = 0; isNew && i < HANDSHAKES; i++) opening += way.up() + way.down();
    const sentAt = world.local();
    world.after(() => {
      // Whole milliseconds, cut off.
      const stamp = Math.floor(world.now() + off);
      world.after(() => {
        usedAt = world.now();
        done({ sentAt, serverReceivedAt: stamp, serverSentAt: stamp, arrivedAt: world.local() });
      }, way.down());
    }, opening + way.up());
  };
}
