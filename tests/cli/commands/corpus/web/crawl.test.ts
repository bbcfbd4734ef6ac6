/** A site on loopback is collected: exactly what is there, politely, and the same however often one is cut off. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type Crawled, crawl } from '../../../../../src/cli/commands/corpus/web/crawl.ts';
import { polite } from '../../../../../src/cli/commands/corpus/web/fetch-polite.ts';
import { type Journal, openJournal } from '../../../../../src/cli/commands/corpus/web/journal.ts';
import { type EarlyWeb, earlyWeb } from '../../../../support/early-web.ts';

const INTERVAL_MS = 2_000;
let directory: string;
let time: number;
let web: EarlyWeb;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'pianola-crawl-'));
  time = Date.parse('2026-11-29T10:00:00Z');
  web = await earlyWeb(() => time);
});
afterEach(async () => {
  await web.end();
  await rm(directory, { recursive: true, force: true });
});

/** Waiting takes no time here; everything else takes none by this clock. */
const pace = {
  now: () => time,
  sleep: async (ms: number) => {
    time += ms;
  },
};
async function run(more: Partial<Journal> = {}, most = 1_000): Promise<Crawled> {
  const journal = await openJournal(join(directory, 'journal'), web.url);
  if ('startedWith' in journal) throw new Error(journal.startedWith);
  return crawl(web.url, most, {
    journal: { ...journal, ...more },
    now: pace.now,
    polite: (refuses) =>
      polite({
        intervalMs: INTERVAL_MS,
        agent: 'pianolacollector/1 (+me@example.org)',
        pace,
        refuses,
        patienceMs: 400,
      }),
  });
}
const named = (url: string) => decodeURI(url.replace(web.url, '').replace('%FC', 'ü'));
const musicIn = ({ music }: Crawled) => music.map(({ url }) => named(url));
const refusedIn = ({ refused }: Crawled) =>
  Object.fromEntries(refused.map(({ file, code }) => [named(file), code]));
const gaps = () => web.asked.slice(1).map(({ at }, i) => at - web.asked[i]!.at);

const MUSIC = ['a.mid', 'b.mid', 'copy.mid', 'moved.mid', 'busy.mid', 'über.mid', 'müller.kar', 'sub/f.rmi'];
const REFUSED = {
  'page.mid': 'html',
  'gone.mid': 'status_404',
  'loop.mid': 'redirect_loop',
  'far.mid': 'outside',
  'many/1.mid': 'redirects',
  'slow.mid': 'too_slow',
  'huge.mid': 'too_large',
  'endless.mid': 'too_large',
  'private/x.mid': 'robots',
  'sneaky.mid': 'robots',
  'broken.mid': 'header',
  'cut.mid': 'unreachable',
  'full.mid': 'busy',
};

test('what is music is fetched, and everything else refused with its reason', async () => {
  const result = await run();
  expect(musicIn(result)).toEqual(MUSIC);
  expect(refusedIn(result)).toEqual(REFUSED);
  expect(result.pages).toBe(3);
  expect(result.music[0]!.captured).toBe('2026-11-29');
  expect(result.title).toBe("Anna's MIDI page");
  expect(result.rights).toEqual(['© 1997 Anna Böll.', 'Sequences are free to use at home.']);
  // Nothing was asked for that is elsewhere, is no music, is forbidden, or stands in a comment.
  const paths = web.asked.map(({ path }) => path);
  expect(paths.filter((path) => /elsewhere|gif|zip|hidden|private/.test(path))).toEqual([]);
  expect(paths[0]).toBe('/robots.txt');
  // Twice: what was busy, and where its redirect leads back to; three times: what stays busy.
  const again = paths.filter((path, i) => paths.indexOf(path) !== i);
  expect(again).toEqual(['/~anna/busy.mid', '/~anna/full.mid', '/~anna/full.mid']);
  expect(new Set(web.asked.map(({ agent }) => agent))).toEqual(
    new Set(['pianolacollector/1 (+me@example.org)']),
  );
});

test('never more often than is allowed, redirects and second tries among them; a busy site gets what it asks for', async () => {
  await run();
  expect(web.asked.length).toBeGreaterThan(30);
  expect(Math.min(...gaps())).toBe(INTERVAL_MS);
  const busy = web.asked.findIndex(({ path }) => path === '/~anna/busy.mid');
  expect(gaps()[busy]).toBe(7_000);
});

test('a crawl delay that is longer is kept, from the first page on', async () => {
  await web.end();
  web = await earlyWeb(() => time, 'User-agent: *\nCrawl-delay: 11\n');
  await run();
  expect(Math.min(...gaps())).toBe(11_000);
});

test('a site whose robots.txt cannot be asked is left alone; one that has none is not', async () => {
  await web.end();
  web = await earlyWeb(() => time, 500);
  expect(await run()).toMatchObject({ music: [], refused: [{ code: 'robots' }], pages: 0 });
  expect(web.asked.map(({ path }) => path)).toEqual(['/robots.txt']);
  await web.end();
  await rm(join(directory, 'journal'), { recursive: true });
  web = await earlyWeb(() => time, 404);
  const result = await run();
  expect(musicIn(result)).toEqual(MUSIC);
  // Nothing forbids them now, and they are not there.
  expect(refusedIn(result)).toEqual({
    ...REFUSED,
    'private/x.mid': 'status_404',
    'sneaky.mid': 'status_404',
  });
});

test('killed after any request and gone on with, it collects the same, and asks for what it had not written down alone', async () => {
  const whole = await run();
  const asked = web.asked.map(({ path }) => path);
  const visits = whole.music.length + whole.refused.length + whole.pages + 1;
  for (const after of [1, 2, 3, 5, 8, 13, visits - 1]) {
    await rm(join(directory, 'journal'), { recursive: true });
    web.asked.length = 0;
    const first = await openJournal(join(directory, 'journal'), web.url);
    if ('startedWith' in first) throw new Error(first.startedWith);
    let written = 0;
    const killed = run({
      visitOf: first.visitOf,
      keep: first.keep,
      pathOf: first.pathOf,
      async add(visit) {
        // The answer was there, and its line was not.
        if (written++ === after) throw new Error('killed');
        await first.add(visit);
      },
    });
    await expect(killed).rejects.toThrow('killed');
    const before = web.asked.length;
    const result = await run();
    expect([after, { ...result, music: result.music.map(({ url }) => url) }]).toEqual([
      after,
      { ...whole, music: whole.music.map(({ url }) => url) },
    ]);
    // One visit was made twice, and nothing else.
    const seconds = web.asked.slice(before).filter(({ path }) => path === '/robots.txt').length;
    expect([after, seconds]).toEqual([after, 0]);
    expect(web.asked.length).toBeLessThanOrEqual(asked.length + 5);
  }
}, 60_000);

test('no more addresses than are allowed', async () => {
  const result = await run({}, 4);
  expect(result.pages + result.music.length + result.refused.length).toBe(4);
});
