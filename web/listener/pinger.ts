import type { PingSample } from './server-clock.ts';
import type { Timers } from './timers.ts';

/**
 * When to ping. A burst at first, so that Join sounds fast, then a trickle: with 240 chunks an hour, 480 messages
 * leave 240 for pings and pongs. One every 40 s makes 90 pairs; bursts, hello and join fit into the rest.
 */
export const BURST_PINGS = 8;
const BURST_GAP_MS = 120;
const LIVE_GAP_MS = 40_000;
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
  let left = 0;
  let timer: number | null = null;
  let running = false;

  const ping = () => {
    const id = nextId++;
    const timeout = world.timers.set(world.dead, PONG_TIMEOUT_MS);
    waiting.set(id, { sentAt: world.now(), timeout });
    world.send(id);
    left = Math.max(0, left - 1);
    const gap = left > 0 ? BURST_GAP_MS : world.busy() ? LIVE_GAP_MS : IDLE_GAP_MS;
    timer = world.timers.set(ping, gap);
  };
  const begin = () => {
    if (timer !== null) world.timers.clear(timer);
    left = BURST_PINGS;
    ping();
  };
  const stop = () => {
    if (timer !== null) world.timers.clear(timer);
    for (const { timeout } of waiting.values()) world.timers.clear(timeout);
    waiting.clear();
    timer = null;
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
