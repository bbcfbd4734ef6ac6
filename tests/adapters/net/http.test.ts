import { mkdtemp, rm } from 'node:fs/promises';
import { get, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { directoryBlobs } from '../../../src/adapters/disk/directory-blobs.ts';
import { pageServer } from '../../../src/adapters/net/http.ts';
import { listenOn } from '../../../src/adapters/net/listen-on.ts';

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
  server = pageServer(new Map([['/', { body: Buffer.from('page'), type: 'text/html' }]]), directory);
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
