import { hash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import type { Command } from 'commander';
import { systemClock } from '../../adapters/system-clock.ts';
import { openingOf, type Prompt, promptOf as readPrompt } from '../../compose/prompt.ts';
import { dateIn } from '../../schedule/index.ts';
import { minutesText } from '../../words.ts';
import { openBackend } from '../place/place.ts';
import { confirm } from '../terminal/confirm.ts';
import { examples } from '../terminal/help.ts';
import { DEFAULT_DATA, dateOption, loadMusic, usable } from '../terminal/options.ts';
import { CliError, printJson, printLine, say } from '../terminal/output.ts';

type Options = {
  data: string;
  stage?: string;
  date?: string;
  force?: boolean;
  dryRun?: boolean;
  yes?: boolean;
  json?: boolean;
};

const DAY_MS = 24 * 3_600_000;

export function registerPrompts(program: Command): void {
  const prompts = program
    .command('prompts')
    .description('Keep music that the performance of a day goes on from')
    .addHelpText('before', examples('prompts put mine.mid --date 2026-12-24', 'prompts list'));
  prompts
    .command('put')
    .description('Keep a MIDI file; that day opens with its first bars, and goes on from them')
    .argument('<file.mid>', 'a MIDI file')
    .option(
      '--date <YYYY-MM-DD>',
      'the day; the next one that is not composed yet where none is given',
      dateOption,
    )
    .option('--data <dir>', 'data directory', DEFAULT_DATA)
    .option('--stage <name>', 'a stage on AWS, in place of the data directory')
    .option('--force', 'replace the prompt of that day')
    .option('--dry-run', 'say what would be kept, and keep nothing')
    .option('--json', 'print one JSON object')
    .addHelpText('before', examples('prompts put mine.mid', 'prompts put mine.mid --date 2026-12-24'))
    .action(put);
  prompts
    .command('remove')
    .description('Take the prompt of a day away; it is composed without')
    .argument('<YYYY-MM-DD>', 'the day', dateOption)
    .option('--data <dir>', 'data directory', DEFAULT_DATA)
    .option('--stage <name>', 'a stage on AWS, in place of the data directory')
    .option('--dry-run', 'say what would be removed, and remove nothing')
    .option('--yes', 'do not ask')
    .option('--json', 'print one JSON object')
    .addHelpText('before', examples('prompts remove 2026-12-24 --yes'))
    .action(remove);
  prompts
    .command('list')
    .description('List the days that have a prompt')
    .option('--data <dir>', 'data directory', DEFAULT_DATA)
    .option('--stage <name>', 'a stage on AWS, in place of the data directory')
    .option('--json', 'print one JSON object a line')
    .addHelpText('before', examples('prompts list', 'prompts list --json'))
    .action(list);
}

async function remove(date: string, options: Options): Promise<void> {
  const { prompts } = await openBackend(options, !options.dryRun);
  const found = await prompts.record(date);
  if (!found) {
    const message = `${date} has no prompt: pianola prompts list shows which have`;
    throw new CliError('notFound', 'no_prompt', message);
  }
  if (!options.dryRun) {
    if (!options.yes) await confirm(`Remove the prompt of ${date}, ${JSON.stringify(found.name)}?`, options);
    await prompts.remove(date);
  }
  if (options.json) return printJson({ date, sha256: found.sha256, removed: !options.dryRun });
  say(`${options.dryRun ? 'Would remove' : 'Removed'} the prompt of ${date}`);
}

/** What a day goes on from; null: nothing. */
export async function promptOf(data: string, date: string): Promise<Prompt | null> {
  const found = await (await openBackend({ data })).prompts.get(date);
  return found && readPrompt({ sha256: found.record.sha256, midi: found.midi });
}

async function put(path: string, options: Options): Promise<void> {
  // The reader's own refusals: none, too large, not MIDI. The bytes are then read as those that are hashed.
  const place = await openBackend(options, !options.dryRun);
  await loadMusic(resolve(path), options.data, place.performances);
  const midi = await readFile(path);
  const { music, verdict, repairs, warnings } = usable(path, midi);
  const opening = openingOf(midi);
  if ('problem' in opening) throw new CliError('usage', 'bad_midi', `${path} ${opening.problem}`);
  const { prompts: store, performances, timeZone } = place;
  const composed = new Set(await performances.list());
  const today = dateIn(timeZone, systemClock.now());
  if (options.date !== undefined && options.date < today) {
    throw new CliError('usage', 'past', `${options.date} is over: give --date ${today}, or a later one`);
  }
  const date = options.date ?? nextFree(composed, timeZone);
  if (composed.has(date)) {
    const message = `${date} is composed already: take another --date`;
    throw new CliError('conflict', 'composed', message);
  }
  const sha256 = hash('sha256', midi);
  const { notes, durationMs } = music;
  const record = { schema: 1, date, sha256, name: basename(path), notes: notes.length, durationMs } as const;
  const before = await store.record(date);
  const taken = () => {
    const message = `${date} has another prompt already: take another --date, or replace it with --force`;
    return new CliError('conflict', 'exists', message);
  };
  if (before && before.sha256 !== sha256 && !options.force) throw taken();
  let outcome = before?.sha256 === sha256 ? 'present' : 'put';
  if (!options.dryRun && (await store.put(record, midi, options.force)) === 'exists') {
    // Somebody else was quicker, perhaps with the same music.
    if ((await store.record(date))?.sha256 !== sha256) throw taken();
    outcome = 'present';
  }
  if (options.json) {
    return printJson({ date, sha256, outcome, dryRun: options.dryRun ?? false, verdict, repairs });
  }
  printLine(sha256);
  for (const warning of warnings) say(`${path}: ${warning}`);
  say(
    `${date} ${options.dryRun ? 'would' : 'will'} go on from ${record.name}, ${minutesText(durationMs)} long`,
  );
}

/** The first day from today on whose performance is still to be composed. */
function nextFree(composed: ReadonlySet<string>, timeZone: string): string {
  for (let at = systemClock.now(); ; at += DAY_MS) {
    const date = dateIn(timeZone, at);
    if (!composed.has(date)) return date;
  }
}

async function list(options: Options): Promise<void> {
  const { json } = options;
  const { prompts } = await openBackend(options);
  const all = await prompts.list();
  if (all.length === 0 && !json) say('No day has a prompt. Put one with: pianola prompts put mine.mid');
  for (const { date, sha256, name, notes, durationMs } of all) {
    if (json) printJson({ date, sha256, name, notes, durationMs });
    else
      printLine(
        `${date}  ${sha256.slice(0, 16)}  ${minutesText(durationMs)}, ${notes} notes  ${JSON.stringify(name)}`,
      );
  }
}
