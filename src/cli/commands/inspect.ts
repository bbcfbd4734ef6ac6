import type { Command } from 'commander';
import { type Measures, measure } from '../../music/measure.ts';
import { type Music, type Note, toMusic } from '../../music/note.ts';
import { foldPedal } from '../../music/pedal.ts';
import { braille, DOTS_ACROSS, DOTS_DOWN, rollRaster } from '../../music/raster.ts';
import { estimateBpm } from '../../music/tempo.ts';
import { rollPng } from '../../publish/pictures/roll.ts';
import { isoIn } from '../../schedule/index.ts';
import { noteTupleOf, pedalTupleOf } from '../../wire.ts';
import { minutesText } from '../../words.ts';
import { openBackend } from '../place/place.ts';
import { examples } from '../terminal/help.ts';
import { DEFAULT_DATA, loadMusic } from '../terminal/options.ts';
import { refuseInTheWay, writeOut } from '../terminal/out-file.ts';
import { printJson, printLine, say } from '../terminal/output.ts';
import { refuseOtherKinds, writeSheetFile } from './inspect-sheet.ts';

type Options = {
  data: string;
  stage?: string;
  png?: string;
  sheet?: string;
  force?: boolean;
  picture: boolean;
  json?: boolean;
};

export function registerInspect(program: Command): void {
  program
    .command('inspect')
    .description('Show what a performance or a MIDI file consists of')
    .argument('<date|file.mid>', 'a day of the archive, or a file')
    .option('--data <dir>', 'data directory', DEFAULT_DATA)
    .option('--stage <name>', 'a stage on AWS, in place of the data directory')
    .option('--png <file>', 'write a picture of the roll')
    .option(
      '--sheet <file>',
      "write a composed day's sheet of music: .musicxml, .svg (its first page) or .pdf",
    )
    .option('--force', 'replace the files that are there')
    .option('--no-picture', 'no picture of the roll in the terminal')
    .option('--json', 'print one JSON object, every note in it')
    .addHelpText(
      'before',
      examples(
        'inspect 2026-11-21',
        'inspect 2026-11-21 --sheet sheet.pdf',
        'inspect a.mid --png a.png',
        'inspect a.mid --json',
      ),
    )
    .action(run);
}

async function run(dateOrFile: string, options: Options): Promise<void> {
  if (options.sheet !== undefined) refuseOtherKinds(options.sheet);
  const { performances } = await openBackend(options);
  const { name, file, record } = await loadMusic(dateOrFile, options.data, performances);
  const { music, title, markers, verdict, repairs, warnings } = file;
  const measures = { ...measure(music), ...sounding(music), bpm: estimateBpm(music.notes) };
  const movements = markers.map(({ ms, text }, i) => {
    const notes = between(music.notes, ms, markers[i + 1]?.ms ?? Number.POSITIVE_INFINITY);
    return { startMs: ms, title: text, notes: notes.length, bpm: estimateBpm(notes) };
  });
  if (options.png !== undefined) {
    const target = { path: options.png, force: options.force, option: '--png' };
    await refuseInTheWay(target);
    const { png, width, height } = rollPng(music);
    await writeOut(target, png);
    if (!options.json) say(`Wrote ${options.png}, ${width} × ${height}`);
  }
  if (options.sheet !== undefined) {
    const target = { path: options.sheet, force: options.force, option: '--sheet' };
    await refuseInTheWay(target);
    const pages = await writeSheetFile(target, { name, record, music });
    if (!options.json) say(`Wrote ${options.sheet}${pages === null ? '' : `, pages: ${pages}`}`);
  }
  if (options.json) {
    const { durationMs } = music;
    const notes = music.notes.map(noteTupleOf);
    const pedal = music.pedal.map(pedalTupleOf);
    printJson({
      ...{ title, durationMs, notes, pedal, movements, measures },
      ...{ verdict, repairs, warnings, record },
    });
    return;
  }
  printLine(`${title || name}: ${minutesText(music.durationMs)}, ${music.notes.length} notes`);
  if (options.picture && process.stdout.isTTY) {
    for (const line of picture(music, process.stdout.columns)) printLine(line);
  }
  const bpm = measures.bpm === null ? 'too few notes to tell' : `about ${measures.bpm} beats a minute`;
  printLine(`  range       ${measures.lowest} to ${measures.highest} (MIDI; 60 is middle C)`);
  printLine(`  density     ${measures.notesPerSecond} notes a second`);
  printLine(`  tempo       ${bpm}`);
  printLine(`  keys held   ${measures.meanHeld} on average, ${measures.mostHeld} at most`);
  printLine(
    `  sounding    ${measures.meanSounding} on average, ${measures.mostSounding} at most, with the pedal`,
  );
  printLine(`  pedal       ${music.pedal.length} movements`);
  for (const { startMs, title, notes } of movements)
    printLine(`  ${minutesText(startMs).padStart(5)}       ${title}, ${notes} notes`);
  if (record) {
    printLine(`  composed    ${isoIn('UTC', record.composedAt)}`);
    printLine(`  seed        ${record.seed}`);
    printLine(`  model       ${record.modelSha256}`);
    printLine(`  MIDI        ${record.midiSha256}`);
    const settings = Object.entries(record.settings).map(([key, value]) => `${key} ${value}`);
    printLine(`  settings    ${settings.join(', ')}`);
  }
  for (const warning of warnings) printLine(`  note: ${warning}`);
}

/** Strings that sound, those that the pedal holds among them. */
function sounding(music: Music): { readonly meanSounding: number; readonly mostSounding: number } {
  const { meanHeld, mostHeld }: Measures = measure(foldPedal(music));
  return { meanSounding: meanHeld, mostSounding: mostHeld };
}

const between = (notes: readonly Note[], fromMs: number, toMs: number): readonly Note[] =>
  toMusic(notes.filter(({ onsetMs }) => onsetMs >= fromMs && onsetMs < toMs)).notes;

const PICTURE_LINES = 11;

/** The whole roll, from end to end of the terminal. */
function picture(music: Music, columns: number): string[] {
  const width = Math.max(10, columns - 1) * DOTS_ACROSS;
  const view = { fromMs: 0, toMs: Math.max(1, music.durationMs), width, height: PICTURE_LINES * DOTS_DOWN };
  return braille(rollRaster(music.notes, view));
}
