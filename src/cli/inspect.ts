import type { Command } from 'commander';
import { measure } from '../music/measure.ts';
import { noteTupleOf, pedalTupleOf } from '../wire.ts';
import { clockText, DEFAULT_DATA, loadMusic } from './options.ts';
import { printJson, printLine } from './output.ts';

export function registerInspect(program: Command): void {
  program
    .command('inspect')
    .description('Show what a performance or a MIDI file consists of')
    .argument('<date|file.mid>', 'a day of the archive, or a file')
    .option('--data <dir>', 'data directory', DEFAULT_DATA)
    .option('--json', 'print one JSON object, every note in it')
    .addHelpText('before', 'Example:\n  pianola inspect a.mid --json\n')
    .action(run);
}

async function run(dateOrFile: string, options: { data: string; json?: boolean }): Promise<void> {
  const { name, file, record } = await loadMusic(dateOrFile, options.data);
  const { music, title, markers, warnings } = file;
  const movements = markers.map(({ ms, text }) => ({ startMs: ms, title: text }));
  const measures = measure(music);
  if (options.json) {
    const { durationMs } = music;
    const notes = music.notes.map(noteTupleOf);
    const pedal = music.pedal.map(pedalTupleOf);
    printJson({ title, durationMs, notes, pedal, movements, measures, warnings, record });
    return;
  }
  printLine(`${title || name}: ${clockText(music.durationMs)}, ${music.notes.length} notes`);
  printLine(`  range       ${measures.lowest} to ${measures.highest} (MIDI; 60 is middle C)`);
  printLine(`  density     ${measures.notesPerSecond} notes a second`);
  printLine(`  keys held   ${measures.meanHeld} on average, ${measures.mostHeld} at most`);
  printLine(`  pedal       ${music.pedal.length} movements`);
  for (const movement of movements)
    printLine(`  ${clockText(movement.startMs).padStart(5)}       ${movement.title}`);
  if (record) {
    printLine(`  seed        ${record.seed}`);
    printLine(`  model       ${record.modelSha256}`);
    printLine(`  MIDI        ${record.midiSha256}`);
  }
  for (const warning of warnings) printLine(`  note: ${warning}`);
}
