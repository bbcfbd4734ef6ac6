/** Prepares what comes on this machine, and has its health know how that goes. */
import { causesOf } from '../errors.ts';
import type { Window } from '../schedule/index.ts';
import { arrange, catchUp, type PreparePorts } from '../station/prepare.ts';
import { keepPrepared } from './keep-prepared.ts';
import type { Tally } from './monitor.ts';

/** Composes the performance of a date where it is missing, no longer than so many minutes. */
export type Ensure = (date: string, minutesAtMost: number) => Promise<void>;

export type PreparingPorts = Omit<PreparePorts, 'ensure'> & {
  readonly ensure: Ensure;
  /** The windows in force. */
  readonly readWindows: () => Promise<readonly Window[]>;
  readonly counted: Tally;
};

/** Again and again, until aborted. */
export function preparing(ports: PreparingPorts, signal: AbortSignal): Promise<never> {
  const { ensure, counted, log } = ports;
  /** A day that cannot be composed is answered by an encore, not by a station that falls over. */
  const ensureOrTell: Ensure = (date, minutesAtMost) =>
    ensure(date, minutesAtMost).catch((error: unknown) => {
      if (!signal.aborted) log('compose.failed', { date, reason: causesOf(error) });
    });
  const all = { ...ports, ensure: counted.composes(counted.settles(['compose.failed'], ensureOrTell)) };
  return keepPrepared(
    {
      ...ports,
      arrange: counted.settles(['prepare.failed', 'publish.failed'], () => arrange(all)),
      catchUp: () => catchUp(all),
    },
    signal,
  );
}
