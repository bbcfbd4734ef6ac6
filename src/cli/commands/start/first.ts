/** Music for whoever has just started a station: today's performance, from its first movement on. */
import type { Growing } from '../../../broadcast/timelines.ts';
import type { ComposePorts } from '../../../compose/performance.ts';
import { causesOf } from '../../../errors.ts';
import { toMusic } from '../../../music/note.ts';
import type { BroadcastRecords, Broadcasts, Log } from '../../../ports.ts';
import { bothClocks, DOORS_MS, dateIn } from '../../../schedule/index.ts';
import {
  type NowPlayed,
  type NowPorts,
  type NowRefusal,
  nextStart,
  playNow,
} from '../../../station/play-now.ts';
import { minutesText } from '../../../words.ts';
import { say } from '../../terminal/output.ts';

/** From the moment that today's performance is ready until it is played, milliseconds. */
const FIRST_IN_MS = 15_000;
/** From its first movement until that is played, where others are still composed: who waits has had the page open for a while. */
const EARLY_IN_MS = 3_000;
/** What is composed may be so much longer than it should be, milliseconds. */
const LONGER_BY_MS = 30_000;

type OnMovement = NonNullable<ComposePorts['onMovement']>;

export type FirstPorts = NowPorts & {
  readonly broadcasts: Broadcasts;
  readonly records: BroadcastRecords;
  readonly timeZone: string;
  /** Composes a day where it is missing; its duration, milliseconds. Tells of each movement, where it is who composes. */
  readonly ensure: (date: string, onMovement: OnMovement) => Promise<number>;
  readonly growing: Growing;
  /** Called when the first movement is about to be played before the rest is there. */
  readonly onEarly?: () => void;
  readonly log?: Log;
};

/**
 * Plays today's performance: 3 s after its first movement is there, where more are to come and composing is faster than
 * playing, or 15 s after it is whole. Once a day, however often the station is started, and only where it is over before
 * the doors open for the next broadcast. Does not wait for its end.
 * @throws what composing throws, unless it plays already
 */
export async function playFirst(ports: FirstPorts): Promise<void> {
  const { clock, timeZone, ensure, growing } = ports;
  const today = dateIn(timeZone, clock.now());
  if (await wasBegun(today, ports)) {
    say(`${today} was played already, and is not played again.`);
    return;
  }
  const tooNear = (next: number) =>
    say(`Nothing is played before ${bothClocks(timeZone, next)}: that is near.`);
  const next = await nextStart(ports);
  const fits = (inMs: number, lengthMs = 0) =>
    next === null || clock.now() + inMs + lengthMs <= next - DOORS_MS;
  if (!fits(FIRST_IN_MS)) return tooNear(next!);

  const beganAt = clock.now();
  let early: Promise<NowPlayed | NowRefusal> | null = null;
  const onMovement: OnMovement = (soFar, { more, ...known }) => {
    const lengthMs = soFar.durationMs + LONGER_BY_MS;
    const keepsUp = known.knownMs > clock.now() - beganAt;
    if (!early && !(more && keepsUp && fits(EARLY_IN_MS, lengthMs))) return;
    growing.grow(today, { ...known, music: toMusic(soFar.notes, soFar.pedal) });
    if (early) return;
    const asked = { name: 'first', performance: today, inMs: EARLY_IN_MS, lengthMs };
    early = playNow(asked, ports);
    early.then(
      (played) => {
        if ('refused' in played) return;
        ports.onEarly?.();
        say(`Playing ${today} in ${EARLY_IN_MS / 1000} seconds; the rest of it is composed meanwhile.`);
      },
      () => {},
    );
  };
  const isEarly = async () =>
    early !== null && !('refused' in (await (early as Promise<NowPlayed | NowRefusal>)));
  const durationMs = await ensure(today, onMovement).catch(async (error: unknown) => {
    if (!(await isEarly())) throw error;
    // What is there plays to its end; the day is composed anew when it is due.
    ports.log?.('compose.failed', { date: today, reason: causesOf(error) });
    return null;
  });
  if (durationMs === null || (await isEarly())) return;
  if (!fits(FIRST_IN_MS, durationMs)) return tooNear(next!);
  const played = await playNow({ name: 'first', performance: today, inMs: FIRST_IN_MS }, ports);
  if (!('refused' in played))
    say(`Playing ${today} (${minutesText(durationMs)}) in ${FIRST_IN_MS / 1000} seconds.`);
  else if (played.refused === 'overlap') tooNear(played.next);
  else say(`${today} is not played now: ${played.refused}.`);
}

/**
 * Whether a day's performance was broadcast, or is being broadcast. One that broke off before it was whole, for its
 * composer died, does not count as long as there is none.
 */
async function wasBegun(date: string, { records, broadcasts, performances }: FirstPorts): Promise<boolean> {
  const row = await broadcasts.current();
  const begun = (await records.list()).filter(({ performance }) => performance === date);
  const all = row?.wanted === date && row.state !== 'cancelled' ? [row, ...begun] : begun;
  if (all.some(({ performance, durationMs }) => performance === null || durationMs !== null)) return true;
  return all.length > 0 && (await performances.get(date)) !== null;
}
