/**
 * When the site's own clock is asked, and whether it is believed. It is asked by HTTP and answered without a function of the station's, so
 * it costs half of what a ping does. It tells how fast ours runs; how late it is the pings say, of the clock that the music goes by.
 * Each connection may end at another machine, set otherwise, so it is asked as often as it takes to keep one open.
 */
import { alarm } from './alarm.ts';
import type { OtherSample } from './server-clock.ts';
import type { Timers } from './timers.ts';

/** After the opening burst of pings, and once the connection that the page came by is quiet. */
const SOON_MS = 2_000;
/** Between the first two answers, and after one that failed. */
const FIRST_GAP_MS = 10_000;
/** Between the others: a connection that is silent for a minute may be closed at either end, or between. */
const GAP_MS = 55_000;
/** An answer that took longer tells nothing. */
export const SLOW_MS = 3_000;
/** Asked in vain so often, one after another, it is given up for as long as the page is open. */
const FAILURES_AT_MOST = 3;
/** What tells an answer of ours from a cache's: numbers from a random beginning. */
const MOST_FIRST_ID = 1e9;

/** Asks once, and calls `done` once: with null where there was no answer that can be used. */
export type AskSite = (id: number, done: (answer: OtherSample | null) => void) => void;

export type SiteClock = {
  /** Its last two answers came from one machine, so that they tell how fast our clock runs, and it was not given up: pings may be seldom. */
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
  /** Whether music is near or still comes: nobody asks else. */
  readonly busy: () => boolean;
  /** "apart": it contradicts the pings, and whoever does that is not asked again. */
  readonly sample: (answer: OtherSample) => 'kept' | 'apart';
  /** It is given up. @param why a sentence @param was whether it was trusted till now */
  readonly dropped: (why: string, was: boolean) => void;
}): SiteClock {
  const next = alarm(world.timers);
  let id = Math.floor(world.random() * MOST_FIRST_ID);
  let dropped = false;
  let trusted = false;
  let answered = false;
  let failures = 0;

  const stop = () => {
    next.clear();
    // An answer to what was asked before is nobody's.
    id++;
    answered = false;
    trusted = false;
  };
  const drop = (because: string) => {
    const was = trusted;
    dropped = true;
    stop();
    world.dropped(`This page does not ask the site’s clock any more: ${because}.`, was);
  };
  const fail = (gapMs: number) => {
    failures++;
    if (failures < FAILURES_AT_MOST) next.set(ask, gapMs);
    else drop('three questions had no answer that can be used');
  };
  function ask(): void {
    if (!world.busy()) return;
    const mine = ++id;
    world.ask(mine, (answer) => {
      if (mine !== id) return;
      if (answer === null || answer.arrivedAt - answer.sentAt > SLOW_MS) return fail(FIRST_GAP_MS);
      if (world.sample(answer) === 'apart')
        return drop('it contradicts the station’s, which the music goes by');
      const gapMs = answered ? GAP_MS : FIRST_GAP_MS;
      trusted = answered && !answer.fresh;
      answered = true;
      // One answer from a machine tells nothing of a drift: where none is asked twice, asking is in vain.
      if (answer.fresh) return fail(gapMs);
      failures = 0;
      next.set(ask, gapMs);
    });
  }
  const start = () => {
    stop();
    if (dropped) return;
    next.set(ask, SOON_MS);
  };

  return {
    get trusted() {
      return trusted;
    },
    start,
    stop,
  };
}
