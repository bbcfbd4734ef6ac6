/** `corpus stats`: what a corpus consists of, by source and by split. */
import { musicOf } from '../../../music/midi/file.ts';
import { printJson, printLine, say } from '../../terminal/output.ts';
import { readPieces, readSplits, refusedText, sourceOf } from './pieces.ts';

type Figures = { pieces: number; notes: number; durationMs: number; withPedal: number };
const nothing = (): Figures => ({ pieces: 0, notes: 0, durationMs: 0, withPedal: 0 });

export async function printStats(corpus: string, json: boolean): Promise<void> {
  const bySource = new Map<string, Figures>();
  const bySplit = new Map<string, Figures>();
  let repaired = 0;
  const refused = await readPieces(corpus, await readSplits(corpus), ({ file, split }, reading) => {
    const { notes, pedal, durationMs } = musicOf(reading).music;
    if (reading.repairs.length > 0) repaired++;
    for (const [table, key] of [
      [bySource, sourceOf(file)],
      [bySplit, split],
    ] as const) {
      const figures = table.get(key) ?? nothing();
      figures.pieces++;
      figures.notes += notes.length;
      figures.durationMs += durationMs;
      if (pedal.length > 0) figures.withPedal++;
      table.set(key, figures);
    }
  });
  if (json) {
    const table = (map: Map<string, Figures>) => Object.fromEntries(map);
    const reasons = refused.map(refusedText);
    return printJson({ sources: table(bySource), splits: table(bySplit), repaired, refused: reasons });
  }
  for (const [name, { pieces, notes, durationMs, withPedal }] of [...bySource, ...bySplit]) {
    const hours = (durationMs / 3_600_000).toFixed(1);
    printLine(`${name.padEnd(32)} ${pieces} pieces, ${hours} hours, ${notes} notes, ${withPedal} with pedal`);
  }
  if (repaired > 0) say(`${repaired} pieces were read with repairs`);
  for (const one of refused) say(`cannot be read: ${refusedText(one)}`);
}
