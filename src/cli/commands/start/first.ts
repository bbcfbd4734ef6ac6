/** Music for whoever has just started a station: today's performance, from its first movement on. */
import type { Growing, SoFar } from '../../../broadcast/timelines.ts';
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
import { type Ahead, keepsUp } from './keeps-up.ts';
import type { Watching } from './tell.ts';

/** From the moment that today's performance is ready until it is played, milliseconds. */
const FIRST_IN_MS = 15_000;
/** From the moment that its beginning may be played until it is, where the rest is still composed: who waits has had the page open for a while. */
const EARLY_IN_MS = 3_000;
/** What is composed may be so much longer than it should be, milliseconds. */
const LONGER_BY_MS = 30_000;

export type FirstPorts = NowPorts & {
  readonly broadcasts: Broadcasts;
  readonly records: BroadcastRecords;
  readonly timeZone: string;
  /** Composes a day where it is missing; its duration, milliseconds. Tells how far it is, where it is who composes. */
  readonly ensure: (date: string, watching: Watching) => Promise<number>;
  readonly growing: Growing;
  /** Called when the first movement is about to be played before the rest is there. */
  readonly onEarly?: () => void;
  readonly log?: Log;
};

/**
 * Plays today's performance: once its first movement is there, and what is to come is surely composed before it is to be
 * played, in 3 s; or 15 s after it is whole. Once a day, however often the station is started, and only where it is over before
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
  let soFar: (SoFar & Ahead & { readonly ofMs: number }) | null = null;
  /** Looks whether it may begin, where it has not. */
  const look = (composedMs: number): void => {
    if (early || !soFar || soFar.comingMs.length === 0) return;
    const lengthMs = soFar.ofMs + LONGER_BY_MS;
    if (!keepsUp(soFar, { composedMs, tookMs: clock.now() - beganAt }, EARLY_IN_MS)) return;
    if (!fits(EARLY_IN_MS, lengthMs)) return;
    growing.grow(today, soFar);
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
  const watching: Watching = {
    onMovement({ notes, pedal, durationMs }, known) {
      soFar = { ...known, music: toMusic(notes, pedal), ofMs: durationMs };
      if (early) growing.grow(today, soFar);
      else look(known.knownMs);
    },
    onProgress: ({ composedMs }) => look(composedMs),
  };
  const isEarly = async () =>
    early !== null && !('refused' in (await (early as Promise<NowPlayed | NowRefusal>)));
  const durationMs = await ensure(today, watching).catch(async (error: unknown) => {
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
 * Whether a day's performance was broadcast, or is being broadcast: a broadcast that wanted it and was silent, or played
 * an encore, is neither. One that broke off before it was whole, for its composer died, does not count as long as there is none.
 */
async function wasBegun(date: string, ports: FirstPorts): Promise<boolean> {
  const { records, broadcasts, performances, clock } = ports;
  const row = await broadcasts.current();
  const asked = row?.wanted === date && row.state !== 'cancelled' ? row : null;
  const begun = (await records.list()).filter(({ performance }) => performance === date);
  const all = asked?.performance === date ? [asked, ...begun] : begun;
  if (all.some(({ durationMs }) => durationMs !== null)) return true;
  if (all.length > 0) return (await performances.get(date)) !== null;
  // Nothing is chosen so far: an operator has stopped it, or it is about to be played, if it would not be over by now.
  if (asked?.performance !== null || asked.state === 'ended') return false;
  if (asked.state === 'stopped') return true;
  const durationMs = (await performances.get(date))?.record.durationMs ?? 0;
  return clock.now() < asked.startsAt + durationMs;
}
