import { messageOf } from '../errors.ts';
import type { Clock, Log } from '../ports.ts';
import type { Window } from '../schedule/index.ts';

/** How often the stored windows are looked at: an operator's change is in force after so many milliseconds. */
const LOOK_MS = 5_000;
/** What is prepared reaches two days ahead; it is made up for this often, changed or not. */
const AGAIN_MS = 600_000;
/** What failed is tried again so soon: a disk that is full has room, and a store that is busy has time, in a minute. */
const AFTER_FAULT_MS = 60_000;

export type KeepPorts = {
  /** The windows in force. */
  readonly readWindows: () => Promise<readonly Window[]>;
  /** Arranges what comes: it is soon done. */
  readonly arrange: () => Promise<void>;
  /** Composes what comes: it takes minutes, in which windows are looked at all the same. */
  readonly catchUp: () => Promise<void>;
  readonly clock: Clock;
  readonly log: Log;
};

/**
 * Prepares what comes whenever the windows have changed, and from time to time, until aborted; as a timer does in a cloud.
 * It ends when what it has begun has ended.
 */
export async function keepPrepared(ports: KeepPorts, signal: AbortSignal): Promise<never> {
  const { readWindows, arrange, catchUp, clock, log } = ports;
  let before: string | null = null;
  let againAt = Number.NEGATIVE_INFINITY;
  /** One after the other: each finds what the one before it has made. */
  let catchingUp = Promise.resolve();
  // A store that cannot be read, or a disk that is full, must not stop the station.
  const failed = (error: unknown): void => {
    againAt = Math.min(againAt, clock.now() + AFTER_FAULT_MS);
    log('prepare.failed', { reason: messageOf(error) });
  };
  try {
    for (;;) {
      signal.throwIfAborted();
      try {
        const now = JSON.stringify(await readWindows());
        // A clock that was set back is no reason to wait.
        if (now !== before || clock.now() >= againAt || clock.now() < againAt - AGAIN_MS) {
          againAt = clock.now() + AGAIN_MS;
          before = now;
          await arrange();
          catchingUp = catchingUp.then(() => (signal.aborted ? undefined : catchUp())).catch(failed);
        }
      } catch (error) {
        failed(error);
      }
      await clock.sleepUntil(clock.now() + LOOK_MS, signal);
    }
  } finally {
    await catchingUp;
  }
}
