/** A page of the product's own code, without its sound: what it gives its piano to strike, and what it had been told. */
import type { Note } from '../../src/music/note.ts';
import { CHUNK_MS } from '../../src/music/timeline.ts';
import { type Frame, parseFrame } from '../../src/wire.ts';
import type { Socket, SocketEvents } from '../../web/listener/connection.ts';
import { type Listener, listener } from '../../web/listener/listener.ts';
import { scheduler } from '../../web/score/scheduler.ts';
import type { SimClock } from './clock.ts';

/** A stroke: when it was given to the piano, where it was placed, and by how much the page's clock might be wrong. */
export type Stroke = {
  readonly note: Note;
  readonly broadcast: string;
  readonly sentAt: number;
  readonly atMs: number;
  readonly toleranceMs: number;
  dampedAtMs: number | null;
};
export type Span = { readonly from: number; readonly to: number };

export type Ears = {
  readonly name: string;
  readonly page: Listener;
  readonly strokes: readonly Stroke[];
  readonly comesAt: number;
  /** When it left; never where infinite. */
  leftAt: number;
  readonly sleeps: readonly Span[];
  /** First instant at which it could play: it had music in hand where the broadcast stood, and its clock. */
  readonly servedAt: number | null;
  readonly stopToldAt: number | null;
  /** What it was found to do that it must not, as it was done. */
  readonly faults: readonly string[];
  sleep(until: number): void;
  leave(): void;
};

export type EarsWorld = {
  readonly clock: SimClock;
  readonly random: () => number;
  readonly open: (name: string, events: SocketEvents) => Socket;
  /** Its own clock runs fast by so many parts per million. */
  readonly driftPpm: number;
  /** How a frame reaches the page; the same, unless something is planted. */
  readonly garble: (text: string) => string;
};

/** Shorter than the scheduler's look-ahead. */
const TICK_MS = 1_000;
const SLEPT_MS = 5_000;
/** Ahead of where it stands, so much must be in hand. */
const SERVED_MS = 2_000;
/** What a clock drifts, and a correction lags, between two looks at it: 160 ppm of a minute, and some. */
const ROUNDING_MS = 15;
/** Half of the widest round trip on a line as usual: what uneven delays may mislead a page by. */
const WIDEST_MS = 40;

export function ears(name: string, { clock, random, open, driftPpm, garble }: EarsWorld): Ears {
  const rate = 1 + driftPpm / 1e6;
  const offset = random() * 1e6;
  const start = clock.now();
  const localNow = () => (clock.now() - start) * rate + offset;
  const strokes: Stroke[] = [];
  const sleeps: Span[] = [];
  const faults: string[] = [];
  const waiting: (() => void)[] = [];
  const timers: (() => void)[] = [];
  let asleepUntil = Number.NEGATIVE_INFINITY;
  let left = Number.POSITIVE_INFINITY;
  let servedAt: number | null = null;
  let stopToldAt: number | null = null;
  let toleranceMs = 0;
  let lastTickAt = start;
  /** The highest epoch that it was told of, of the broadcast that it knows. */
  let told = { broadcast: '', epoch: 0 };

  const does = (task: () => void) => {
    if (clock.now() >= left) return;
    if (clock.now() < asleepUntil) waiting.push(task);
    else task();
  };
  /** @param frame as it was sent, whatever the page makes of it */
  const hear = (frame: Frame | null, deliver: () => void) => {
    const held = page.score.notes.length;
    const before = told;
    deliver();
    if (!frame || !('epoch' in frame) || frame.broadcast === null) return;
    const known = page.score.hello?.broadcast === frame.broadcast;
    const isLower = frame.broadcast === before.broadcast && frame.epoch < before.epoch;
    if (isLower && frame.type === 'chunk' && page.score.notes.length > held)
      faults.push(`took chunk ${frame.seq} of epoch ${frame.epoch} after ${before.epoch}`);
    if (known && !isLower) told = { broadcast: frame.broadcast, epoch: frame.epoch };
    const silenced = frame.type === 'stop' || (frame.type === 'hello' && frame.state === 'stopped');
    if (known && !isLower && silenced) stopToldAt ??= clock.now();
  };

  const page: Listener = listener({
    now: localNow,
    timers: {
      set: (task, ms) => {
        // What is cleared while the page sleeps does not run when it wakes.
        let on = true;
        const off = clock.at(clock.now() + ms / rate, () => does(() => on && task()), true);
        timers.push(() => {
          on = false;
          off();
        });
        return timers.length - 1;
      },
      clear: (id) => timers[id]?.(),
    },
    random,
    onChange(change) {
      if (change !== 'cut') return;
      plan.reset();
      page.score.rewind();
    },
    open(events) {
      return open(name, {
        opened: () => does(events.opened),
        closed: (code) => does(() => events.closed(code)),
        message: (data) => {
          const text = String(data);
          does(() => hear(parseFrame(text), () => events.message(garble(text))));
        },
      });
    },
  });
  const plan = scheduler({
    score: page.score,
    position: () => (page.clock.ready ? page.position() : null),
    audioTime: (ms) => page.clock.toLocal((page.score.hello?.t0 ?? 0) + ms) ?? Number.NaN,
    instrument: {
      pedal() {},
      silence() {},
      strike(note, atLocal) {
        page.clock.startSlewing();
        const { broadcast = null, t0 = null } = page.score.hello ?? {};
        const placed = (local: number) => (local - offset) / rate + start - (t0 ?? 0);
        toleranceMs = Math.max(toleranceMs, WIDEST_MS, page.clock.uncertaintyMs ?? 0);
        const toleratedMs = toleranceMs + ROUNDING_MS;
        const stroke: Stroke = {
          ...{
            note,
            broadcast: broadcast ?? '',
            sentAt: clock.now(),
            atMs: placed(atLocal),
            toleranceMs: toleratedMs,
          },
          dampedAtMs: null,
        };
        strokes.push(stroke);
        return {
          damp(local) {
            stroke.dampedAtMs = placed(local);
          },
        };
      },
    },
  });
  const look = () => {
    const at = page.clock.ready ? page.position() : null;
    const state = page.score.hello?.state;
    if (servedAt !== null || at === null || (state !== 'live' && state !== 'doors')) return;
    const from = Math.max(0, at);
    if (page.score.notes.length > 0 && page.score.holds(from, Math.max(from + SERVED_MS, CHUNK_MS)))
      servedAt = clock.now();
  };
  const tick = () => {
    if (clock.now() >= left) return;
    clock.at(clock.now() + TICK_MS, tick, true);
    if (clock.now() < asleepUntil) return;
    for (const task of waiting.splice(0)) task();
    if (clock.now() - lastTickAt > SLEPT_MS) page.wake();
    lastTickAt = clock.now();
    plan.tick();
    look();
    page.check();
  };
  clock.at(start, tick, true);

  return {
    ...{ name, page, strokes, sleeps, faults, comesAt: start },
    get leftAt() {
      return left;
    },
    get servedAt() {
      return servedAt;
    },
    get stopToldAt() {
      return stopToldAt;
    },
    sleep(until) {
      sleeps.push({ from: clock.now(), to: until });
      asleepUntil = Math.max(asleepUntil, until);
    },
    leave() {
      left = clock.now();
    },
  };
}
