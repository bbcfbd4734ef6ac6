/** A station behind a proxy: whose word is taken, and by which address it is found. */
import { mkdtemp, rm } from 'node:fs/promises';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { WebSocket } from 'ws';
import { directoryBlobs } from '../../../src/adapters/disk/directory-blobs.ts';
import { type FrontConfig, frontOf, proxiesOf, siteUrlOf } from '../../../src/adapters/net/front.ts';
import { pageServer } from '../../../src/adapters/net/http.ts';
import { listenOn } from '../../../src/adapters/net/listen-on.ts';
import { type Sockets, serveSockets } from '../../../src/adapters/net/ws.ts';
import { raw, request, statusOf } from '../../support/raw.ts';

const DAY =
  '<html><a href="/2026-11-20/">before</a> <img src="/2026-11-21/roll.png"> <a href="//x">x</a></html>';
let directory: string;
let server: Server;
let sockets: Sockets;
let port: number;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'pianola-front-'));
  await directoryBlobs(directory).write('2026-11-21/index.html', DAY);
  await directoryBlobs(directory).write('feed.xml', '<link href="/not-a-page"/>');
});
afterEach(async () => {
  sockets.close();
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
  await rm(directory, { recursive: true });
});

async function serve(config: FrontConfig): Promise<void> {
  const front = frontOf(config);
  const page = (text: string, type: string) => ({ body: Buffer.from(text), type });
  const assets = new Map([
    ['/', page('<link href="/style.css"><meta content="https://site.invalid/share.png">', 'text/html')],
    ['/style.css', page('src: url("/type/a.woff2")', 'text/css')],
    ['/manifest.webmanifest', page('{ "start_url": "/", "src": "/icons/a.png" }', 'application/json')],
    ['/404.html', page('<a href="/archive/">all</a>', 'text/html')],
  ]);
  server = pageServer(assets, directory, { front });
  const message = async () => ({ frames: [], close: false });
  sockets = serveSockets(server, { message, gone: () => {} }, { front });
  port = await listenOn(server, 0, '127.0.0.1');
}

const text = async (path: string, headers: Record<string, string> = {}): Promise<string> => {
  const answer = await raw(port, request(port, path, headers));
  return answer.slice(answer.indexOf('\r\n\r\n') + 4);
};
/** The status of an upgrade; 101 where it was taken. */
const join_ = (headers: Record<string, string>, path = '/ws'): Promise<number> =>
  new Promise((resolve) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, { headers });
    socket.once('open', () => resolve(101));
    socket.once('error', ({ message }) => resolve(Number(/\d{3}$/.exec(message)?.[0])));
  });

describe('with a public address and a path', () => {
  beforeEach(() => serve({ url: 'https://piano.example/piano/' }));

  test.each(['', '/piano'])(
    'links lead below the path, whether the proxy leaves it there (%j) or not',
    async (root) => {
      expect(await text(`${root}/`)).toBe(
        '<link href="/piano/style.css"><meta content="https://piano.example/piano/share.png">',
      );
      expect(await text(`${root}/style.css`)).toBe('src: url("/piano/type/a.woff2")');
      expect(await text(`${root}/manifest.webmanifest`)).toBe(
        '{ "start_url": "/piano/", "src": "/piano/icons/a.png" }',
      );
      expect(await text(`${root}/2026-11-21/`)).toBe(
        '<html><a href="/piano/2026-11-20/">before</a> <img src="/piano/2026-11-21/roll.png"> <a href="//x">x</a></html>',
      );
      expect(await text(`${root}/nothing`)).toBe('<a href="/piano/archive/">all</a>');
      expect(await text(`${root}/feed.xml`)).toBe('<link href="/not-a-page"/>');
    },
  );

  test('a directory without its slash leads to the whole address', async () => {
    for (const path of ['/piano/archive', '/archive'])
      expect(await raw(port, request(port, path))).toMatch(
        /^HTTP\/1\.1 301 [\s\S]*location: \/piano\/archive\/\r\n/,
      );
    expect(await raw(port, request(port, '/piano'))).toMatch(/location: \/piano\/\r\n/);
  });

  test('it answers to that name, and takes its pages’ sockets, whatever Host a proxy writes', async () => {
    expect(statusOf(await raw(port, request(port, '/', { Host: 'piano.example' })))).toBe(200);
    expect(statusOf(await raw(port, request(port, '/', { Host: 'evil.example' })))).toBe(421);
    expect(await join_({ origin: 'https://piano.example' }, '/piano/ws')).toBe(101);
    expect(await join_({ origin: 'http://piano.example' })).toBe(403);
    expect(await join_({ origin: 'https://evil.example', host: 'piano.example' })).toBe(403);
  });
});

