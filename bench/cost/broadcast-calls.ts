import { memoryBroadcasts, memoryConnections, memoryPerformances } from '../../src/adapters/memory/memory.ts';
import { broadcast } from '../../src/broadcast/broadcast.ts';
import { timelines } from '../../src/broadcast/timelines.ts';
import { toMusic } from '../../src/music/note.ts';
import type { LiveFiles } from '../../src/ports.ts';
import type { BroadcastCalls } from '../../src/publish/cost.ts';
import { DOORS_MS } from '../../src/schedule/index.ts';
import { fakeClock } from '../../tests/support/fake-clock.ts';
import { stored } from '../../tests/support/music.ts';

/** Ten notes a second, as expressive piano music has: it decides the bytes, not the number of frames. */
const dense = (durationMs: number) =>
  toMusic(
    Array.from({ length: durationMs / 100 }, (_, i) => ({
      onsetMs: i * 100,
      durationMs: 100,
      pitch: 40 + (i % 40),
      velocity: 64,
    })),
  );

/** When a broadcast of ours begins. */
export const T0 = 1_790_000_000_000;
/** A frame as one listener is given it, and when, from the opening of the doors. */
export type Posted = { readonly atMs: number; readonly frame: string };

/**
 * What one broadcast asked of the world, counted while it really ran, on a clock of ours; and what one of its listeners was given.
 * @param fetched whether so many are too many: then chunks are files, which are given back as well, by path
 */
export async function broadcastCalls(
  listeners: number,
  durationMs: number,
  fetched = false,
): Promise<{
  readonly calls: BroadcastCalls;
  readonly posted: readonly Posted[];
  readonly files: ReadonlyMap<string, string>;
}> {
  const clock = fakeClock(T0 - DOORS_MS);
  const performances = memoryPerformances();
  await performances.create(stored('2026-11-21', dense(durationMs)));
  const broadcasts = memoryBroadcasts();
  await broadcasts.schedule({ id: 'b', startsAt: T0, wanted: '2026-11-21', next: null });
  const connections = memoryConnections();
  for (let i = 0; i < listeners; i++) await connections.add(`listener ${i}`);
  const counted = { posts: 0, postedBytes: 0, listings: 0, reads: 0, writes: 0 };
  /** The same function, which adds to a count each time that it is called. */
  const counting = <A extends unknown[], R>(
    what: keyof typeof counted,
    each: number,
    f: (...args: A) => R,
  ) => {
    return (...args: A): R => {
      counted[what] += each;
      return f(...args);
    };
  };
  const startedAt = clock.now();
  const files = new Map<string, string>();
  const site: LiveFiles = {
    async put(path, body) {
      files.set(path, body);
      return 'created';
    },
  };
  const posted: Posted[] = [];
  await clock.runUntil(
    broadcast('b', 'one', {
      performances,
      clock,
      timelines: timelines(performances),
      log: () => {},
      ...(fetched && { fetching: { files: site, above: 0 } }),
      broadcasts: {
        ...broadcasts,
        get: counting('reads', 1, broadcasts.get),
        // Two conditional writes: is the lease ours already, and if not, is it free?
        acquire: counting('writes', 2, broadcasts.acquire),
        renew: counting('writes', 1, broadcasts.renew),
        change: counting('writes', 1, broadcasts.change),
        release: counting('writes', 1, broadcasts.release),
      },
      connections: { ...connections, list: counting('listings', 1, connections.list) },
      async post(id, frame) {
        if (id === 'listener 0') posted.push({ atMs: clock.now() - startedAt, frame });
        counted.posts++;
        counted.postedBytes += frame.length;
        return 'sent' as const;
      },
    }),
  );
  return { calls: { ...counted, seconds: (clock.now() - startedAt) / 1000 }, posted, files };
}
