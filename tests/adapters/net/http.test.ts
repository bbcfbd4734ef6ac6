import { mkdtemp, rm } from 'node:fs/promises';
import { get, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { directoryBlobs } from '../../../src/adapters/disk/directory-blobs.ts';
import { pageServer } from '../../../src/adapters/net/http.ts';
import { listenOn } from '../../../src/adapters/net/listen-on.ts';

/** Worth compressing. */
const LONG = 'note on, note off; '.repeat(500);

let directory: string;
let server: Server;
let url: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'pianola-http-'));
  const site = directoryBlobs(directory);
  for (const path of ['2026-11-21/index.html', '2026-11-21/performance.mid', 'archive/2026/index.html'])
    await site.write(path, path);
  for (const path of ['feed.xml', 'calendar.ics', 'index.json', '2026-11-21/share.png'])
    await site.write(path, path);
  for (const path of ['long.json', 'long.mp3']) await site.write(path, LONG);
  const assets = new Map([
    ['/', { body: Buffer.from('page'), type: 'text/html' }],
    ['/page.js', { body: Buffer.from(LONG), type: 'text/javascript; charset=utf-8' }],
  ]);
  server = pageServer(assets, directory);
  url = `http://127.0.0.1:${await listenOn(server, 0, '127.0.0.1')}`;
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await rm(directory, { recursive: true });
});

test.each([
  ['/2026-11-21/', 'text/html; charset=utf-8', '2026-11-21/index.html'],
  ['/archive/2026/', 'text/html; charset=utf-8', 'archive/2026/index.html'],
  ['/2026-11-21/performance.mid', 'audio/midi', '2026-11-21/performance.mid'],
  ['/2026-11-21/share.png', 'image/png', '2026-11-21/share.png'],
  ['/feed.xml', 'application/rss+xml; charset=utf-8', 'feed.xml'],
  ['/calendar.ics', 'text/calendar; charset=utf-8', 'calendar.ics'],
  ['/index.json', 'application/json', 'index.json'],
])('%s is served as %s, as on CloudFront', async (path, type, body) => {
  const response = await fetch(url + path);
  expect([response.status, response.headers.get('content-type'), await response.text()]).toEqual([
    200,
    type,
    body,
  ]);
});

test.each(['/2026-11-21', '/archive', '/archive/2026', '/embed'])(
  '%s leads to the page that lies in it',
  async (path) => {
    const response = await fetch(url + path, { redirect: 'manual' });
    expect([response.status, response.headers.get('location')]).toEqual([301, `${path}/`]);
  },
);

test('nothing outside the site is served, what is not there is not found, and what is no path is refused', async () => {
  for (const [path, expected] of [
    ['/2026-11-22/', 404],
    ['/..%2f..%2fetc/passwd', 400],
    ['/archive/%00', 400],
    ['//[', 400],
  ] as const) {
    const status = await new Promise((resolve, reject) => {
      // As it is written: `fetch` would put it in order.
      get({ host: '127.0.0.1', port: new URL(url).port, path }, (response) => {
        response.resume();
        resolve(response.statusCode);
      }).on('error', reject);
    });
    expect([path, status]).toEqual([path, expected]);
  }
});

/** What the server sends, as it travels: fetch would undo it. */
const sentFor = (path: string, headers: Record<string, string>, base = url) =>
  new Promise<{ status: number; headers: Record<string, unknown>; body: Buffer }>((resolve, reject) => {
    get(base + path, { headers }, async (response) => {
      const parts: Buffer[] = [];
      for await (const part of response) parts.push(part as Buffer);
      resolve({ status: response.statusCode!, headers: response.headers, body: Buffer.concat(parts) });
    }).on('error', reject);
  });
const undo: Record<string, (body: Buffer) => Buffer> = {
  br: brotliDecompressSync,
  gzip: gunzipSync,
  none: (body) => body,
};

test.each([
  ['gzip, deflate, br', 'br'],
  ['gzip;q=1.0, *;q=0', 'gzip'],
  ['br;q=0, gzip', 'gzip'],
  ['identity', 'none'],
  ['', 'none'],
  ['nonsense;;q=x', 'none'],
])(
  'to who takes "%s", texts travel as %s, from memory and from the directory',
  async (accepted, encoding) => {
    for (const path of ['/page.js', '/long.json']) {
      const { headers, body } = await sentFor(path, { 'accept-encoding': accepted });
      expect([headers['content-encoding'] ?? 'none', headers.vary]).toEqual([encoding, 'accept-encoding']);
      expect(undo[encoding]!(body).toString()).toBe(LONG);
      if (encoding !== 'none') expect(body.length).toBeLessThan(LONG.length / 10);
    }
  },
);

test('sound, what is short, and a part of a file travel as they are', async () => {
  const all = { 'accept-encoding': 'br, gzip' };
  for (const path of ['/long.mp3', '/']) {
    const { headers } = await sentFor(path, all);
    expect([headers['content-encoding'], headers.vary]).toEqual([undefined, undefined]);
  }
  const part = await sentFor('/long.json', { ...all, range: 'bytes=2-4' });
  expect([part.status, part.headers['content-encoding'], part.body.toString()]).toEqual([
    206,
    undefined,
    LONG.slice(2, 5),
  ]);
});

test('who has the page is not sent it again, until it is another', async () => {
  const { headers } = await sentFor('/page.js', { 'accept-encoding': 'br' });
  const tag = String(headers.etag);
  for (const asked of [tag, `"other", ${tag}`]) {
    const again = await sentFor('/page.js', { 'accept-encoding': 'gzip', 'if-none-match': asked });
    expect([again.status, again.body.length]).toEqual([304, 0]);
  }
  expect((await sentFor('/page.js', { 'if-none-match': 'W/"other"' })).status).toBe(200);
  expect((await sentFor('/', {})).headers.etag).not.toBe(tag);
});

test('each address of a station has its own page, also where two are asked for in turns', async () => {
  const page = Buffer.from('<link rel="canonical" href="https://site.invalid/">');
  const other = pageServer(new Map([['/', { body: page, type: 'text/html' }]]), directory);
  const port = await listenOn(other, 0, '127.0.0.1');
  try {
    for (const host of ['127.0.0.1', 'localhost', '127.0.0.1']) {
      const { body } = await sentFor('/', { host: `${host}:${port}` }, `http://127.0.0.1:${port}`);
      expect(body.toString()).toBe(`<link rel="canonical" href="http://${host}:${port}/">`);
    }
  } finally {
    other.closeAllConnections();
    other.close();
  }
});
