import { alarm } from './alarm.ts';
import type { PingSample } from './server-clock.ts';
import type { Timers } from './timers.ts';

/**
 * When to ping. A burst at first, so that Join sounds fast; where music is near, for a minute and three quarters
 * every 12 s, apart from one another, as what holds up one message holds up its neighbours, and since nothing is known
 * of the drift yet; then a trickle. With 240 chunks an hour, 480 messages leave 240 for pings and pongs: one every 50 s
 * makes 72 pairs; bursts, hello and join fit into the rest. Where the site's clock says how fast ours runs, four settle it: then
 * a ping asks whether the connection lives, where nothing else has come over it, and now and then what time it is.
 */
export const BURST_PINGS = 5;
const BURST_GAP_MS = 120;
const SETTLING_PINGS = 9;
/** With the site's clock. */
const AIDED_SETTLING_PINGS = 4;
const SETTLING_GAP_MS = 12_000;
const LIVE_GAP_MS = 50_000;
/**
 * With the site's clock: nothing was heard for so long. A frame brings music up to 135 s ahead, so a connection that died right after one is
 * known to be dead with 59 s in hand.
 */
const SILENCE_MS = 70_000;
/** With the site's clock: a ping at least so often, as a check of it. */
const CHECK_MS = 600_000;
/** A burst is good for so long that music which comes near brings no second one. */
const RECENT_MS = 600_000;
/** Where no music is near a ping only keeps the connection open (API Gateway closes an idle one after 10 minutes). */
const IDLE_GAP_MS = 240_000;
/** A ping unanswered by then means that the connection is dead, whatever the socket says. */
export const PONG_TIMEOUT_MS = 6_000;

export type Pinger = {
  /** The connection is open: a burst begins. */
  start(): void;
  /** The connection is gone. */
  stop(): void;
  /** A new burst, after sleep or a stepped clock; nothing while one is under way or no connection is open. */
  burst(): void;
  /** Music is near, or was found under way: pings that settle it, after a burst where there was none of late. */
  near(): void;
  /** Something has come over the connection: it lives. */
  heard(): void;
  pong(id: number, serverReceivedAt: number, serverSentAt: number): void;
};

export function pinger(world: {
  readonly now: () => number;
  readonly timers: Timers;
  readonly send: (id: number) => void;
  readonly sample: (sample: PingSample) => void;
  readonly dead: () => void;
  /** Whether music is near or under way. */
  readonly busy: () => boolean;
  /** Whether the site's clock is asked as well; never where not given. */
  readonly aided?: () => boolean;
}): Pinger {
  const waiting = new Map<number, { sentAt: number; timeout: number }>();
  let nextId = 0;
  /** Of the burst, and of those that follow it. */
  let left = 0;
  let settling = 0;
  const next = alarm(world.timers);
  let running = false;
  /** When the last burst was begun. */
  let begunAt = Number.NEGATIVE_INFINITY;
  let pingedAt = Number.NEGATIVE_INFINITY;
  let heardAt = Number.NEGATIVE_INFINITY;

  const ping = () => {
    const id = nextId++;
    const timeout = world.timers.set(world.dead, PONG_TIMEOUT_MS);
    pingedAt = world.now();
    waiting.set(id, { sentAt: pingedAt, timeout });
    world.send(id);
    next.set(pingIfDue, gapMs());
  };
  const pingIfDue = () => {
    const spareMs = aidedGapMs();
    // A timer goes by another clock than ours, which may be behind when it rings: not for the sake of a fraction.
    if (spareMs >= 1) next.set(pingIfDue, spareMs);
    else ping();
  };
  /** How long a ping may still be spared: not within a burst, nor while it settles, nor between broadcasts, nor without the site's clock. */
  const aidedGapMs = (): number => {
    const settles = settling >= SETTLING_PINGS - AIDED_SETTLING_PINGS;
    if (left > 0 || settles || !world.busy() || !world.aided?.()) return 0;
    return Math.min(heardAt + SILENCE_MS, pingedAt + CHECK_MS) - world.now();
  };
  /** To the next ping. */
  const gapMs = (): number => {
    if (left > 0 && --left > 0) return BURST_GAP_MS;
    if (!world.busy()) return IDLE_GAP_MS;
    return settling-- > 0 ? SETTLING_GAP_MS : LIVE_GAP_MS;
  };
  const begin = () => {
    begunAt = world.now();
    left = BURST_PINGS;
    settling = SETTLING_PINGS;
    ping();
  };
  const stop = () => {
    next.clear();
    for (const { timeout } of waiting.values()) world.timers.clear(timeout);
    waiting.clear();
    left = 0;
    running = false;
  };

  return {
    start() {
      stop();
      running = true;
      begin();
    },
    stop,
    burst() {
      if (running && left === 0) begin();
    },
    near() {
      if (!running || left > 0) return;
      if (world.now() - begunAt > RECENT_MS) return begin();
      settling = SETTLING_PINGS;
      next.set(pingIfDue, gapMs());
    },
    heard() {
      heardAt = world.now();
    },
    pong(id, serverReceivedAt, serverSentAt) {
      const arrivedAt = world.now();
      const sent = waiting.get(id);
      if (!sent) return;
      world.timers.clear(sent.timeout);
      waiting.delete(id);
      world.sample({ sentAt: sent.sentAt, serverReceivedAt, serverSentAt, arrivedAt });
    },
  };
}
