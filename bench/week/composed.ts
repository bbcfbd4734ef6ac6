/** Performances composed by today's network, kept in a folder: those of it that are there are not composed again. */
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

type Settings = { readonly minutes: number; readonly candidates: number };
type Made = { readonly record: PerformanceRecord; readonly midi: Uint8Array };
/** What composes today, and of which bytes it is made. */
export type Composer = {
  readonly modelSha256: string;
  readonly originalitySha256: string | null;
  compose(settings: Settings & { readonly date: string; readonly seed: number }): Promise<Made>;
};

/** The network in `model/`, opened for each day and let go. */
async function todays(): Promise<Composer> {
  const { sha256 } = JSON.parse(await readFile('model/model.json', 'utf8'));
  const originality = await openOriginality('model');
  return {
    modelSha256: sha256,
    originalitySha256: originality?.sha256 ?? null,
    async compose(settings) {
      const sampler = await openSamplers('model');
      const ports = { sampler, originality, prompt: null, clock: systemClock };
      return compose(settings, ports).finally(sampler.release);
    },
  };
}

/** @param folder where `DATE.json` and `DATE.mid` are looked for, and written */
export async function composed(
  dates: readonly string[],
  folder: string,
  settings: Settings,
  composer?: Composer,
): Promise<Composed[]> {
  await mkdir(folder, { recursive: true });
  const today = composer ?? (await todays());
  const all: Composed[] = [];
  for (const date of dates) {
    const path = join(folder, date);
    const text = await readFile(`${path}.json`, 'utf8').catch(() => null);
    let record: PerformanceRecord | null = text === null ? null : JSON.parse(text);
    if (!record || !isOf(record, today, settings)) {
      console.error(`composing ${date}, ${all.length} of ${dates.length} done`);
      const made = await today.compose({ ...settings, date, seed: seedOf(date) });
      await writeFile(`${path}.mid`, made.midi);
      await writeFile(`${path}.json`, JSON.stringify(made.record));
      record = made.record;
    }
    const read = readMidiFile(await readFile(`${path}.mid`));
    if ('problem' in read) throw new Error(`${path}.mid: ${read.problem}`);
    all.push({ record, music: read.music });
  }
  return all;
}

/** Whether it is what would be composed now, as far as a record tells: a composer of other code it does not. */
const isOf = (
  { modelSha256, settings }: PerformanceRecord,
  today: Composer,
  { minutes, candidates }: Settings,
): boolean =>
  modelSha256 === today.modelSha256 &&
  settings.originalitySha256 === today.originalitySha256 &&
  settings.minutes === minutes &&
  settings.candidates === candidates;
