import type { Timeline } from '../music/timeline.ts';
import type { Attempt, Clock, Connections, Lease, Log } from '../ports.ts';
import { type FanOut, fanOut } from './fan-out.ts';
import { chunkFrames } from './frames.ts';

/** How long the last frames may take before their sender leaves, milliseconds. */
const LAST_POSTS_MS = 5_000;

/** Frames for everybody, given how many listen. */
export type FramesFor = (here: number) => readonly string[];

/**
 * The listeners that this process posts to, all of them or some parts of them, and for each part the last chunk that
 * it was given. Frames are put in line; nothing here waits for them to arrive.
 */
export type Audience = {
  /** Listeners of all parts, ours or not, when they were last seen. */
  readonly here: () => number;
  /** They were counted by somebody else. */
  counted(here: number): void;
  /** Into how many parts listeners are divided, and which are ours. */
  readonly parts: () => number;
  has(part: number): boolean;
  /** The part of all listeners that is ours, above 0 to 1. */
  readonly share: () => number;
  /** Divides anew, into twice as many parts or four times or …: of each of our parts we keep all that it falls into. */
  divide(parts: number): void;
  /** @param posted the last chunk that it needs no more */
  take(part: number, posted: number): void;
  drop(part: number): void;
  /** From here on only later chunks than this are posted. */
  begin(posted: number): void;
  /** To parts of ours that have been given all before `from`, nothing before `until` is posted any more. */
  pass(from: number, until: number): void;
  /** The last chunk that all of ours have been given. */
  readonly posted: () => number;
  /** @param parts some of ours; all of ours where not given */
  tell(framesFor: FramesFor, parts?: readonly number[]): Promise<void>;
  /** What each of our parts has not been given yet of the chunks up to `last`; returns the frames. */
  post(music: Timeline, last: number, lease: Pick<Lease, 'broadcast' | 'epoch'>): Promise<readonly string[]>;
  /** Gives the last frames a moment to leave, also past a listener that stalls. */
  lastPosts(): Promise<void>;
};

type Ports = {
  readonly connections: Connections;
  readonly post: Attempt;
  readonly clock: Clock;
  readonly log: Log;
};

/** @param part the one that is ours from the beginning; everybody where not given */
export function audience(ports: Ports, part = { index: 0, of: 1 }): Audience {
  const { connections, clock } = ports;
  const out: FanOut = fanOut(ports);
  let here = 0;
  let of = part.of;
  /** For each of our parts. */
  let posted = new Map<number, number>([[part.index, -1]]);

  const idsOf = async (parts: readonly number[]): Promise<readonly string[]> => {
    // All of them are read at once, as one part.
    if (parts.length < of) {
      const lists: (readonly string[])[] = [];
      for (const index of parts) lists.push(await connections.list({ index, of }));
      return lists.flat();
    }
    const ids = await connections.list();
    here = ids.length;
    return ids;
  };

  return {
    here: () => here,
    counted(count) {
      here = count;
    },
    parts: () => of,
    has: (index) => posted.has(index),
    share: () => posted.size / of,
    divide(parts) {
      const ours = [...posted];
      const times = Array.from({ length: parts / of }, (_, i) => i * of);
      posted = new Map(
        times.flatMap((offset) => ours.map(([index, last]) => [index + offset, last] as const)),
      );
      of = parts;
    },
    take: (index, last) => void posted.set(index, last),
    drop: (index) => void posted.delete(index),
    begin(last) {
      for (const index of posted.keys()) posted.set(index, last);
    },
    pass(from, until) {
      for (const [index, last] of posted)
        if (last >= from - 1 && last < until - 1) posted.set(index, until - 1);
    },
    posted: () => Math.min(...posted.values()),
    async tell(framesFor, parts = [...posted.keys()]) {
      const ids = await idsOf(parts);
      out.send(ids, framesFor(here));
    },
    async post(music, last, { broadcast, epoch }) {
      const all: string[] = [];
      // Parts that were given the same get the same frames.
      for (const before of new Set([...posted.values()].filter((value) => value < last))) {
        const parts = [...posted].filter(([, value]) => value === before).map(([index]) => index);
        const ids = await idsOf(parts);
        const frames = chunkFrames(music, before + 1, last, { broadcast, epoch, here });
        out.send(ids, frames);
        for (const index of parts) if (posted.has(index)) posted.set(index, last);
        all.push(...frames);
      }
      return all;
    },
    async lastPosts() {
      const enough = new AbortController();
      const patience = clock.sleepUntil(clock.now() + LAST_POSTS_MS, enough.signal).catch(() => {});
      await Promise.race([out.idle(), patience]);
      enough.abort();
    },
  };
}
