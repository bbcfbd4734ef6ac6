import { type BroadcastPorts, broadcast, type Outcome } from '../broadcast/broadcast.ts';
import type { Log, WakeReason, Windows } from '../ports.ts';
import { type PublishPorts, playingOf, publish } from '../publish/publish.ts';
import type { Window } from '../schedule/index.ts';
import { limitOf, planOf, windowsInForce } from './arm.ts';
import { askForSound, type SoundLater } from './sound-later.ts';

export type PerformPorts = BroadcastPorts &
  PublishPorts & {
    readonly windows: Windows;
    /** The window of a station without stored ones. */
    readonly otherwise: Window | null;
    /** In which a performance has its date. */
    readonly timeZone: string;
    readonly soundLater?: SoundLater;
  };

/** A stop that failed is tried again after so many milliseconds. */
const AGAIN_MS = 1_000;

/** It was played to its end, and could not be made public: that is told already, and is tried again by who prepares next. */
export class UnpublishedError extends Error {
  override readonly name = 'UnpublishedError';
}

/** Why a broadcaster is woken: by a timer, by a listener who hears of none, or by its predecessor. */
export type Reason = WakeReason | 'orphaned' | 'handed over';

/**
 * What a broadcaster does when it is woken: it finds out what is to be played, plays it, and makes it public.
 * @param owner names this broadcaster; a retry under the same name keeps its lease
 * @param signal ends it where it stands, for its successor to go on
 * @throws UnpublishedError
 */
export async function perform(
  id: string,
  reason: Reason,
  owner: string,
  ports: PerformPorts,
  signal?: AbortSignal,
): Promise<Outcome | 'dropped'> {
  const { broadcasts, clock, log, windows, otherwise, timeZone } = ports;
  const inForce = await windowsInForce(windows, otherwise);
  const plan = planOf(id, inForce, timeZone, clock.now());
  // The first who is woken writes the row; one without a window (an operator's "now") has its row already.
  if (!(await broadcasts.get(id))) {
    if (!plan) {
      log('broadcast.dropped', { broadcast: id, reason });
      return 'dropped';
    }
    await broadcasts.schedule({ id, startsAt: plan.startsAt, wanted: plan.wanted, next: plan.next });
  }
  let leased = false;
  const watched: Log = (event, details) => {
    log(event, details);
    if (event !== 'broadcast.leased') return;
    leased = true;
    // A check that gets the lease has found no broadcaster at work: somebody is to know.
    if (reason === 'check') log('check.took_over', details);
  };
  const over = new AbortController();
  const limit = limitOf(id, inForce);
  if (limit !== null) void stopAtLimit(id, limit, ports, over.signal);
  const outcome = await broadcast(
    id,
    owner,
    {
      ...ports,
      log: watched,
      // Of many listeners who find nobody at work, most wake one broadcaster too many.
      patient: reason !== 'orphaned',
    },
    signal,
  ).finally(() => over.abort());
  // Nothing is over where another broadcaster was found at work; and a check tells of no end but its own.
  if (outcome === 'elsewhere') log('broadcast.elsewhere', { broadcast: id, reason });
  else if (leased || reason !== 'check') log('broadcast.over', { broadcast: id, outcome });
  const played = outcome === 'ended' ? await broadcasts.get(id) : null;
  if (played?.performance) {
    await publish(played.performance, ports, playingOf(played)).catch((error: unknown) => {
      log('publish.failed', { performance: played.performance, reason: String(error) });
      throw new UnpublishedError(`${played.performance} was not made public`, { cause: error });
    });
    await askForSound(ports);
  }
  return outcome;
}

/** A window has a longest duration, whatever is left of the music. */
async function stopAtLimit(
  id: string,
  stopAt: number,
  { broadcasts, clock, log }: PerformPorts,
  over: AbortSignal,
): Promise<void> {
  await clock.sleepUntil(stopAt, over).catch(() => {});
  while (!over.aborted) {
    try {
      if ((await broadcasts.stop(id)) === 'stopped') log('broadcast.limit', { broadcast: id });
      return;
    } catch (error) {
      log('limit.failed', { broadcast: id, reason: String(error) });
      await clock.sleepUntil(clock.now() + AGAIN_MS, over).catch(() => {});
    }
  }
}
