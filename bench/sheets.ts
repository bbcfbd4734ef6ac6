/** Whether composed sheets open in two readers without a warning: Verovio, and music21 where there is a Python that has it. */
import { spawnSync } from 'node:child_process';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openEngraver } from '../src/engraving/engraver.ts';
import { sheetOf } from '../src/publish/sheet.ts';
import { composed, datesFrom } from './week/composed.ts';

/**
 * `--count 30` days: those that are in `--folder`, then others from `--first 2026-10-01` on, composed of `--minutes` and
 * `--candidates` each (0.5 and 1). Their MusicXML is left there; `--python` names an interpreter with music21.
 */
export async function run(): Promise<object> {
  const { values } = parseArgs({
    args: process.argv.slice(3),
    allowPositionals: true,
    strict: false,
    options: {
      first: { type: 'string', default: '2026-10-01' },
      count: { type: 'string', default: '30' },
      minutes: { type: 'string', default: '0.5' },
      candidates: { type: 'string', default: '1' },
      folder: { type: 'string', default: '.pianola/composed' },
      python: { type: 'string' },
    },
  });
  const folder = String(values.folder);
  const settings = { minutes: Number(values.minutes), candidates: Number(values.candidates) };
  const count = Number(values.count);
  const there = (await readdir(folder).catch(() => []))
    .filter((name) => /^\d{4}-\d\d-\d\d\.json$/.test(name))
    .map((name) => name.slice(0, 10));
  const dates = [...new Set([...there.sort(), ...datesFrom(String(values.first), count)])].slice(0, count);
  const days = await composed(dates, folder, settings);
  const faults: unknown[] = [];
  const engrave = openEngraver((event, details) => void faults.push([event, details]));
  const paths: string[] = [];
  let [pages, bars, heads, notes] = [0, 0, 0, 0];
  for (const { record, music } of days) {
    const musicXml = sheetOf(record, music);
    if (!musicXml) throw new Error(`${record.id} has no score`);
    const path = join(folder, `${record.id}.musicxml`);
    await writeFile(path, musicXml);
    paths.push(path);
    const asked = { musicXml, title: record.title, line: record.id };
    const made = await engrave({ ...asked, bars: musicXml.match(/<measure /g)!.length });
    if (!made) continue;
    pages += made.pages.length;
    bars += made.bars.length;
    for (const page of made.pages) heads += page.match(/class="note"/g)?.length ?? 0;
    notes += musicXml.match(/<pitch>/g)!.length;
  }
  const music21 = values.python ? inMusic21(String(values.python), paths) : null;
  return { sheets: days.length, verovio: { pages, bars, heads, notes, faults }, music21 };
}

function inMusic21(python: string, paths: readonly string[]): unknown {
  const script = join(import.meta.dirname, 'sheets/open.py');
  const { status, stdout } = spawnSync(python, [script, ...paths], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (status !== 0) throw new Error(`${python} has ended with ${status}: has it music21?`);
  return JSON.parse(stdout.trim().split('\n').at(-1)!);
}
