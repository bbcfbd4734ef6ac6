/** The page without its sound, over a real socket: what it gives its piano to strike, and how often. */
import type WebSocket from 'ws';
import type { Note } from '../../src/music/note.ts';
import { type Listener, listener } from '../../web/listener/listener.ts';
import { scheduler } from '../../web/score/scheduler.ts';

export type Ears = {
  readonly page: Listener;
  /** How often each stroke was given to the piano, by `strokeOf`. */
  readonly struck: ReadonlyMap<string, number>;
  close(): void;
};

/** A note by its onset and its key. */
export const strokeOf = ({ onsetMs, pitch }: Note): string => `${onsetMs} ${pitch}`;

/** @param leaves whether what the page sends leaves it; where it does not, nobody hears of it */
export function ears(dial: () => WebSocket, leaves: (text: string) => boolean = () => true): Ears {
  const struck = new Map<string, number>();
  let left = false;
  // The page has no end of its own; this one's time stands still when it has left.
  const timers = {
    set: (task: () => void, ms: number) => Number(setTimeout(() => left || task(), ms).unref()),
    clear: clearTimeout,
  };
  let line: WebSocket | null = null;
  const page: Listener = listener({
    open(events) {
      const socket = dial();
      line = socket;
      socket.on('open', events.opened);
      socket.on('message', (data) => events.message(String(data)));
      socket.on('close', events.closed);
      socket.on('error', () => {});
      return {
        send: (text) => void (leaves(text) && socket.send(text)),
        close: () => socket.terminate(),
      };
    },
    now: () => performance.now(),
    timers,
    random: Math.random,
    onChange(change) {
      if (change !== 'cut') return;
      plan.reset();
      page.score.rewind();
    },
  });
  const plan = scheduler({
    score: { eventsUntil: (ms) => page.score.eventsUntil(ms) },
    position: () => (page.clock.ready ? page.position() : null),
    audioTime: (positionMs) => positionMs / 1000,
    instrument: {
      strike(note) {
        struck.set(strokeOf(note), (struck.get(strokeOf(note)) ?? 0) + 1);
        return { damp() {} };
      },
      pedal() {},
      silence() {},
    },
  });
  let ticks = 0;
  const ticking = setInterval(() => {
    plan.tick();
    if (++ticks % 20 === 0) page.check();
  }, 50);
  return {
    page,
    struck,
    close() {
      left = true;
      clearInterval(ticking);
      line?.terminate();
    },
  };
}
