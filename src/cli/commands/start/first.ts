/** Music for whoever has just started a station: today's performance, in a moment. */
import { causesOf } from '../../../errors.ts';
import type { Station } from '../../../local/station.ts';
import type { Clock, Log } from '../../../ports.ts';
import { bothClocks, DOORS_MS, dateIn } from '../../../schedule/index.ts';
import { clockText } from '../../terminal/options.ts';
import { say } from '../../terminal/output.ts';

/** From the moment that today's performance is ready until it is played, milliseconds. */
const FIRST_IN_MS = 15_000;

export type FirstPorts = {
  readonly station: Pick<Station, 'play' | 'nextStart' | 'records' | 'broadcasts'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly timeZone: string;
  /** Composes a day where it is missing; its duration, milliseconds. */
  readonly ensure: (date: string) => Promise<number>;
  readonly log: Log;
};

/**
 * Plays today's performance 15 s after it is ready: once a day, however often the station is started, and only where it
 * is over before the doors open for the next broadcast.
 * @throws what composing throws; a broadcast that fails is logged
 */
export async function playFirst({ station, clock, timeZone, ensure, log }: FirstPorts): Promise<void> {
  const today = dateIn(timeZone, clock.now());
  if (await wasBegun(today, station)) {
    say(`${today} was played already, and is not played again.`);
    return;
  }
  const next = station.nextStart();
  const roomUntil = (endsAt: number) => next === null || endsAt <= next - DOORS_MS;
  const tooNear = () => say(`Nothing is played before ${bothClocks(timeZone, next ?? 0)}: that is near.`);
  if (!roomUntil(clock.now() + FIRST_IN_MS)) return tooNear();
  const durationMs = await ensure(today);
  const startsAt = clock.now() + FIRST_IN_MS;
  if (!roomUntil(startsAt + durationMs)) return tooNear();
  say(`Playing ${today} (${clockText(durationMs)}) in ${FIRST_IN_MS / 1000} seconds.`);
  await station.play({ window: 'first', startsAt, wanted: today, next }).catch((error: unknown) => {
    log('broadcast.failed', { broadcast: 'first', reason: causesOf(error) });
  });
}

/** Whether a day's performance was broadcast, or is being broadcast. */
async function wasBegun(
  date: string,
  { records, broadcasts }: Pick<Station, 'records' | 'broadcasts'>,
): Promise<boolean> {
  const row = await broadcasts.current();
  if (row?.wanted === date && row.state !== 'cancelled') return true;
  return (await records.list()).some(({ performance }) => performance === date);
}
