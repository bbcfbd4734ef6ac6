import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { publish } from '../src/publish/publish.ts';
import { launchBrowser } from '../tests/browser/browser.ts';
import { TODAY, testStation } from '../tests/browser/station.ts';
import { freePort } from '../tests/support/free-port.ts';
import { scale } from '../tests/support/music.ts';

/**
 * `npm run lighthouse [-- --json]`: Lighthouse's four categories on the waiting page, the archive, a day's page and the
 * embed of a station on this machine, as a phone on a slow line would have them; exit code 1 where one is under 0.95. Lighthouse
 * is installed at its first run, in its own folder with its own lockfile.
 */
const FOLDER = fileURLToPath(new URL('lighthouse/', import.meta.url));
const CATEGORIES = ['performance', 'accessibility', 'best-practices', 'seo'] as const;
const LEAST = 0.95;
/** The score of performance is the median of so many runs where the first is too low: machines have other work. */
const RUNS = 3;

type Category = (typeof CATEGORIES)[number];
type Audit = { readonly id: string; readonly title: string; readonly score: number | null };
type Report = {
  readonly lhr: {
    readonly runtimeError?: { readonly code: string; readonly message: string };
    readonly categories: Record<
      Category,
      { score: number | null; auditRefs: { id: string; weight: number }[] }
    >;
    readonly audits: Record<string, Audit>;
  };
};
type Lighthouse = (url: string, flags: object) => Promise<Report | undefined>;

async function lighthouse(): Promise<Lighthouse> {
  const entry = `${FOLDER}node_modules/lighthouse/core/index.js`;
  if (!existsSync(entry)) {
    console.error('Installing Lighthouse, this once.');
    await promisify(execFile)('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: FOLDER });
  }
  const { default: run } = (await import(pathToFileURL(entry).href)) as { default: Lighthouse };
  return run;
}

type Scores = Record<Category, number>;

async function audit(run: Lighthouse, url: string, port: number): Promise<[Scores, string[]]> {
  const report = await run(url, { port, onlyCategories: CATEGORIES, logLevel: 'error' });
  if (!report) throw new Error(`Lighthouse has no report of ${url}`);
  const { categories, audits, runtimeError } = report.lhr;
  if (runtimeError) throw new Error(`${url}: ${runtimeError.code}: ${runtimeError.message}`);
  const scores = Object.fromEntries(CATEGORIES.map((name) => [name, categories[name].score ?? 0])) as Scores;
  const failed = CATEGORIES.flatMap((name) =>
    categories[name].auditRefs
      .filter(({ weight }) => weight > 0)
      .map(({ id }) => audits[id]!)
      .filter(({ score }) => score !== null && score < 0.9)
      .map(({ id, title }) => `${name}: ${id}: ${title}`),
  );
  return [scores, failed];
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;

const run = await lighthouse();
const port = await freePort();
const browser = await launchBrowser([`--remote-debugging-port=${port}`]);
const station = await testStation(scale(120_000));
const results: Record<string, Scores> = {};
try {
  await publish(TODAY, { ...station, siteUrl: station.url }, { heard: 14, playedAt: null });
  for (const [name, path] of Object.entries({
    waiting: '/',
    archive: '/archive/',
    day: `/${TODAY}/`,
    embed: '/embed/',
  })) {
    let [scores, failed] = await audit(run, station.url + path, port);
    if (scores.performance < LEAST) {
      const speeds = [scores.performance];
      while (speeds.length < RUNS) speeds.push((await audit(run, station.url + path, port))[0].performance);
      scores = { ...scores, performance: median(speeds) };
    }
    results[name] = scores;
    if (!process.argv.includes('--json')) {
      console.log(name.padEnd(10), ...CATEGORIES.map((one) => `${one} ${scores[one].toFixed(2)}  `));
      for (const line of failed) console.log(`  ${line}`);
    }
    if (Object.values(scores).some((score) => score < LEAST)) process.exitCode = 1;
  }
} finally {
  await browser.close();
  await station.end();
}
if (process.argv.includes('--json')) console.log(JSON.stringify({ least: LEAST, ...results }));
