import type { Clock, Log } from '../ports.ts';
import type { Window } from '../schedule/index.ts';

/** How often the stored windows are looked at: an operator's change is in force after so many milliseconds. */
const LOOK_MS = 5_000;
/** What is prepared reaches two days ahead; it is made up for this often, changed or not. */
const AGAIN_MS = 600_000;

export type KeepPorts = {
  /** The windows in force. */
  readonly readWindows: () => Promise<readonly Window[]>;
  /** Prepares what comes. */
  readonly prepare: () => Promise<void>;
  readonly clock: Clock;
  readonly log: Log;
};

/** Prepares what comes whenever the windows have changed, and from time to time, until aborted; as a timer does in a cloud. */
export async function keepPrepared(ports: KeepPorts, signal: AbortSignal): Promise<never> {
  const { readWindows, prepare, clock, log } = ports;
  let before: string | null = null;
  let againAt = Number.NEGATIVE_INFINITY;
  for (;;) {
    signal.throwIfAborted();
    try {
      const now = JSON.stringify(await readWindows());
      // A clock that was set back is no reason to wait.
      if (now !== before || clock.now() >= againAt || clock.now() < againAt - AGAIN_MS) {
        againAt = clock.now() + AGAIN_MS;
        before = now;
        await prepare();
      }
    } catch (error) {
      // A store that cannot be read, or a disk that is full, must not stop the station; the next look is near.
      log('prepare.failed', { reason: error instanceof Error ? error.message : String(error) });
    }
    await clock.sleepUntil(clock.now() + LOOK_MS, signal);
  }
}
