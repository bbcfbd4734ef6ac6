import * as v from 'valibot';
import type { ControlActions } from '../../adapters/net/control.ts';
import { broadcastId } from '../../broadcast/id.ts';
import type { Broadcast, Broadcasts, Clock, Performances } from '../../ports.ts';
import { bothClocks, DOORS_MS, dateIn } from '../../schedule/index.ts';
import { CliError } from '../terminal/output.ts';

/** What `status` and `broadcast status` print of a station. */
export type StationStatus = {
  readonly listeners: number;
  readonly broadcast: (Broadcast & { readonly positionMs: number }) | null;
  /** Start of the next broadcast, epoch milliseconds. */
  readonly next: number | null;
};

const nowInput = v.object({
  performance: v.optional(v.pipe(v.string(), v.isoDate())),
  inMs: v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(3_600_000)),
  dryRun: v.optional(v.boolean()),
});

export type NowAnswer = {
  readonly broadcast: string;
  readonly startsAt: number;
  readonly performance: string;
  readonly durationMs: number;
};

export type StationActionPorts = {
  readonly broadcasts: Broadcasts;
  readonly performances: Performances;
  readonly clock: Pick<Clock, 'now'>;
  /** In which a performance has its date. */
  readonly timeZone: string;
  readonly listeners: () => number | Promise<number>;
  /** Start of the next broadcast by the windows in force. */
  readonly nextStart: () => number | null | Promise<number | null>;
  /** Begins a broadcast; does not wait for its end. */
  readonly play: (plan: {
    readonly id: string;
    readonly window: string;
    readonly startsAt: number;
    readonly wanted: string;
    readonly next: number | null;
  }) => void | Promise<void>;
};

/** What commands may ask of a station, local or deployed. */
export function stationActions(ports: StationActionPorts): ControlActions {
  const { broadcasts, performances, clock, timeZone } = ports;
  const now = () => clock.now();
  const playing = async () => {
    const row = await broadcasts.current();
    return row && (row.state === 'doors' || row.state === 'live') ? row : null;
  };
  return {
    async status(): Promise<StationStatus> {
      const row = await broadcasts.current();
      return {
        listeners: await ports.listeners(),
        broadcast: row && { ...row, positionMs: now() - row.startsAt },
        next: await ports.nextStart(),
      };
    },

    async 'broadcast-now'(input): Promise<NowAnswer> {
      const { performance = dateIn(timeZone, now()), inMs, dryRun } = v.parse(nowInput, input);
      const busy = await playing();
      if (busy) {
        throw new CliError(
          'conflict',
          'broadcasting',
          `${busy.id} is on the air: wait for its end, or stop it with: pianola broadcast stop`,
        );
      }
      const stored = await performances.get(performance);
      if (!stored) {
        throw new CliError(
          'notFound',
          'no_performance',
          `there is no performance of ${performance}: compose it with: pianola compose --date ${performance}`,
        );
      }
      const startsAt = now() + inMs;
      const { durationMs } = stored.record;
      const next = await ports.nextStart();
      if (next !== null && next - DOORS_MS < startsAt + durationMs) {
        throw new CliError(
          'conflict',
          'overlap',
          `it would not be over when the doors open for ${bothClocks(timeZone, next)}: play it after that`,
        );
      }
      const id = broadcastId('now', startsAt);
      if (!dryRun) await ports.play({ id, window: 'now', startsAt, wanted: performance, next });
      return { broadcast: id, startsAt, performance, durationMs };
    },

    async 'broadcast-stop'(input): Promise<{ broadcast: string }> {
      const { dryRun } = v.parse(v.object({ dryRun: v.optional(v.boolean()) }), input);
      const row = await playing();
      if (!row)
        throw new CliError('notFound', 'nothing_on_air', 'nothing is on the air: there is nothing to stop');
      if (!dryRun) await broadcasts.stop(row.id);
      return { broadcast: row.id };
    },
  };
}
