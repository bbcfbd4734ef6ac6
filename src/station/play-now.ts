import { broadcastId } from '../broadcast/id.ts';
import type { Broadcast, Broadcasts, Clock, Performances, Timer, Windows } from '../ports.ts';
import { DOORS_MS, upcoming, type Window } from '../schedule/index.ts';
import { CHECK_AFTER_MS, windowsInForce } from './arm.ts';

export type BeginPorts = { readonly broadcasts: Pick<Broadcasts, 'schedule'>; readonly timer: Timer };

/**
 * A broadcast without a window of its own: its row first, then the timer that opens its doors, and the one that looks
 * after it, as a window's has. Whatever dies after that, it is played. Returns its id.
 * @param name in place of a window's
 */
export async function begin(
  name: string,
  broadcast: Pick<Broadcast, 'startsAt' | 'wanted' | 'next'>,
  { broadcasts, timer }: BeginPorts,
): Promise<string> {
  const id = broadcastId(name, broadcast.startsAt);
  await broadcasts.schedule({ id, ...broadcast });
  await timer.arm(id, 'doors', broadcast.startsAt - DOORS_MS);
  await timer.arm(id, 'check', broadcast.startsAt + CHECK_AFTER_MS);
  return id;
}

export type NowPorts = BeginPorts & {
  readonly broadcasts: Pick<Broadcasts, 'schedule' | 'current'>;
  readonly performances: Pick<Performances, 'get'>;
  readonly windows: Windows;
  /** The window of a station without stored ones. */
  readonly otherwise: Window | null;
  readonly clock: Pick<Clock, 'now'>;
};

/** Why nothing is played now. */
export type NowRefusal =
  | { readonly refused: 'on air'; readonly broadcast: string }
  | { readonly refused: 'no performance' }
  /** It would not be over when the doors open for the broadcast that starts then. */
  | { readonly refused: 'overlap'; readonly next: number };

export type NowPlayed = {
  readonly broadcast: string;
  readonly startsAt: number;
  readonly performance: string;
  readonly durationMs: number;
};

/**
 * Plays a performance in a moment, where nothing else is on the air and nothing will be before it is over.
 * @param lengthMs of a performance that is not stored yet, for it is composed meanwhile: how long it will be at most
 * @param dryRun everything but the playing
 */
export async function playNow(
  {
    name = 'now',
    performance,
    inMs,
    lengthMs,
  }: { name?: string; performance: string; inMs: number; lengthMs?: number },
  ports: NowPorts,
  dryRun = false,
): Promise<NowPlayed | NowRefusal> {
  const row = await onAir(ports.broadcasts, ports.clock.now());
  if (row) return { refused: 'on air', broadcast: row.id };
  const durationMs = lengthMs ?? (await ports.performances.get(performance))?.record.durationMs;
  if (durationMs === undefined) return { refused: 'no performance' };
  const startsAt = ports.clock.now() + inMs;
  const next = await nextStart(ports);
  if (next !== null && next - DOORS_MS < startsAt + durationMs) return { refused: 'overlap', next };
  const planned = { startsAt, wanted: performance, next };
  const broadcast = dryRun ? broadcastId(name, startsAt) : await begin(name, planned, ports);
  return { broadcast, startsAt, performance, durationMs };
}

/**
 * What plays, its doors counted in, and what is about to open them: who asks twice in a moment begins nothing twice. Null: nothing.
 * @param now epoch milliseconds
 */
export async function onAir(broadcasts: Pick<Broadcasts, 'current'>, now: number): Promise<Broadcast | null> {
  const row = await broadcasts.current();
  if (!row) return null;
  const opens =
    row.state === 'scheduled' && now >= row.startsAt - DOORS_MS && now < row.startsAt + CHECK_AFTER_MS;
  return opens || row.state === 'doors' || row.state === 'live' ? row : null;
}

/** Start of the first broadcast after now, or after an instant, by the windows in force; null: none will come. */
export async function nextStart(
  { windows, otherwise, clock }: Pick<NowPorts, 'windows' | 'otherwise' | 'clock'>,
  after = clock.now(),
): Promise<number | null> {
  return upcoming(await windowsInForce(windows, otherwise), after).next().value?.startsAt ?? null;
}
