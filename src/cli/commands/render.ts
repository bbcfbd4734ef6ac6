/** `pianola render`: a day, or any MIDI file, as sound, on the page's own piano. */
import { extname } from 'node:path';
import type { Command } from 'commander';
import { minutesText } from '../../words.ts';
import { openBackend } from '../place/place.ts';
import { examples } from '../terminal/help.ts';
import { DEFAULT_DATA, loadMusic } from '../terminal/options.ts';
import { refuseInTheWay, writeOut } from '../terminal/out-file.ts';
import { CliError, printJson, printLine } from '../terminal/output.ts';
import { progressBar } from '../terminal/progress.ts';

type Options = { data: string; stage?: string; mp3: string; force?: boolean; json?: boolean };

export function registerRender(program: Command): void {
  program
    .command('render')
    .description("Make a day or a MIDI file into sound (MP3), with the page's own piano")
    .argument('<date|file.mid>', 'a day of the archive, or a file')
    .requiredOption('--mp3 <file>', 'where to write it')
    .option('--data <dir>', 'data directory', DEFAULT_DATA)
    .option('--stage <name>', 'a stage on AWS, in place of the data directory')
    .option('--force', 'replace the file that is there')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'before',
      examples('render 2026-11-21 --mp3 day.mp3', 'render a.mid --mp3 a.mp3 --force --json'),
    )
    .action(run);
}

async function run(dateOrFile: string, options: Options): Promise<void> {
  const target = { path: options.mp3, force: options.force, option: '--mp3' };
  if (extname(options.mp3).toLowerCase() !== '.mp3')
    throw new CliError('usage', 'no_mp3', `${options.mp3}: give --mp3 a name that ends with .mp3`);
  const { performances } = await openBackend(options);
  const { name, bytes } = await loadMusic(dateOrFile, options.data, performances);
  await refuseInTheWay(target);
  // Loaded when needed: with the encoder it is a large module.
  const { openRenderer } = await import('../../rendering/renderer.ts');
  const told: string[] = [];
  const bar = progressBar(`Rendering ${name}`);
  const sound = await openRenderer((event, details) => told.push(`${event} ${JSON.stringify(details)}`))(
    bytes,
    { onProgress: (part) => bar.update(part, `${Math.round(100 * part)} %`) },
  );
  bar.done();
  if (!sound)
    throw new CliError('fault', 'not_rendered', `${name} could not be rendered: ${told.join('; ')}`);
  await writeOut(target, sound.mp3);
  const { durationMs, mp3 } = sound;
  if (options.json) printJson({ file: options.mp3, bytes: mp3.length, durationMs });
  else printLine(`Wrote ${options.mp3}, ${minutesText(durationMs)}, ${mp3.length} bytes`);
}
