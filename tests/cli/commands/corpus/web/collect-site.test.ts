/** `corpus collect` of a site, by the command: whole, killed and gone on with, and refused before anybody is asked. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { openJournal } from '../../../../../src/cli/commands/corpus/web/journal.ts';
import { BIN } from '../../../../support/cli.ts';
import { type EarlyWeb, earlyWeb } from '../../../../support/early-web.ts';
import { inProcess } from '../../../../support/in-process.ts';

let root: string;
let web: EarlyWeb;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'pianola-collect-site-'));
  // What is slow is forbidden here: the command waits for half a minute.
  web = await earlyWeb(
    Date.now,
    'User-agent: *\nDisallow: /~anna/slow.mid\nDisallow: /~anna/full.mid\nDisallow: /~anna/busy.mid\n',
  );
});
afterAll(async () => {
  await web.end();
  await rm(root, { recursive: true, force: true });
});
beforeEach(() => {
  web.asked.length = 0;
});
const collect = (out: string, ...args: string[]) =>
  inProcess([...['corpus', 'collect', web.url, '--out', join(root, out), '--rate', '20', '--json'], ...args]);
const CONTACT = ['--contact', 'me@example.org'];

test('a site becomes a source, with names, links, days and its words on rights', async () => {
  const { code, stdout } = await collect('out', ...CONTACT);
  expect(code).toBe(0);
  const told = JSON.parse(stdout);
  expect(told).toMatchObject({ pieces: 6, duplicates: 1, written: true });
  expect(told.sites).toEqual([{ url: web.url, pages: 3, files: 7, requests: web.asked.length }]);
  expect(told.refused).toHaveLength(14);
  const [source] = (await readdir(join(root, 'out'))).filter((name) => name !== 'splits.tsv');
  expect(source).toMatch(/^127_0_0_1_\d+_anna$/);
  const table = await readFile(join(root, 'out', source!, 'provenance.tsv'), 'utf8');
  const day = new Date().toISOString().slice(0, 10);
  expect(table).toContain(`a.mid\ta\t${web.url}a.mid\t${day}\n`);
  expect(table).toContain(`mu_ller.mid\tmüller\t${web.url}m%C3%BCller.kar\t${day}\n`);
  expect(JSON.parse(await readFile(join(root, 'out', source!, 'site.json'), 'utf8'))).toEqual({
    name: `Anna's MIDI page (${new URL(web.url).host})`,
    url: web.url,
    rights: '© 1997 Anna Böll.\nSequences are free to use at home.',
  });
  const gaps = web.asked.slice(1).map(({ at }, i) => at - web.asked[i]!.at);
  // The server sees requests a moment after they were begun, one more than the other.
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(25);
  expect((web.asked.at(-1)!.at - web.asked[0]!.at) / (web.asked.length - 1)).toBeGreaterThanOrEqual(49);
});

test('what an earlier run wrote down is not asked for again, nor is a line that was cut off believed', async () => {
  const { stdout } = await collect('whole', ...CONTACT);
  const whole = JSON.parse(stdout);
  web.asked.length = 0;
  const { createHash } = await import('node:crypto');
  const key = createHash('sha256').update(web.url).digest('hex').slice(0, 16);
  const directory = join(root, 'cut', '.collecting', key);
  const journal = await openJournal(directory, web.url);
  if ('startedWith' in journal) throw new Error(journal.startedWith);
  await journal.add({
    was: 'robots',
    url: new URL('/robots.txt', web.url).href,
    at: 0,
    text: 'User-agent: *\nDisallow: /~anna/slow.mid\nDisallow: /~anna/full.mid\nDisallow: /~anna/busy.mid\n',
    isReachable: true,
  });
  const path = join(directory, 'journal.jsonl');
  await writeFile(path, `${await readFile(path, 'utf8')}{"was":"refused","url":"${web.url}","co`);
  const gone = await collect('cut', ...CONTACT);
  expect(JSON.parse(gone.stdout)).toEqual({ ...whole, out: join(root, 'cut'), sites: [expect.anything()] });
  expect(web.asked.map(({ path }) => path)).not.toContain('/robots.txt');
  expect(gone.stderr).toContain('where it was cut off');
  expect(await readdir(join(root, 'cut'))).not.toContain('.collecting');
});

test('killed by the system in the middle, it goes on, and the corpus is the same', async () => {
  const whole = JSON.parse((await collect('unkilled', ...CONTACT)).stdout);
  web.asked.length = 0;
  const out = join(root, 'killed');
  const args = ['corpus', 'collect', web.url, '--out', out, '--rate', '20', ...CONTACT];
  const child = spawn(process.execPath, [BIN, ...args], { stdio: 'ignore' });
  const ended = once(child, 'exit');
  while (web.asked.length < 8 && child.exitCode === null)
    await new Promise((resolve) => setTimeout(resolve, 5));
  child.kill('SIGKILL');
  expect((await ended)[1]).toBe('SIGKILL');
  const before = web.asked.map(({ path }) => path);
  expect(await readdir(out)).toEqual(['.collecting']);
  web.asked.length = 0;
  const rest = await collect('killed', ...CONTACT);
  expect(JSON.parse(rest.stdout)).toEqual({ ...whole, out, sites: [expect.anything()] });
  const after = web.asked.map(({ path }) => path);
  // What was under way when it was killed is asked for again, and nothing else is.
  expect(after.filter((path) => before.slice(0, -1).includes(path))).toEqual([]);
  for (const table of [
    'splits.tsv',
    join((await readdir(out)).find((name) => name.startsWith('127'))!, 'provenance.tsv'),
  ])
    expect(await readFile(join(out, table), 'utf8')).toBe(
      await readFile(join(root, 'unkilled', table), 'utf8'),
    );
}, 120_000);

test('without a contact, or dry, or of what is no address: 2, and nobody is asked', async () => {
  expect((await collect('no')).code).toBe(2);
  expect((await collect('no', ...CONTACT, '--dry-run')).code).toBe(2);
  expect(
    (await inProcess(['corpus', 'collect', 'http://', '--out', join(root, 'no'), ...CONTACT])).code,
  ).toBe(2);
  expect((await collect('no', ...CONTACT, '--rate', '1000')).code).toBe(2);
  expect(web.asked).toEqual([]);
});
