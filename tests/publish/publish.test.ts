import { beforeEach, describe, expect, test } from '@jest/globals';
import { memoryPerformances, memorySite } from '../../src/adapters/memory/memory.ts';
import { toMusic } from '../../src/music/note.ts';
import { readIndex } from '../../src/publish/index-file.ts';
import { type PublishPorts, playingOf, publish, refreshArchive } from '../../src/publish/publish.ts';
import { EDITION } from '../../src/publish/site/index-json.ts';
import { note, scale, stored } from '../support/music.ts';

const SITE = 'https://piano.example';

function world() {
  const performances = memoryPerformances();
  const site = memorySite();
  const ports: PublishPorts = { performances, site, siteUrl: SITE, costOf: (listeners) => listeners / 100 };
  return {
    performances,
    site,
    ports,
    text: (path: string) => new TextDecoder().decode(site.files.get(path)),
    async day(id: string, fields: { title?: string; heard?: number | null; lengthMs?: number } = {}) {
      const { record, midi } = stored(id, scale(fields.lengthMs ?? 60_000));
      await performances.create({ midi, record: { ...record, title: fields.title ?? 'Prelude in C major' } });
      await publish(id, ports, heardBy(fields.heard ?? null));
    },
  };
}

const heardBy = (heard: number | null) => ({ heard, playedAt: null });

let w: ReturnType<typeof world>;
beforeEach(() => {
  w = world();
});

test('an extra is no day: nothing of it is published', async () => {
  await w.day('2026-11-21-extra');
  expect([...w.site.files.keys()]).toEqual([]);
});

