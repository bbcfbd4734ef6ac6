import { alarm } from './alarm.ts';
import type { PingSample } from './server-clock.ts';
import type { Timers } from './timers.ts';

/**
 * When to ping. A burst at first, so that Join sounds fast; then for a minute and a half
 * every 12 s, apart from one another, as what holds up one message holds up its neighbours, and since nothing is known
 * of the drift yet; then a trickle. With 240 chunks an hour, 480 messages leave 240 for pings and pongs: one every 50 s
 * makes 72 pairs; bursts, hello and join fit into the rest.
 */
export const BURST_PINGS = 6;
const BURST_GAP_MS = 120;
const SETTLING_PINGS = 8;
const SETTLING_GAP_MS = 12_000;
const LIVE_GAP_MS = 50_000;
/** Between broadcasts a ping only keeps the connection open (API Gateway closes an idle one after 10 minutes). */
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
  /** A broadcast is near, or was found under way: as a burst, but for one that has only just been. */
  near(): void;
  pong(id: number, serverReceivedAt: number, serverSentAt: number): void;
};

export function pinger(world: {
  readonly now: () => number;
  readonly timers: Timers;
  readonly send: (id: number) => void;
  readonly sample: (sample: PingSample) => void;
  readonly dead: () => void;
  /** Whether a broadcast is near or under way. */
  readonly busy: () => boolean;
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

  const ping = () => {
    const id = nextId++;
    const timeout = world.timers.set(world.dead, PONG_TIMEOUT_MS);
    waiting.set(id, { sentAt: world.now(), timeout });
    world.send(id);
    next.set(ping, gapMs());
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
      if (world.now() - begunAt > SETTLING_GAP_MS) return begin();
      next.set(ping, SETTLING_GAP_MS);
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
