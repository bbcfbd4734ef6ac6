/** A dress rehearsal, and what it found: resources, calls by policy, notes. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Ears } from '../../tests/support/ears.ts';
import { type Account, accountFor } from './accounting.ts';
import { deploy } from './deploy.ts';
import { evening } from './evening.ts';
import type { Entry } from './ledger.ts';
import { type Heard, type Listening, nodeListener } from './listening.ts';
import { watchMachine } from './machine.ts';
import { alarms } from './metrics.ts';
import type { RawTemplate } from './template.ts';
import { tries } from './tries.ts';
import type { Without } from './without.ts';

/** Listeners come one after the other. */
const APART_MS = 2_000;

export type Figures = {
  readonly resources: {
    readonly run: number;
    readonly notMade: number;
    readonly notRun: number;
    readonly unaccounted: readonly string[];
  };
  readonly calls: { readonly allowed: number; readonly refused: number };
  readonly composed: number;
  readonly heard: readonly Heard[];
  readonly killed: number;
  /** Broadcasters, one after the other. */
  readonly epoch: number;
  readonly state: string;
  readonly seconds: number;
  /** Longest that this process waited for a processor; functions wait a second for their tables. */
  readonly stalledMs: number;
};
export type Rehearsal = {
  readonly passed: boolean;
  /** Why not. */
  readonly faults: readonly string[];
  readonly figures: Figures;
  readonly accounts: readonly Account[];
  readonly calls: readonly Entry[];
  /** Statements that allow something and were not needed this evening. */
  readonly unneeded: readonly string[];
  readonly alarms: readonly string[];
  readonly refusals: Readonly<Record<string, number>>;
  readonly invocations: Readonly<
    Record<string, { readonly invoked: number; readonly failed: number; readonly throttled: number }>
  >;
  readonly complaints: readonly string[];
  readonly logs: Readonly<Record<string, string>>;
};
export type RehearsalConfig = {
  readonly directory: string;
  readonly without: Without;
  readonly killAfterMs: number | null;
  readonly listeners: number;
  readonly concurrency: number;
  /** Others who listen, through the edge. */
  readonly browsers?: (
    edge: { port: number; origin: string },
    retries: boolean,
  ) => Promise<readonly Listening[]>;
  readonly say: (what: string) => void;
};

export async function rehearse(config: RehearsalConfig): Promise<Rehearsal> {
  const startedAt = Date.now();
  const { directory, without, killAfterMs, say } = config;
  // The first join of each connection is kept out, as by a crowd: whoever does not ask again hears nothing.
  const isCrowdedOut = (route: string, before: number) => route === 'join' && before === 0;
  const template = JSON.parse(
    await readFile(join(directory, 'cloudformation-template-update-stack.json'), 'utf8'),
  ) as RawTemplate;
  const deployed = await deploy({ ...config, isCrowdedOut });
  const retries = without.kind !== 'join-retry';
  const listening: Listening[] = [];
  let t0 = 0;
  let first: Ears | null = null;
  let stalled = () => 0;
  try {
    const came = await evening(deployed, {
      killAfterMs,
      say,
      async come(begins) {
        t0 = begins;
        stalled = watchMachine();
        const { edge } = deployed;
        for (let i = 1; i <= config.listeners; i++) {
          const one = nodeListener(`listener ${i}`, edge, retries);
          listening.push(one);
          first ??= one.ears;
          await sleep(APART_MS);
        }
        listening.push(...((await config.browsers?.(edge, retries)) ?? []));
        return listening;
      },
      after: async (broadcast) => (first ? tries(deployed, broadcast, first) : []),
    });
    const { stack, book, functions, gateway, complaints } = deployed;
    const logs = functions.logs();
    const rung = alarms(stack, deployed.metrics);
    const { accounts, unaccounted } = accountFor(template, stack, book, rung);
    const calls = book.entries();
    const { music } = came;
    const heard = music ? await Promise.all(listening.map((one) => one.heard(music, t0))) : [];
    const sum = (of: 'allowed' | 'refused') => calls.reduce((total, entry) => total + entry[of], 0);
    const count = (state: Account['state']) => accounts.filter((account) => account.state === state).length;
    const figures: Figures = {
      resources: { run: count('run'), notMade: count('not made'), notRun: count('not run'), unaccounted },
      calls: { allowed: sum('allowed'), refused: sum('refused') },
      composed: music?.notes.length ?? 0,
      ...{ heard, killed: came.killed, epoch: came.epoch, state: came.state },
      seconds: Math.round((Date.now() - startedAt) / 1000),
      stalledMs: stalled(),
    };
    const faults = [
      ...calls.filter(({ refused }) => refused > 0).map(({ reason }) => `refused: ${reason}`),
      ...unaccounted.map((what) => `nothing is known here of ${what}`),
      ...faultsOf(figures, killAfterMs !== null),
      ...came.missed,
      ...complaints,
    ];
    return {
      ...{ passed: faults.length === 0, faults, figures, accounts, calls, complaints, logs },
      unneeded: book.unused(),
      alarms: [...rung].filter(([, rings]) => rings).map(([id]) => id),
      refusals: Object.fromEntries(gateway.refusals),
      invocations: Object.fromEntries(functions.told),
    };
  } finally {
    for (const one of listening) await one.leave();
    await deployed.close();
  }
}

function faultsOf({ heard, composed, state, killed, epoch }: Figures, isKilled: boolean): string[] {
  const faults: string[] = [];
  if (state !== 'ended') faults.push(`the broadcast is ${state}, and should have ended`);
  if (heard.length === 0) faults.push('nobody listened');
  for (const { who, notes, strays, problems } of heard) {
    if (notes !== composed) faults.push(`${who} heard ${notes} of ${composed} notes`);
    if (strays > 0) faults.push(`${who} heard ${strays} that are none of the music, or twice`);
    faults.push(...problems.map((problem) => `${who}: ${problem}`));
  }
  if (isKilled && killed !== 1) faults.push(`${killed} broadcasters were killed, and should have been one`);
  if (isKilled && epoch < 2) faults.push('nobody took over from the broadcaster who was killed');
  return faults;
}