describe('of a proxy that is named', () => {
  beforeEach(() => serve({ proxies: ['loopback'], hosts: ['piano.example'] }));
  const from = (address: string, more = {}) => ({
    origin: 'https://piano.example',
    'x-forwarded-for': address,
    'x-forwarded-host': 'piano.example',
    'x-forwarded-proto': 'https',
    ...more,
  });

  test('each listener has the address that it saw: 500 of 500 addresses are taken, the 65th of one is not', async () => {
    const many = Array.from({ length: 500 }, (_, i) => join_(from(`198.51.${i >> 8}.${i & 255}`)));
    expect(new Set(await Promise.all(many))).toEqual(new Set([101]));
    expect(sockets.open()).toBe(500);
    const one = await Promise.all(Array.from({ length: 65 }, () => join_(from('203.0.113.7'))));
    expect(one.filter((status) => status === 101)).toHaveLength(64);
    expect(one.filter((status) => status === 429)).toHaveLength(1);
  });

  test('what a listener writes into the header themselves is not believed', async () => {
    const forged = Array.from({ length: 65 }, (_, i) => join_(from(`198.51.100.${i}, 203.0.113.7`)));
    expect((await Promise.all(forged)).filter((status) => status === 429)).toHaveLength(1);
  });

  test('the page’s addresses are those that the visitor asked', async () => {
    expect(await text('/', from('203.0.113.7'))).toContain('https://piano.example/share.png');
    const evil = request(port, '/', from('203.0.113.7', { 'x-forwarded-host': 'evil.example' }));
    expect(statusOf(await raw(port, evil))).toBe(421);
  });
});

test('of nobody else are forwarded headers looked at', async () => {
  await serve({ hosts: ['piano.example'], proxies: ['192.0.2.1'] });
  const headers = { 'x-forwarded-host': 'piano.example', 'x-forwarded-proto': 'https' };
  expect(await text('/', headers)).toContain(`content="http://localhost:${port}/share.png"`);
  expect(await join_({ ...headers, origin: 'https://piano.example' })).toBe(403);
  const sent = Array.from({ length: 65 }, (_, i) =>
    join_({ origin: `http://127.0.0.1:${port}`, 'x-forwarded-for': `198.51.100.${i}` }),
  );
  expect((await Promise.all(sent)).filter((status) => status === 429)).toHaveLength(1);
});

test('an address is a name only where that is wished', async () => {
  await serve({ byAddress: true });
  for (const host of ['192.0.2.9:8080', '[2001:db8::1]:8080'])
    expect(statusOf(await raw(port, request(port, '/', { Host: host })))).toBe(200);
  expect(statusOf(await raw(port, request(port, '/', { Host: 'evil.example' })))).toBe(421);
});

test.each([
  'ftp://a.example/',
  'piano.example',
  'https://a@b.example',
  'https://a.example/?x',
  'https://a.example/%41',
])('%s is no public address', (url) =>
  expect(() => siteUrlOf(url)).toThrow('Give an address like https://piano.example/'),
);

test('networks hold what lies in them', () => {
  const trusts = proxiesOf(['10.0.0.0/8', '2001:db8::/32', 'loopback']);
  const asked = [
    '10.9.9.9',
    '::ffff:10.1.1.1',
    '11.0.0.1',
    '2001:db8::5',
    '2001:db9::5',
    '::1',
    '127.9.9.9',
    '',
    undefined,
  ];
  expect(asked.map(trusts)).toEqual([true, true, false, true, false, true, true, false, false]);
  for (const bad of ['10.0.0.0/33', 'proxy.example', '10.0.0.0/', ''])
    expect(() => proxiesOf([bad])).toThrow('Give addresses, networks like 10.0.0.0/8, or loopback.');
});
