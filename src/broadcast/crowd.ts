import { messageOf } from '../errors.ts';
import type { Broadcast, Clock, Division, Divisions, Lease, Log } from '../ports.ts';
import type { Audience } from './audience.ts';
import { hello, seqAt } from './frames.ts';
import { LOOK_MS } from './intervals.ts';

/** What the owner of a lease needs to share a crowd of listeners with helpers. */
export type CrowdPorts = {
  readonly divisions: Divisions;
  /** Listeners of one process; with more of them there are more parts. */
  readonly listenersEach: number;
  /** There cannot be more parts than this, a power of two. */
  readonly partsAtMost: number;
  /** Starts a helper for a part. */
  readonly wake: (lease: Lease, part: number) => Promise<void>;
  /** The station's rate, of all processes together. */
  readonly postsPerSecond: number;
  /** What part of the station's rate of posts may be used here from now on, above 0 to 1. */
  readonly share: (fraction: number) => void;
};

/** How often the owner looks after its helpers, and how often it counts its listeners; milliseconds. */
const WATCH_MS = 5_000;
const COUNT_MS = 15_000;
/** So long a helper may take to begin before the owner posts to its part as well; a cold start takes a second or two. */
const GRACE_MS = 5_000;
/** A part that nobody attends to is offered to a new helper this often. */
const WAKE_MS = 20_000;
/** A helper that has told the end promises this: nobody need look after its part again. */
export const FOR_GOOD = Number.MAX_SAFE_INTEGER;

/** How a crowd is shared. The owner posts to every part that no helper attends to, so helpers make it faster only. */
export type Crowd = {
  /** Counts, divides, starts helpers, and takes on or hands over parts; does nothing where it did just now. */
  watch(row: Broadcast): Promise<void>;
  /** At the very end: waits until each helper has told its part so, or has been found dead, and then takes its part on. */
  dismiss(frames: readonly string[]): Promise<void>;
};

/** Into how many parts so many listeners are divided: the next power of two. */
export const partsFor = (
  listeners: number,
  { listenersEach, partsAtMost }: Pick<CrowdPorts, 'listenersEach' | 'partsAtMost'>,
): number => {
  let parts = 1;
  while (parts < partsAtMost && listeners > parts * listenersEach) parts *= 2;
  return parts;
};

export function crowd(
  lease: Lease,
  ours: Audience,
  ports: CrowdPorts & { clock: Clock; log: Log; connections: { count(): Promise<number> } },
): Crowd {
  const { divisions, clock, log, wake, share } = ports;
  /** When a helper was last started for a part. */
  const wokenAt = new Map<number, number>();
  let watchAt = Number.NEGATIVE_INFINITY;
  let countAt = Number.NEGATIVE_INFINITY;
  let first = true;

  /** How things stand; null: undivided, or no longer ours. */
  async function look(now: number): Promise<Division | null> {
    // A retry has the epoch of its predecessor, whose helpers may be at work.
    const before = first ? await divisions.get(lease.broadcast) : null;
    first = false;
    const least = before?.epoch === lease.epoch ? before.parts : ours.parts();
    if (now < countAt) return ours.parts() > 1 ? divisions.get(lease.broadcast) : null;
    countAt = now + COUNT_MS;
    const here = await ports.connections.count();
    ours.counted(here);
    const parts = Math.max(least, partsFor(here, ports));
    return parts > 1 ? divisions.divide(lease, parts, here) : null;
  }

  function grow(parts: number): void {
    const before = ours.parts();
    log('crowd.divided', { broadcast: lease.broadcast, parts, listeners: ours.here() });
    ours.divide(parts);
    for (let part = before; part < parts; part++) ours.drop(part);
  }

  /** The parts for which a helper is to be started. */
  async function attendTo(division: Division, row: Broadcast, now: number): Promise<readonly number[]> {
    const alone: number[] = [];
    for (let part = 1; part < division.parts; part++) {
      const woken = wokenAt.get(part) ?? Number.NEGATIVE_INFINITY;
      if (division.attendedUntil[part]! > now) ours.drop(part);
      else if (now >= woken + WAKE_MS) alone.push(part);
      else if (!ours.has(part) && now >= woken + GRACE_MS) await takeOn(part, row, now);
    }
    return alone;
  }

  /** What was posted to it is not known: all that plays now or later is posted again, and what it may have missed. */
  async function takeOn(part: number, row: Broadcast, now: number): Promise<void> {
    log('crowd.taken_on', { broadcast: lease.broadcast, part });
    ours.take(part, seqAt(now - row.startsAt) - 1);
    await ours.tell(() => [hello(row, clock.now())], [part]);
  }

  async function start(part: number): Promise<void> {
    wokenAt.set(part, clock.now());
    await wake(lease, part).catch((error: unknown) =>
      log('crowd.wake_failed', { broadcast: lease.broadcast, part, reason: messageOf(error) }),
    );
  }

  return {
    async watch(row) {
      const now = clock.now();
      if (now < watchAt) return;
      watchAt = now + WATCH_MS;
      try {
        const division = await look(now);
        if (division?.epoch === lease.epoch) {
          if (division.parts > ours.parts()) grow(division.parts);
          await Promise.all((await attendTo(division, row, now)).map(start));
        }
        share(ours.share());
      } catch (error) {
        // Whoever is ours now stays so; the next look is near.
        log('crowd.failed', { broadcast: lease.broadcast, reason: messageOf(error) });
      }
    },
    async dismiss(frames) {
      for (;;) {
        const division = ours.parts() > 1 ? await divisions.get(lease.broadcast) : null;
        if (division?.epoch !== lease.epoch) return;
        const now = clock.now();
        const until = [...division.attendedUntil.entries()].filter(([part]) => !ours.has(part));
        const deserted = until.filter(([, instant]) => instant <= now).map(([part]) => part);
        for (const part of deserted) ours.take(part, Number.POSITIVE_INFINITY);
        if (deserted.length > 0) await ours.tell(() => frames, deserted);
        if (until.every(([, instant]) => instant <= now || instant === FOR_GOOD)) return;
        await clock.sleepUntil(now + LOOK_MS);
      }
    },
  };
}
