/**
 * When the site's own clock is asked, and whether it is believed. It is asked by HTTP and answered without a function of the station's, so
 * it costs half of what a ping does. It tells how fast ours runs; how late it is the pings say, of the clock that the music goes by.
 */
import { alarm } from './alarm.ts';
import type { PingSample } from './server-clock.ts';
import type { Timers } from './timers.ts';

/** After the opening burst of pings, and once the connection that the page came by is quiet. */
const SOON_MS = 2_000;
/** Between two answers: what they tell of a drift grows with the time between them, so the gap doubles. */
const FIRST_GAP_MS = 10_000;
const LONGEST_GAP_MS = 160_000;
/** An answer that took longer tells nothing. */
export const SLOW_MS = 3_000;
/** Asked in vain so often, one after another, it is given up for as long as the page is open. */
const FAILURES_AT_MOST = 3;
/** What tells an answer of ours from a cache's: numbers from a random beginning. */
const MOST_FIRST_ID = 1e9;

/** Asks once, and calls `done` once: with null where there was no answer that can be used. */
export type AskSite = (id: number, done: (answer: PingSample | null) => void) => void;

export type SiteClock = {
  /** It has answered on this connection, and was not given up: pings may be seldom. */
  readonly trusted: boolean;
  /** The connection is open, a broadcast is near, or time may have stood still: what is under way counts for nothing, and it is asked soon. */
  start(): void;
  /** The connection is gone. */
  stop(): void;
};

export function siteClock(world: {
  readonly timers: Timers;
  readonly random: () => number;
  readonly ask: AskSite;
  /** Whether a broadcast is near or under way: nobody asks between two. */
  readonly busy: () => boolean;
  /** "apart": it contradicts the pings, and whoever does that is not asked again. */
  readonly sample: (answer: PingSample) => 'kept' | 'apart';
  /** It is given up. @param why a sentence @param was whether it was trusted till now */
  readonly dropped: (why: string, was: boolean) => void;
}): SiteClock {
  const next = alarm(world.timers);
  let id = Math.floor(world.random() * MOST_FIRST_ID);
  let dropped = false;
  let answered = false;
  let failures = 0;
  let gapMs = FIRST_GAP_MS;

  const stop = () => {
    next.clear();
    // An answer to what was asked before is nobody's.
    id++;
    answered = false;
  };
  const drop = (because: string) => {
    const was = answered;
    dropped = true;
    stop();
    world.dropped(`This page does not ask the site’s clock any more: ${because}.`, was);
  };
  const fail = () => {
    failures++;
    gapMs = FIRST_GAP_MS;
    if (failures < FAILURES_AT_MOST) next.set(ask, gapMs);
    else drop('three questions had no answer that can be used');
  };
  function ask(): void {
    if (!world.busy()) return;
    const mine = ++id;
    world.ask(mine, (answer) => {
      if (mine !== id) return;
      if (answer === null || answer.arrivedAt - answer.sentAt > SLOW_MS) return fail();
      if (world.sample(answer) === 'apart')
        return drop('it contradicts the station’s, which the music goes by');
      failures = 0;
      answered = true;
      next.set(ask, gapMs);
      gapMs = Math.min(LONGEST_GAP_MS, 2 * gapMs);
    });
  }
  const start = () => {
    stop();
    if (dropped) return;
    gapMs = FIRST_GAP_MS;
    next.set(ask, SOON_MS);
  };

  return {
    get trusted() {
      return answered;
    },
    start,
    stop,
  };
}
