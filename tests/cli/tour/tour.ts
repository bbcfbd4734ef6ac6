/** Walks through all steps and writes down what each said first, without what is different each time. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { inProcess, lines } from '../../support/in-process.ts';
import { type StartedLine, startedLine } from './started-line.ts';
import { STEPS } from './steps.ts';

export type Said = {
  readonly args: string;
  readonly code: number | null;
  /** Of stdout where there is any, else of stderr; the first line that says something. */
  readonly first: string;
};

const HERE = resolve(import.meta.dirname, '../../..');
/** Dates and names that the steps give themselves. */
const KEPT = /^(2020-01-01|2026-11-21|2090-\d\d-\d\d)/;
const WEEKDAY = /(Mon|Tue|Wed|Thu|Fri|Sat|Sun)/;

/** Places, times, ids, ports and sizes change from run to run. */
const settled = (line: string, directory: string): string =>
  line
    .replaceAll(`${directory}/station`, 'DATA')
    .replaceAll(directory, 'DIR')
    .replaceAll(HERE, 'HERE')
    .replace(/\b[0-9a-f]{64}\b/g, 'SHA256')
    .replace(/\b(daily|weekly|once|cron|sunset|moon)-[a-z0-9]{5}\b/g, '$1-ID')
    .replace(/\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?Z?)?/g, (date) =>
      KEPT.test(date) ? date : 'DATE',
    )
    .replace(/\bcomposed in \d+:\d\d/, 'composed in M:SS')
    .replace(/\(process \d+\)/, '(process N)')
    .replace(/\bv\d+\.\d+\.\d+\b/, 'vN')
    .replace(new RegExp(`${WEEKDAY.source} (DATE|2090)`, 'g'), '$2')
    .replace(/(localhost|127\.0\.0\.1):\d+/g, '$1:PORT')
    .replace(/\b\d+(\.\d+)? ?(s|ms|KB|MB|GB|bytes)\b/g, 'N $2')
    .trimEnd();

/** @param told is given each step as it is done */
export async function tour(told: (said: Said) => void = () => {}): Promise<readonly Said[]> {
  const directory = await mkdtemp(join(tmpdir(), 'pianola-tour-'));
  const data = join(directory, 'station');
  let station: StartedLine | null = null;
  let added = 'WINDOW';
  const all: Said[] = [];
  try {
    for (const [args] of STEPS) {
      const words = args
        .replaceAll('DIR', directory)
        .replaceAll('HERE', HERE)
        .replaceAll('WINDOW', added)
        .split(' ');
      if (args.startsWith('corpus collect DIR/midi')) await collection(directory);
      const withData = takesData(args) && !args.includes('--data') ? [...words, '--data', data] : words;
      let said: Said;
      if (words[0] === '+') {
        station = await startedLine(withData.slice(1));
        said = { args: args.slice(2), code: null, first: settled(station.line, directory) };
      } else if (words[0] === '-') {
        said = { args: 'SIGTERM to that start', code: await station!.end(), first: '' };
        station = null;
      } else {
        const { code, stdout, stderr } = await inProcess(withData, { cwd: directory });
        if (added === 'WINDOW') added = /Added window ([\w-]+)/.exec(stdout + stderr)?.[1] ?? added;
        const [line = ''] = lines(stdout.trim() === '' ? stderr : stdout);
        said = { args, code, first: settled(line, directory).replaceAll(added, 'WINDOW') };
      }
      all.push(said);
      told(said);
    }
  } finally {
    await station?.end();
    await rm(directory, { recursive: true, force: true, maxRetries: 3 });
  }
  return all;
}

const takesData = (args: string): boolean =>
  !/^(completion|play|continue|inspect HERE|corpus (collect|stats|tokens)|replay DIR|- )/.test(args) &&
  !/^inspect DIR|^compose .*--out/.test(args);

/** What was composed, as a folder to collect from. */
async function collection(directory: string): Promise<void> {
  await mkdir(join(directory, 'midi'));
  await writeFile(join(directory, 'midi', 'a.mid'), await readFile(join(directory, 'a.mid')));
}

/** Rows of docs/commands.md. */
export const tableOf = (all: readonly Said[]): string =>
  [
    '| command | exit code | says first |',
    '|---|---|---|',
    ...all.map(({ args, code, first }) => {
      const said = first.replaceAll('|', '\\|').trim();
      return `| \`${args}\` | ${code ?? 'goes on'} | ${said === '' ? '–' : said} |`;
    }),
  ].join('\n');
