import { stat } from 'node:fs/promises';
import type { Command } from 'commander';
import { type Answer, answer } from '../../continue/answer.ts';
import { type Refused, readGiven } from '../../continue/given.ts';
import { minutesText } from '../../words.ts';
import { openBackend } from '../place/place.ts';
import { examples } from '../terminal/help.ts';
import { DEFAULT_DATA, loadMusic, minutesOption, seedOption } from '../terminal/options.ts';
import { refuseInTheWay, writeOut } from '../terminal/out-file.ts';
import { CliError, printJson, say } from '../terminal/output.ts';
import { composeProgress } from '../terminal/progress.ts';
import { continueFolder } from './continue-folder.ts';

type Options = {
  minutes: number;
  seed?: number;
  model?: string;
  out?: string;
  data: string;
  force?: boolean;
  watch?: boolean;
  json?: boolean;
};

export function registerContinue(program: Command): void {
  program
    .command('continue')
    .description('Let the model go on from your music')
    .argument('<file.mid>', 'a MIDI file, a day of the archive, or a folder of MIDI files')
    .option('--minutes <m>', 'how much is added, 0.5 to 60', minutesOption, 1)
    .option('--seed <n>', 'whole number; one that belongs to the music where none is given', seedOption)
    .option('--model <dir>', 'directory of the model; the one in use where none is given')
    .option(
      '--out <file.mid>',
      'where it is written; beside the file, as -continued.mid, where none is given',
    )
    .option('--data <dir>', 'data directory', DEFAULT_DATA)
    .option('--watch', 'a folder: stay, and go on from what comes into it later')
    .option('--force', 'replace the file that is there')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'before',
      examples(
        'continue mine.mid',
        'continue prompts/ --watch',
        'continue mine.mid --minutes 3 --seed 7 --out ours.mid',
      ),
    )
    .action(run);
}

async function run(name: string, options: Options): Promise<void> {
  const isFolder = (await stat(name).catch(() => null))?.isDirectory() ?? false;
  if (isFolder && options.out === undefined) return continueFolder(name, options);
  if (options.watch) throw new CliError('usage', 'no_folder', `${name} is no folder: --watch watches one`);
  const { performances } = await openBackend({ data: options.data });
  const { bytes } = await loadMusic(name, options.data, performances);
  const given = readGiven(bytes, name);
  if (given.outcome === 'refused') throw refused(given);
  const out = options.out ?? `${name.replace(/\.(midi?|kar|rmi)$/i, '')}-continued.mid`;
  const target = { path: out, force: options.force, option: '--out' };
  await refuseInTheWay(target);
  const { minutes, seed } = options;

  const bar = composeProgress(`on from ${name}`);
  let startedAt = performance.now();
  let made: Answer | Refused;
  try {
    // Loaded when needed: the runtime is a large native library, and help should not wait for it.
    const { openComposer } = await import('../place/composer.ts');
    const { release, ...composer } = await openComposer(options);
    startedAt = performance.now();
    const ports = { ...composer, onProgress: bar.update };
    made = await answer(given, { name, minutes, ...(seed === undefined ? {} : { seed }) }, ports).finally(
      release,
    );
  } finally {
    bar.done();
  }
  if (made.outcome === 'refused') throw refused(made);
  const { record } = made;
  await writeOut(target, made.midi);
  const tookMs = performance.now() - startedAt;

  const { notes, addedNotes, durationMs, continuedFromMs, movement, tokens, quantised } = record;
  if (quantised) say(`${name} has no bars: beats were found in it, and it goes on from these`);
  for (const warning of record.warnings) say(`${name}: ${warning}`);
  if (options.json) {
    printJson({
      title: record.title,
      outcome: 'continued',
      notes,
      addedNotes,
      durationMs,
      continuedFromMs,
      tokens,
      tokensPerSecond: Math.round((tokens / tookMs) * 1000),
      verdict: record.verdict,
      repairs: record.repairs,
      seed: record.seed,
      modelSha256: record.modelSha256,
      midiSha256: record.midiSha256,
      movements: [{ startMs: continuedFromMs, title: movement }],
      quantised,
      settings: { minutes, quartersPerMinute: record.quartersPerMinute },
      out,
    });
    return;
  }
  const how = `${minutesText(tookMs)}, ${addedNotes} notes, seed ${record.seed}`;
  say(
    `${out}: goes on at ${minutesText(continuedFromMs)}, ends at ${minutesText(durationMs)}; composed in ${how}`,
  );
  say(`  ${minutesText(continuedFromMs)}  ${movement}`);
}

const refused = ({ reason, message }: Refused): CliError => new CliError('usage', reason, message);
