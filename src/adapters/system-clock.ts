/**
 * The clock of this machine, and every wait in this program. A machine may sleep, and its clock may be set: each wait
 * looks at the clock again every few seconds, and a broadcast that is on the air is not moved by a hand at the clock.
 */
import { uptime } from 'node:os';
import type { Clock, Log } from '../ports.ts';

/** A wait looks at the clock this often, milliseconds: no machine that slept oversleeps by more. */
const LOOK_AGAIN_MS = 5_000;
/** Less than this is drift, which the clock may follow unnoticed, milliseconds. */
const JUMP_MS = 500;

/** What a machine tells of time, milliseconds. */
export type Time = {
  /** Since 1970, as the machine's clock shows it; people and time servers set it. */
  wall(): number;
  /** Since some moment, while the machine was awake; nobody sets it. */
  awake(): number;
  /** Since some moment, sleep included; nobody sets it. It may be coarse. */
  elapsed(): number;
  timeout(ms: number, signal?: AbortSignal): Promise<void>;
};

const machineTime: Time = {
  wall: () => Date.now(),
  awake: () => performance.now(),
  elapsed: () => uptime() * 1000,
  timeout: (ms, signal) =>
    new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      const onAbort = () => {
        clearTimeout(timer);
        reject(signal?.reason);
      };
      const timer = setTimeout(() => {
        signal?.removeEventListener('abort', onAbort);
        resolve();
      }, ms);
      signal?.addEventListener('abort', onAbort, { once: true });
    }),
};

export type ClockOptions = {
  readonly time?: Time;
  /** Whether a broadcast is on the air: then a clock that is set is followed only afterwards. Sleep counts as ever. */
  readonly held?: () => boolean;
  /** Told of `machine.slept` and `clock.set`. */
  readonly log?: Log;
};

/**
 * A clock that follows the machine's, through sleep at once, and through being set as soon as nothing is on the air.
 * A wait of at most `LOOK_AGAIN_MS` ends when so long has passed, wherever the clock was set meanwhile: whoever waits
 * so shortly looks again anyway. A longer one is an appointment, and ends when the clock shows its instant.
 */
export function clockOf({ time = machineTime, held = () => false, log }: ClockOptions = {}): Clock {
  /** What the clock shows beyond the time awake. */
  let offset = time.wall() - time.awake();
  /** Sleep so far. */
  let slept = time.elapsed() - time.awake();
  /** How far the clock was set while it was held. */
  let heldBy = 0;

  function now(): number {
    const jump = time.wall() - time.awake() - offset;
    if (Math.abs(jump) < JUMP_MS) {
      offset += jump;
      heldBy = 0;
      return time.wall();
    }
    const asleep = time.elapsed() - time.awake() - slept;
    slept += asleep;
    if (asleep >= JUMP_MS) {
      log?.('machine.slept', { ms: Math.round(asleep) });
      offset += asleep;
      return now();
    }
    const hold = held();
    if (!hold || Math.abs(jump - heldBy) >= JUMP_MS) {
      log?.('clock.set', { byMs: Math.round(jump), followed: hold ? 'after the broadcast' : 'at once' });
    }
    heldBy = hold ? jump : 0;
    if (!hold) offset += jump;
    // Whole milliseconds, as the machine's clock counts them: calendars, which take instants apart, refuse fractions.
    return Math.round(time.awake() + offset);
  }

  return {
    now,
    async sleepUntil(instant, signal) {
      const asked = instant - now();
      const over = time.awake() + asked;
      for (let left = asked; left > 0; left = instant - now()) {
        if (asked <= LOOK_AGAIN_MS && time.awake() >= over) break;
        await time.timeout(Math.min(left, LOOK_AGAIN_MS), signal);
      }
      signal?.throwIfAborted();
    },
  };
}

/** For whatever never holds its clock. */
export const systemClock: Clock = clockOf();
