import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readMidiFile } from '../../../music/midi/file.ts';
import { printJson, printLine, say } from '../../terminal/output.ts';
import { progressBar } from '../../terminal/progress.ts';

type Figures = { pieces: number; notes: number; durationMs: number; withPedal: number };
const nothing = (): Figures => ({ pieces: 0, notes: 0, durationMs: 0, withPedal: 0 });

/** What a corpus consists of, by source and by split. `rows` are file and split, as splits.tsv has them. */
export async function printStats(
  corpus: string,
  rows: readonly (readonly [file: string, split: string])[],
  json: boolean,
): Promise<void> {
  const bySource = new Map<string, Figures>();
  const bySplit = new Map<string, Figures>();
  const refused: string[] = [];
  const bar = progressBar(`Reading ${corpus}`);
  for (const [index, [file, split]] of rows.entries()) {
    bar.update(index / rows.length, `${index} of ${rows.length}`);
    const midi = readMidiFile(await readFile(join(corpus, file)));
    if ('problem' in midi) {
      refused.push(`${file}: ${midi.problem}`);
      continue;
    }
    const { notes, pedal, durationMs } = midi.music;
    for (const [table, key] of [
      [bySource, file.split('/')[0]!],
      [bySplit, split],
    ] as const) {
      const figures = table.get(key) ?? nothing();
      figures.pieces++;
      figures.notes += notes.length;
      figures.durationMs += durationMs;
      if (pedal.length > 0) figures.withPedal++;
      table.set(key, figures);
    }
  }
  bar.done();
  if (json) {
    const table = (map: Map<string, Figures>) => Object.fromEntries(map);
    return printJson({ sources: table(bySource), splits: table(bySplit), refused });
  }
  for (const [name, { pieces, notes, durationMs, withPedal }] of [...bySource, ...bySplit]) {
    const hours = (durationMs / 3_600_000).toFixed(1);
    printLine(`${name.padEnd(32)} ${pieces} pieces, ${hours} hours, ${notes} notes, ${withPedal} with pedal`);
  }
  for (const reason of refused) say(`cannot be read: ${reason}`);
}
