import * as v from 'valibot';
import type { ControlActions } from '../../adapters/net/control.ts';
import type { Broadcast, Broadcasts, Performances } from '../../ports.ts';
import { bothClocks, dateIn } from '../../schedule/index.ts';
import {
  type NowPlayed,
  type NowPorts,
  type NowRefusal,
  nextStart,
  onAir,
  playNow,
} from '../../station/play-now.ts';
import { CliError } from '../terminal/output.ts';

/** What `status` and `broadcast status` print of a station. */
export type StationStatus = {
  readonly listeners: number;
  readonly broadcast: (Broadcast & { readonly positionMs: number }) | null;
  /** Start of the next broadcast, epoch milliseconds. */
  readonly next: number | null;
  /** What somebody should look at; a stage has alarms for that. */
  readonly problems?: readonly string[];
};

const nowInput = v.object({
  // A day's, or an extra of a day.
  performance: v.optional(
    v.pipe(v.string(), v.regex(/^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])(-extra(-\d+)?)?$/)),
  ),
  inMs: v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(3_600_000)),
  dryRun: v.optional(v.boolean()),
});

export type NowAnswer = NowPlayed;

export type StationActionPorts = Omit<NowPorts, 'broadcasts' | 'performances'> & {
  readonly broadcasts: Broadcasts;
  readonly performances: Performances;
  /** In which a performance has its date. */
  readonly timeZone: string;
  readonly listeners: () => number | Promise<number>;
  /** Of a station on this machine. */
  readonly health?: () => Promise<{ readonly problems: readonly string[] }>;
};

/** What commands may ask of a station, local or deployed. */
export function stationActions(ports: StationActionPorts): ControlActions {
  const { broadcasts, clock, timeZone } = ports;
  const now = () => clock.now();
  return {
    async status(): Promise<StationStatus> {
      const row = await broadcasts.current();
      return {
        listeners: await ports.listeners(),
        broadcast: row && { ...row, positionMs: now() - row.startsAt },
        next: await nextStart(ports),
        ...(ports.health ? { problems: (await ports.health()).problems } : {}),
      };
    },

    async 'broadcast-now'(input): Promise<NowAnswer> {
      const { performance = dateIn(timeZone, now()), inMs, dryRun } = v.parse(nowInput, input);
      const played = await playNow({ performance, inMs }, ports, dryRun);
      if ('refused' in played) throw refusal(played, performance, timeZone);
      return played;
    },

    async 'broadcast-stop'(input): Promise<{ broadcast: string }> {
      const { dryRun } = v.parse(v.object({ dryRun: v.optional(v.boolean()) }), input);
      const row = await onAir(broadcasts, now());
      if (!row)
        throw new CliError('notFound', 'nothing_on_air', 'nothing is on the air: there is nothing to stop');
      if (!dryRun) await broadcasts.stop(row.id);
      return { broadcast: row.id };
    },
  };
}

function refusal(refused: NowRefusal, performance: string, timeZone: string): CliError {
  switch (refused.refused) {
    case 'on air':
      return new CliError(
        'conflict',
        'broadcasting',
        `${refused.broadcast} is on the air: wait for its end, or stop it with: pianola broadcast stop`,
      );
    case 'no performance':
      return new CliError(
        'notFound',
        'no_performance',
        `there is no performance of ${performance}: compose it with: pianola compose --date ${performance}`,
      );
    case 'overlap':
      return new CliError(
        'conflict',
        'overlap',
        `it would not be over when the doors open for ${bothClocks(timeZone, refused.next)}: play it after that`,
      );
  }
}
