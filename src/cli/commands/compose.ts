import type { Command } from 'commander';
import { systemClock } from '../../adapters/system-clock.ts';
import { sampledBy } from '../../compose/budget.ts';
import { composeDay, DEFAULT_MINUTES, minutesOf, SUNDAY_MINUTES, seedOf } from '../../compose/day.ts';
import { type ComposePorts, compose, DEFAULT_CANDIDATES, DeadlineError } from '../../compose/performance.ts';
import type { StoredPerformance } from '../../ports.ts';
import { dateIn } from '../../schedule/index.ts';
import { minutesText } from '../../words.ts';
import { openBackend } from '../place/place.ts';
import {
  candidatesOption,
  DEFAULT_DATA,
  dateOption,
  minutesOption,
  secondsOption,
  seedOption,
  tokensOption,
} from '../terminal/options.ts';
import { refuseInTheWay, writeOut } from '../terminal/out-file.ts';
import { CliError, printJson, say } from '../terminal/output.ts';
import { composeProgress } from '../terminal/progress.ts';
import { localTimeZone } from '../terminal/time-zone.ts';
import { promptOf } from './prompts.ts';

type Options = {
  date?: string;
  seed?: number;
  minutes?: number;
  candidates?: number;
  prelude?: number;
  tokens?: number;
  deadline?: number;
  model?: string;
  out?: string;
  data: string;
  stage?: string;
  force?: boolean;
  json?: boolean;
};

export function registerCompose(program: Command): void {
  program
    .command('compose')
    .description('Compose the performance of a day and keep it, or write it to a file')
    .option('--date <YYYY-MM-DD>', 'the day; today where none is given', dateOption)
    .option(
      '--seed <n>',
      'whole number; the same date, seed, length, model and prompt give the same bytes',
      seedOption,
    )
    .option(
      '--minutes <m>',
      `length, 0.5 to 60; ${DEFAULT_MINUTES}, on Sundays ${SUNDAY_MINUTES}, where none is given`,
      minutesOption,
    )
    .option(
      '--candidates <n>',
      `the best of so many is taken, phrase by phrase, 1 to 32; ${DEFAULT_CANDIDATES} where none is given`,
      candidatesOption,
    )
    .option(
      '--prelude <m>',
      'length of the first movement; the preludeMinutes of a record gives its bytes again',
      minutesOption,
    )
    .option(
      '--deadline <s>',
      'seconds after which it must be whole: then fewer candidates, or less music',
      secondsOption,
    )
    .option(
      '--tokens <n>',
      "tokens that may be sampled besides the theme's; the tokenBudget of a record gives its bytes again",
      tokensOption,
    )
    .option('--model <dir>', 'directory of the model; the one in use where none is given')
    .option('--out <file.mid>', 'write this file alone, and look at neither archive nor other days')
    .option('--data <dir>', 'data directory', DEFAULT_DATA)
    .option(
      '--stage <name>',
      'have a stage on AWS compose the day, and wait until it has; asked again, it composes once',
    )
    .option('--force', 'replace the performance of that day, or the file that is there')
    .option('--json', 'print one JSON object')
    .addHelpText('before', 'Example:\n  pianola compose --seed 7 --minutes 3 --out a.mid\n')
    .action(run);
}

async function run(options: Options): Promise<void> {
  const { stage } = options;
  if (stage !== undefined) {
    const began = performance.now();
    const { runOnStage } = await import('./compose-stage.ts');
    const { outcome, performance: there } = await runOnStage({ ...options, stage });
    return tell(options, outcome, there, performance.now() - began);
  }
  const date = options.date ?? dateIn(localTimeZone(), systemClock.now());
  const bar = composeProgress(date);
  let startedAt = performance.now();
  const open = async (): Promise<ComposePorts> => {
    if (within.deadline !== undefined) sampledBy(within.deadline, systemClock);
    // Loaded when needed: help should not wait for it.
    const { openComposer } = await import('../place/composer.ts');
    const composer = await openComposer(options);
    startedAt = performance.now();
    return { ...composer, clock: systemClock, onProgress: bar.update };
  };
  const explicit = {
    ...(options.seed === undefined ? {} : { seed: options.seed }),
    ...(options.minutes === undefined ? {} : { minutes: options.minutes }),
    ...(options.candidates === undefined ? {} : { candidates: options.candidates }),
    ...(options.prelude === undefined ? {} : { preludeMinutes: options.prelude }),
  };
  const within = {
    ...(options.tokens === undefined ? {} : { tokenBudget: options.tokens }),
    // The deadline is that of the command, which has begun before this line.
    ...(options.deadline === undefined
      ? {}
      : { deadline: systemClock.now() - performance.now() + options.deadline * 1000 }),
  };
  let performed: StoredPerformance;
  let outcome: 'composed' | 'present' = 'composed';
  try {
    if (options.out) {
      const out = { path: options.out, force: options.force, option: '--out' };
      await refuseInTheWay(out);
      const settings = { date, seed: seedOf(date), minutes: minutesOf(date), ...explicit, ...within };
      const ports = await open();
      performed = await compose(settings, ports).finally(ports.release);
      await writeOut(out, performed.midi);
    } else {
      const { performances } = await openBackend({ data: options.data }, true);
      const request = { date, ...explicit, ...within, ...(options.force ? { force: true } : {}) };
      const day = await composeDay(request, performances, async () => ({
        prompt: await promptOf(options.data, date),
        ...(await open()),
      }));
      if (day.outcome === 'conflict') {
        const message = `${date} is composed already, with ${day.differs}: take another --date, or replace it with --force`;
        throw new CliError('conflict', 'exists', message);
      }
      outcome = day.outcome;
      performed = day.performance;
    }
  } catch (error) {
    if (error instanceof DeadlineError)
      throw new CliError('fault', error.code, error.message, { cause: error });
    throw error;
  } finally {
    bar.done();
  }
  tell(options, outcome, performed, performance.now() - startedAt);
}

function tell(options: Options, outcome: string, { record }: StoredPerformance, tookMs: number): void {
  const { id, title, notes, durationMs, tokens, seed, modelSha256, midiSha256, movements, settings } = record;
  const tokensPerSecond = outcome === 'composed' ? Math.round((tokens / tookMs) * 1000) : null;
  if (options.json) {
    const figures = { notes, durationMs, tokens, tokensPerSecond, seed, modelSha256, midiSha256 };
    printJson({ id, title, outcome, ...figures, movements, settings, out: options.out ?? null });
    return;
  }
  const archive = options.stage === undefined ? `in ${options.data}` : `of stage ${options.stage}`;
  const where = options.out ?? `the archive ${archive}`;
  const verb = outcome === 'composed' ? `composed in ${minutesText(tookMs)}, kept in` : 'there already, in';
  say(`${title}: ${verb} ${where}; ${minutesText(durationMs)} long, ${notes} notes, seed ${seed}`);
  for (const movement of movements) say(`  ${minutesText(movement.startMs)}  ${movement.title}`);
}