describe('a published day', () => {
  test('has its MIDI, record, pictures and a page of its own', async () => {
    await w.day('2026-11-21', { heard: 14 });
    expect([...w.site.files.keys()].filter((path) => path.startsWith('2026-11-21/')).sort()).toEqual([
      '2026-11-21/index.html',
      '2026-11-21/performance.mid',
      '2026-11-21/record.json',
      '2026-11-21/roll.png',
      '2026-11-21/share.png',
    ]);
    expect(JSON.parse(w.text('2026-11-21/record.json'))).toMatchObject({
      id: '2026-11-21',
      seed: 1,
      heard: 14,
      costUsd: 0.14,
      pricesDate: '2026-11-21',
      licences: { music: 'CC-BY-4.0', model: 'MIT' },
    });
    expect((await readIndex(w.site)).performances).toMatchObject([
      { id: '2026-11-21', title: 'Prelude in C major', heard: 14, costUsd: 0.14, edition: EDITION },
    ]);
  });

  test('costs nothing on a computer of one’s own, and what nobody counted is not known', async () => {
    await w.performances.create(stored('2026-11-20', scale(10_000)));
    await publish('2026-11-20', { performances: w.performances, site: w.site }, heardBy(3));
    await w.day('2026-11-21');
    const [unknown, own] = (await readIndex(w.site)).performances;
    expect(own).toMatchObject({ heard: 3, costUsd: 0, pricesDate: null });
    expect(unknown).toMatchObject({ heard: null, costUsd: null, pricesDate: null });
    expect(w.text('2026-11-20/index.html')).toContain('nothing: played by a computer that was on anyway');
    expect(w.text('2026-11-21/index.html')).toContain('not counted');
  });

  test('published again, and again after an encore, is byte for byte what it was', async () => {
    await w.day('2026-11-20', { heard: 2 });
    await w.day('2026-11-21', { heard: 14 });
    const before = new Map([...w.site.files].map(([path, bytes]) => [path, Buffer.from(bytes)]));
    await publish('2026-11-21', w.ports, heardBy(14));
    await publish('2026-11-21', w.ports, heardBy(3));
    await publish('2026-11-20', w.ports);
    expect([...w.site.files.keys()].sort()).toEqual([...before.keys()].sort());
    for (const [path, bytes] of before) {
      expect([path, Buffer.from(w.site.files.get(path)!).equals(bytes)]).toEqual([path, true]);
    }
  });

  test('was played when it was played first, and an encore tells nothing of that', async () => {
    await w.day('2026-11-21');
    for (const playedAt of [null, 5_000, 9_000]) await publish('2026-11-21', w.ports, { heard: 1, playedAt });
    expect((await readIndex(w.site)).performances).toMatchObject([{ playedAt: 5_000 }]);
    const row = { heard: 3, startsAt: 5_000 };
    expect(playingOf({ ...row, encore: false })).toEqual({ heard: 3, playedAt: 5_000 });
    expect(playingOf({ ...row, encore: true })).toEqual({ heard: null, playedAt: null });
  });

  test('that is played twice on its day was heard by the greater crowd', async () => {
    await w.day('2026-11-21', { heard: 1 });
    await publish('2026-11-21', w.ports, heardBy(20));
    expect((await readIndex(w.site)).performances).toMatchObject([{ heard: 20, costUsd: 0.2 }]);
    expect(w.text('2026-11-21/index.html')).toContain('heard by 20');
  });

  test('is linked by the days around it, in whatever order they came', async () => {
    await w.day('2026-11-18');
    await w.day('2026-11-21');
    await w.day('2026-11-19');
    const links = (id: string) =>
      [...w.text(`${id}/index.html`).matchAll(/<a href="\/(\d{4}-\d\d-\d\d)\/" rel="(\w+)"/g)].map(
        ([, to, rel]) => `${rel} ${to}`,
      );
    expect(links('2026-11-18')).toEqual(['next 2026-11-19']);
    expect(links('2026-11-19')).toEqual(['prev 2026-11-18', 'next 2026-11-21']);
    expect(links('2026-11-21')).toEqual(['prev 2026-11-19']);
  });

  test('is not kept from the public by one beside it that cannot be read any more', async () => {
    await w.day('2026-11-20');
    const { record } = stored('2026-11-20', scale(60_000));
    await w.performances.replace({ record, midi: new Uint8Array([1, 2, 3]) });
    await w.day('2026-11-21');
    expect((await readIndex(w.site)).performances.map(({ id }) => id)).toEqual(['2026-11-21', '2026-11-20']);
    expect(w.text('2026-11-21/index.html')).toContain('rel="prev"');
  });

  test('needs a performance', async () => {
    await expect(publish('2026-11-21', w.ports)).rejects.toThrow('no performance 2026-11-21 to publish');
    expect([...w.site.files.keys()]).toEqual([]);
  });

  test('whatever its title says, no markup of it reaches the page, the feed or the archive', async () => {
    const title = `\u0000\u001b</title><script>alert(1)</script>"onload='x'&`;
    await w.day('2026-11-21', { title });
    for (const path of ['2026-11-21/index.html', 'archive/index.html', 'feed.xml']) {
      expect(w.text(path)).not.toMatch(/<script>|alert\(1\)<\/script>|"onload/);
      expect(w.text(path)).not.toMatch(/[^\P{Cc}\n]/u);
      expect(w.text(path)).toContain('&lt;script&gt;alert(1)');
    }
  });
});

describe('a page of a day, without a script,', () => {
  test('says what it is, to readers and to machines', async () => {
    const { record, midi } = stored('2026-11-21', toMusic([note(0, 1_000, 60), note(1_000, 61_000, 64)]));
    const movements = [
      { startMs: 0, title: 'Calm & soft' },
      { startMs: 83_500, title: 'Lively' },
    ];
    await w.performances.create({ midi, record: { ...record, title: 'Suite in C major', movements } });
    await publish('2026-11-21', w.ports, heardBy(14));
    const page = w.text('2026-11-21/index.html');
    for (const part of [
      '<title>Suite in C major, 21 November 2026 · Pianola</title>',
      '<link rel="canonical" href="https://piano.example/2026-11-21/" />',
      '<meta property="og:image" content="https://piano.example/2026-11-21/share.png" />',
      '<meta name="twitter:card" content="summary_large_image" />',
      '<link rel="alternate" href="/feed.xml" type="application/rss+xml"',
      '<link rel="alternate" href="/calendar.ics" type="text/calendar"',
      '<h1>Suite in C major</h1>',
      '21 November 2026 · 1:02 · 2 notes · heard by 14',
      '<a href="#t=0">0:00</a> <span>Calm &amp; soft</span>',
      '<a href="#t=83">1:23</a> <span>Lively</span>',
      '<dt>Seed</dt><dd>1</dd>',
      'about $0.14, estimated by list prices of 21 November 2026',
      'href="/2026-11-21/performance.mid"',
      'CC BY 4.0',
    ]) {
      expect(page).toContain(part);
    }
  });

  test('draws every note, once', async () => {
    await w.day('2026-11-21', { lengthMs: 30_000 });
    const holes = [...w.text('2026-11-21/index.html').matchAll(/<path class="hole v\d" d="([^"]*)"/g)];
    expect(holes.flatMap(([, d]) => d!.match(/M/g)!)).toHaveLength(60);
  });

  test('has nothing in it that the security policy refuses', async () => {
    await w.day('2026-11-21', { heard: 0 });
    for (const path of ['2026-11-21/index.html', 'archive/index.html']) {
      expect(w.text(path)).not.toMatch(/ style=|<style| on\w+=|javascript:|src="http|href="http:\/\//);
      const scripts = [...w.text(path).matchAll(/<script[^>]*>/g)].map(([tag]) => tag);
      expect(scripts[0]).toBe('<script src="/theme.js">');
      expect(scripts).toHaveLength(2);
    }
  });

  test('where nobody knows the site’s address, nothing pretends to', async () => {
    await w.performances.create(stored('2026-11-21', scale(10_000)));
    await publish('2026-11-21', { performances: w.performances, site: w.site });
    expect(w.text('2026-11-21/index.html')).not.toMatch(/canonical|og:image|og:url/);
  });
});

describe('the archive', () => {
  test('has a row a week, a link a day, gaps, and hollow holes for what nobody heard', async () => {
    await w.day('2026-11-11', { heard: 3 });
    await w.day('2026-11-16', { heard: 0 });
    await w.day('2026-11-18', { title: '2026-11-18' });
    const page = w.text('archive/2026/index.html');
    expect(
      [...page.matchAll(/<th scope="row">(?:<span>(\w+)<\/span> )?(W\d\d)/g)].map(([, m, l]) => [m, l]),
    ).toEqual([
      ['Nov', 'W47'],
      [undefined, 'W46'],
    ]);
    expect([...page.matchAll(/aria-label="(\w+day, [^"]+)"/g)].map(([, label]) => label)).toEqual([
      'Monday, 16 November 2026, Prelude in C major, 0:59, heard by nobody',
      'Wednesday, 18 November 2026, 0:59',
      'Wednesday, 11 November 2026, Prelude in C major, 0:59, heard by 3',
    ]);
    expect(page.match(/class="unheard"/g)).toHaveLength(1);
    expect(page.match(/class="hollow"/g)).toHaveLength(1);
    expect(page.match(/<td><\/td>/g)).toHaveLength(14 - 3);
    expect(page).toContain('<a href="#2026-11">November</a>');
    expect(page).toContain('<tr id="2026-11" data-months="2026-11">');
  });

  test('shows the newest year, and each year at an address of its own, named by all of them', async () => {
    await w.day('2026-12-31');
    expect(w.text('archive/2026/index.html')).not.toContain('class="years"');
    await w.day('2027-01-01');
    expect(w.text('archive/index.html')).toBe(w.text('archive/2027/index.html'));
    expect(w.text('archive/2026/index.html')).toContain('<a href="/archive/2027/">2027</a>');
    expect(w.text('archive/2026/index.html')).not.toContain('/2027-01-01/');
    expect(w.text('archive/2027/index.html')).toContain(
      '<link rel="canonical" href="https://piano.example/archive/2027/" />',
    );
  });

  test('shows its first week a strip a day, with torn places, and links by the newest day’s picture', async () => {
    await w.day('2026-11-19', { heard: 0 });
    await w.day('2026-11-21', { heard: 3 });
    const page = w.text('archive/index.html');
    expect([...page.matchAll(/<li[^>]*>(<a href="[^"]+">|<p>[^<]+)/g)].map(([all]) => all)).toEqual([
      '<li><a href="/2026-11-21/">',
      '<li class="torn"><p>Friday, 20 November 2026: nothing was played',
      '<li class="unheard"><a href="/2026-11-19/">',
    ]);
    expect(page).not.toContain('<table');
    expect(page).toContain('<meta property="og:image" content="https://piano.example/share.png" />');
    const same = Buffer.from(w.site.files.get('share.png')!);
    expect(same.equals(w.site.files.get('2026-11-21/share.png')!)).toBe(true);
  });

  test('is there before the first day', async () => {
    const log: string[] = [];
    await refreshArchive({ ...w.ports, log: (event) => void log.push(event) });
    expect(w.text('archive/index.html')).toContain('No day has been played yet.');
    expect(w.text('feed.xml')).not.toContain('<item>');
    expect([...w.site.files.keys()]).toEqual([
      ...['shelf/index.html', 'archive/index.html', 'share.png', 'feed.xml', 'index.json'],
    ]);
    expect(w.text('shelf/index.html')).toContain('Nothing is on the shelf yet');
  });
});

describe('days of an older edition', () => {
  const refresh = async () => {
    const log: string[] = [];
    await refreshArchive({ ...w.ports, log: (event) => void log.push(event) });
    return log;
  };

  /** As the first version published: MIDI and record, and a line in the index. */
  async function published(...ids: string[]) {
    const performances = [];
    for (const id of ids) {
      const day = stored(id, scale(20_000));
      await w.performances.create(day);
      await w.site.put(`${id}/performance.mid`, day.midi);
      performances.push({ id, title: id, durationMs: 20_000, notes: 40 });
    }
    await w.site.put('index.json', JSON.stringify({ schema: 1, performances }));
  }

  test('get their pages and pictures, and nothing that nobody knows', async () => {
    await published('2026-11-21', '2025-11-20');
    expect(await refresh()).toEqual([]);
    expect((await readIndex(w.site)).performances).toMatchObject([
      { id: '2026-11-21', heard: null, costUsd: null, edition: EDITION },
      { id: '2025-11-20', heard: null, costUsd: null, edition: EDITION },
    ]);
    expect(w.text('2025-11-20/index.html')).toContain('rel="next"');
    expect(w.text('archive/2025/index.html')).toContain('/archive/2026/');
    expect(w.site.files.has('2026-11-21/share.png')).toBe(true);
  });

  test('are made anew once', async () => {
    await published('2026-11-21');
    await refresh();
    const puts: string[] = [];
    const put = w.site.put;
    w.site.put = async (path, body) => {
      puts.push(path);
      return put(path, body);
    };
    await refresh();
    expect(puts).toEqual([]);
  });

  test('come thirty at a time, the newest first; one that cannot be read is told of and left', async () => {
    const ids = Array.from({ length: 33 }, (_, i) =>
      new Date(Date.UTC(2026, 10, 21 - i)).toISOString().slice(0, 10),
    );
    await published(...ids);
    const { record } = stored(ids[0]!, scale(20_000));
    await w.performances.replace({ record, midi: new Uint8Array([1]) });
    expect(await refresh()).toEqual(['publish.not_refreshed']);
    const editions = async () => (await readIndex(w.site)).performances.map(({ edition }) => edition);
    expect((await editions()).filter((edition) => edition === EDITION)).toHaveLength(30);
    expect((await editions()).slice(-2)).toEqual([0, 0]);
    await refresh();
    expect((await editions()).slice(1)).toEqual(Array(32).fill(EDITION));
  });
});

describe('what is written while a day’s files are made', () => {
  /** Another process writes lines of the index as soon as this file is written, once. */
  function meanwhile(path: string, lines: Readonly<Record<string, object>>): void {
    const { put } = w.site;
    w.site.put = async (each, body) => {
      await put(each, body);
      if (each !== path) return;
      w.site.put = put;
      const { performances } = JSON.parse(w.text('index.json'));
      const changed = performances.map((line: { id: string }) => ({ ...line, ...lines[line.id] }));
      await put('index.json', JSON.stringify({ schema: 1, performances: changed }));
    };
  }
  const written = { holes: 2, soundBytes: 7, soundMs: 9 };

  test('stays, of that day and of others, and is shown', async () => {
    await w.day('2026-11-20');
    await w.day('2026-11-21', { heard: 3 });
    meanwhile('2026-11-21/share.png', { '2026-11-20': { holes: 4 }, '2026-11-21': written });
    await publish('2026-11-21', w.ports, heardBy(5));
    expect((await readIndex(w.site)).performances).toMatchObject([
      { id: '2026-11-21', heard: 5, ...written },
      { id: '2026-11-20', holes: 4 },
    ]);
    expect(w.text('2026-11-21/index.html')).toContain('2 holes in the margin');
    expect(w.text('2026-11-21/index.html')).toContain('performance.mp3');
  });

  test('stays where old pages are made anew, listeners and cost among it', async () => {
    await w.day('2026-11-20');
    await w.day('2026-11-21');
    const old = { edition: 0 };
    const { performances } = await readIndex(w.site);
    await w.site.put(
      'index.json',
      JSON.stringify({ schema: 1, performances: performances.map((line) => ({ ...line, ...old })) }),
    );
    const told = { ...written, heard: 12, costUsd: 0.12, playedAt: 5 };
    meanwhile('2026-11-20/share.png', { '2026-11-21': told, '2026-11-20': { holes: 1 } });
    await refreshArchive({ ...w.ports, log: () => {} });
    expect((await readIndex(w.site)).performances).toMatchObject([
      { id: '2026-11-21', edition: EDITION, ...told },
      { id: '2026-11-20', edition: EDITION, holes: 1 },
    ]);
    expect(w.text('2026-11-21/index.html')).toContain('performance.mp3');
    expect(w.text('2026-11-20/index.html')).toContain('1 hole in the margin');
  });

  test('by this process waits its turn: of two days at once both are listed, and one that fails holds up nobody', async () => {
    for (const id of ['2026-11-19', '2026-11-20', '2026-11-21'])
      await w.performances.create(stored(id, scale(20_000)));
    const { put } = w.site;
    w.site.put = async (path, body) => {
      if (path === 'archive/2026/index.html') {
        w.site.put = put;
        throw new Error('no room');
      }
      return put(path, body);
    };
    const all = ['2026-11-19', '2026-11-20', '2026-11-21'].map((id) => publish(id, w.ports));
    expect((await Promise.allSettled(all)).map(({ status }) => status)).toEqual([
      ...['rejected', 'fulfilled', 'fulfilled'],
    ]);
    expect((await readIndex(w.site)).performances.map(({ id }) => id)).toEqual(['2026-11-21', '2026-11-20']);
  });
});

test('an index that is none is a fault, not an empty archive to be written over', async () => {
  await w.site.put('index.json', '{"schema":7,"performances":[]}');
  await expect(w.day('2026-11-21')).rejects.toThrow('schema 1, but of 7');
});
