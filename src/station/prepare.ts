import type { Broadcasts, Clock, Log, Punches, Windows } from '../ports.ts';
import { publishMargins } from '../publish/margin.ts';
import { type PublishPorts, publishSchedule, refreshArchive } from '../publish/publish.ts';
import { dateIn, upcoming, type Window } from '../schedule/index.ts';
import { type ArmPorts, arm, windowsInForce } from './arm.ts';
import { type MendPorts, mend } from './mend.ts';
import { askForSound, type SoundLater } from './sound-later.ts';

export type PreparePorts = ArmPorts &
  PublishPorts &
  MendPorts & {
    readonly windows: Windows;
    /** The window of a station without stored ones. */
    readonly otherwise: Window | null;
    readonly broadcasts: Broadcasts;
    readonly clock: Clock;
    readonly log: Log;
    /** Where not given, nobody punches. */
    readonly punches?: Pick<Punches, 'all'>;
    readonly timeZone: string;
    readonly soundLater?: SoundLater;
    /** Composes the performance of a date where it is missing, no longer than so many minutes. */
    readonly ensure: (date: string, minutesAtMost: number) => Promise<void>;
    readonly composeAheadMs?: number;
  };

/** A performance is composed this long before its broadcast at the earliest, where nothing else is said. */
const COMPOSE_AHEAD_MS = 24 * 3_600_000;

/**
 * What a station does before its performances, as often as it likes; doing it again changes nothing. What takes long
 * comes last: whatever happens to it, the rest is done.
 */
export async function prepare(ports: PreparePorts): Promise<void> {
  await arrange(ports);
  await catchUp(ports);
}

/** What is soon done: arms what should be armed, mends what a dead broadcaster left behind, and tells what comes. */
export async function arrange(ports: PreparePorts): Promise<void> {
  const { clock, log } = ports;
  const windows = await windowsInForce(ports.windows, ports.otherwise);
  for (const broadcast of await arm(windows, ports)) log('broadcast.armed', { broadcast });
  await mend(ports);
  await publishSchedule(windows, clock.now(), ports);
  await printMargins(ports).catch((error: unknown) => log('publish.failed', { reason: String(error) }));
}

/** What takes minutes: makes old pages anew, and composes what will be played within a day. */
export async function catchUp(ports: PreparePorts): Promise<void> {
  const { clock, log, timeZone, ensure, composeAheadMs = COMPOSE_AHEAD_MS } = ports;
  // Whatever is wrong with old pages, today's music is composed.
  await refreshArchive(ports).catch((error: unknown) =>
    log('publish.not_refreshed', { reason: String(error) }),
  );
  await askForSound(ports);

  const windows = await windowsInForce(ports.windows, ports.otherwise);
  const now = clock.now();
  const dates = new Set<string>();
  for (const { window: id, startsAt } of upcoming(windows, now)) {
    if (startsAt > now + composeAheadMs) break;
    const window = windows.find((candidate) => candidate.id === id);
    const date = dateIn(timeZone, startsAt);
    if (window?.performance !== 'today' || dates.has(date)) continue;
    dates.add(date);
    await ensure(date, window.limitMinutes);
  }
}

const printMargins = async ({ punches, ...ports }: PreparePorts): Promise<void> =>
  punches && publishMargins(await punches.all(), ports);
