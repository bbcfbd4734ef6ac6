import { expect, test } from '@jest/globals';
import { type Kept, offline } from '../../../web/offline/kept.ts';

const ORIGIN = 'https://piano.example';
const index = (...ids: string[]) =>
  JSON.stringify({ performances: ids.map((id) => ({ id, title: id, durationMs: 1_000, notes: 3 })) });

/** A site whose files are `files`; null: there is no network. */
function world(files: Record<string, string> | null, root = '') {
  const cache = new Map<string, Response>();
  const kept: Kept = {
    match: async (path) => cache.get(path)?.clone(),
    put: async (path, response) => void cache.set(path, response),
    keys: async () => [...cache.keys()].map((path) => ({ url: `${ORIGIN}${path}` })),
    delete: async (path) => cache.delete(path),
  };
  const site = { files, asked: [] as string[] };
  const fetch = async (request: Request | string): Promise<Response> => {
    const path = typeof request === 'string' ? request : new URL(request.url).pathname;
    site.asked.push(path);
    if (!site.files) throw new TypeError('Failed to fetch');
    const body = site.files[path];
    return body === undefined ? new Response('', { status: 404 }) : new Response(body);
  };
  const { fill, answer } = offline(async () => kept, fetch, ORIGIN + root);
  const ask = async (path: string, mode: 'navigate' | 'cors' = 'cors') => {
    const work: Promise<void>[] = [];
    // No script may make a request that navigates.
    const request = Object.defineProperty(new Request(`${ORIGIN}${path}`), 'mode', { value: mode });
    const response = await answer(request, (later) => work.push(later));
    await Promise.all(work);
    return response;
  };
  return { cache, site, fill, ask };
}
const SHELL = Object.fromEntries(
  [
    ...['/', '/page.js', '/theme.js', '/timer-worker.js', '/style.css', '/live.css'],
    ...['/manifest.webmanifest', '/favicon.svg', '/icons/icon-192.png'],
  ].map((path) => [path, `of ${path}`]),
);

test('the first screen and the last roll are there where there is no network, after one visit', async () => {
  const { site, fill, ask } = world({
    ...SHELL,
    '/index.json': index('2026-11-20', '2026-11-21'),
    '/2026-11-21/record.json': 'record',
    '/2026-11-21/performance.mid': 'music',
  });
  await fill();
  site.files = null;
  for (const [path, body] of [...Object.entries(SHELL), ['/2026-11-21/performance.mid', 'music'] as const])
    expect([path, await (await ask(path)).text()]).toEqual([path, body]);
  expect(await (await ask('/?state=')).text()).toBe('of /');
});

test('while the network answers nothing old is shown: its answer is, and it is kept', async () => {
  const { site, fill, ask } = world({ ...SHELL });
  await fill();
  site.files = { ...SHELL, '/page.js': 'newer' };
  expect(await (await ask('/page.js')).text()).toBe('newer');
  // A site that answers that there is none is believed too.
  site.files = {};
  expect((await ask('/page.js')).status).toBe(404);
  site.files = null;
  expect(await (await ask('/page.js')).text()).toBe('newer');
});

test('of the days the newest alone is kept, and goes when a newer one is there', async () => {
  const { cache, site, ask } = world({
    '/index.json': index('2026-11-21'),
    '/2026-11-20/performance.mid': 'old',
    '/2026-11-21/performance.mid': 'new',
  });
  await ask('/index.json');
  await ask('/2026-11-20/performance.mid');
  await ask('/2026-11-21/performance.mid');
  expect([...cache.keys()]).toEqual(['/index.json', '/2026-11-21/performance.mid']);
  site.files = { '/index.json': index('2026-11-22', '2026-11-21') };
  await ask('/index.json');
  expect([...cache.keys()]).toEqual(['/index.json']);
});

test('recordings and type are asked for once; pictures, feeds and the archive are not kept', async () => {
  const { cache, site, ask } = world({
    ...{ '/piano/a-1.mp3': 'a', '/share.png': 'b', '/archive/': 'c', '/schedule.json': '{}' },
  });
  for (const path of ['/piano/a-1.mp3', '/piano/a-1.mp3', '/share.png', '/archive/', '/schedule.json'])
    await ask(path);
  expect(site.asked).toEqual(['/piano/a-1.mp3', '/share.png', '/archive/', '/schedule.json']);
  expect([...cache.keys()]).toEqual(['/piano/a-1.mp3']);
});

test('where nothing was kept, a page leads to the first screen, and all else fails as without us', async () => {
  const { ask } = world(null);
  const { status, headers } = await ask('/archive/', 'navigate');
  expect([status, headers.get('location')]).toEqual([302, `${ORIGIN}/`]);
  await expect(ask('/', 'navigate')).rejects.toThrow('Failed to fetch');
  await expect(ask('/archive/')).rejects.toThrow('Failed to fetch');
});

test('an installation of which a part is missing fails, and is tried again at the next visit', async () => {
  const { '/live.css': _, ...rest } = SHELL;
  await expect(world(rest).fill()).rejects.toThrow('/live.css: 404');
});

test('an index that is none, and music in parts, are not kept, and do no harm', async () => {
  const { cache, site, fill, ask } = world({ ...SHELL, '/index.json': 'not JSON' });
  await fill();
  expect((await ask('/index.json')).status).toBe(200);
  site.files = { '/index.json': index('2026-11-21') };
  await ask('/index.json');
  expect([...cache.keys()].filter((path) => path.includes('2026'))).toEqual([]);
});

test('a site below a path of its host is kept as one at its root', async () => {
  const below = (files: Record<string, string>) =>
    Object.fromEntries(Object.entries(files).map(([path, body]) => [`/piano${path}`, body]));
  const day = '/2026-11-21/performance.mid';
  const { site, fill, ask } = world(
    below({ ...SHELL, '/index.json': index('2026-11-21'), [day]: 'music' }),
    '/piano',
  );
  await fill();
  site.files = null;
  expect(await (await ask('/piano/')).text()).toBe('of /');
  expect(await (await ask(`/piano${day}`)).text()).toBe('music');
  expect((await ask('/piano/archive/', 'navigate')).headers.get('location')).toBe(`${ORIGIN}/piano/`);
});
