/** Music for whoever has just started a station: today's performance, in a moment. */
import type { BroadcastRecords, Broadcasts } from '../../../ports.ts';
import { bothClocks, DOORS_MS, dateIn } from '../../../schedule/index.ts';
import { type NowPorts, nextStart, playNow } from '../../../station/play-now.ts';
import { minutesText } from '../../../words.ts';
import { say } from '../../terminal/output.ts';

/** From the moment that today's performance is ready until it is played, milliseconds. */
const FIRST_IN_MS = 15_000;

export type FirstPorts = NowPorts & {
  readonly broadcasts: Broadcasts;
  readonly records: BroadcastRecords;
  readonly timeZone: string;
  /** Composes a day where it is missing; its duration, milliseconds. */
  readonly ensure: (date: string) => Promise<number>;
};

/**
 * Plays today's performance 15 s after it is ready: once a day, however often the station is started, and only where it
 * is over before the doors open for the next broadcast. Does not wait for its end.
 * @throws what composing throws
 */
export async function playFirst(ports: FirstPorts): Promise<void> {
  const { clock, timeZone, ensure } = ports;
  const today = dateIn(timeZone, clock.now());
  if (await wasBegun(today, ports)) {
    say(`${today} was played already, and is not played again.`);
    return;
  }
  const tooNear = (next: number) =>
    say(`Nothing is played before ${bothClocks(timeZone, next)}: that is near.`);
  const next = await nextStart(ports);
  if (next !== null && clock.now() + FIRST_IN_MS > next - DOORS_MS) return tooNear(next);
  const durationMs = await ensure(today);
  if (next !== null && clock.now() + FIRST_IN_MS + durationMs > next - DOORS_MS) return tooNear(next);
  const played = await playNow({ name: 'first', performance: today, inMs: FIRST_IN_MS }, ports);
  if (!('refused' in played))
    say(`Playing ${today} (${minutesText(durationMs)}) in ${FIRST_IN_MS / 1000} seconds.`);
  else if (played.refused === 'overlap') tooNear(played.next);
  else say(`${today} is not played now: ${played.refused}.`);
}

/** Whether a day's performance was broadcast, or is being broadcast. */
async function wasBegun(date: string, { records, broadcasts }: FirstPorts): Promise<boolean> {
  const row = await broadcasts.current();
  if (row?.wanted === date && row.state !== 'cancelled') return true;
  return (await records.list()).some(({ performance }) => performance === date);
}
