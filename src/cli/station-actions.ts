import * as v from 'valibot';
import type { ControlActions } from '../adapters/control.ts';
import { systemClock } from '../adapters/system-clock.ts';
import { broadcastId } from '../arm.ts';
import type { Station } from '../local.ts';
import type { Broadcast, Log } from '../ports.ts';
import { bothClocks, DOORS_MS, dateIn } from '../schedule.ts';
import { CliError } from './output.ts';

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

/** What commands may ask of the station that runs in this process. */
export function stationActions(station: Station, timeZone: string, log: Log): ControlActions {
  const { broadcasts, performances } = station;
  const now = () => systemClock.now();
  const playing = async () => {
    const row = await broadcasts.current();
    return row && (row.state === 'doors' || row.state === 'live') ? row : null;
  };
  return {
    async status(): Promise<StationStatus> {
      const row = await broadcasts.current();
      return {
        listeners: station.listeners(),
        broadcast: row && { ...row, positionMs: now() - row.startsAt },
        next: station.nextStart(),
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
      const next = station.nextStart();
      if (next !== null && next - DOORS_MS < startsAt + durationMs) {
        throw new CliError(
          'conflict',
          'overlap',
          `it would not be over when the doors open for ${bothClocks(timeZone, next)}: play it after that`,
        );
      }
      const id = broadcastId('now', startsAt);
      if (!dryRun) {
        station.play({ window: 'now', startsAt, wanted: performance, next }).catch((error: unknown) => {
          log('broadcast.failed', {
            broadcast: id,
            reason: error instanceof Error ? error.message : String(error),
          });
        });
      }
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
