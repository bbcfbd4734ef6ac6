/** Performances composed by today's network, kept in a folder: those that are there are not composed again. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemClock } from '../../src/adapters/system-clock.ts';
import { seedOf } from '../../src/compose/day.ts';
import { compose } from '../../src/compose/performance.ts';
import { readMidiFile } from '../../src/music/midi/file.ts';
import type { Music } from '../../src/music/note.ts';
import type { PerformanceRecord } from '../../src/ports.ts';
import { openOriginality } from '../../src/sampling/originality-file.ts';
import { openSamplers } from '../../src/sampling/pool.ts';

export type Composed = { readonly record: PerformanceRecord; readonly music: Music };

const DAY_MS = 86_400_000;
/** `count` dates from one on. */
export const datesFrom = (first: string, count: number): string[] =>
  Array.from({ length: count }, (_, i) =>
    new Date(Date.parse(`${first}T00:00:00Z`) + i * DAY_MS).toISOString().slice(0, 10),
  );

/** @param folder where `DATE.json` and `DATE.mid` are looked for, and written */
export async function composed(
  dates: readonly string[],
  folder: string,
  { minutes, candidates }: { readonly minutes: number; readonly candidates: number },
): Promise<Composed[]> {
  await mkdir(folder, { recursive: true });
  const all: Composed[] = [];
  for (const date of dates) {
    const path = join(folder, date);
    const text = await readFile(`${path}.json`, 'utf8').catch(() => null);
    if (!text) {
      console.error(`composing ${date}, ${all.length} of ${dates.length} done`);
      const [sampler, originality] = [await openSamplers('model'), await openOriginality('model')];
      const ports = { sampler, originality, prompt: null, clock: systemClock };
      const settings = { date, seed: seedOf(date), minutes, candidates };
      const made = await compose(settings, ports).finally(sampler.release);
      await writeFile(`${path}.mid`, made.midi);
      await writeFile(`${path}.json`, JSON.stringify(made.record));
    }
    const record: PerformanceRecord = JSON.parse(text ?? (await readFile(`${path}.json`, 'utf8')));
    const read = readMidiFile(await readFile(`${path}.mid`));
    if ('problem' in read) throw new Error(`${path}.mid: ${read.problem}`);
    all.push({ record, music: read.music });
  }
  return all;
}
