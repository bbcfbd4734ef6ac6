/** By which names a station may be asked, and by which address it is told. */
import { createServer, type Server } from 'node:net';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { listenOn } from '../../src/adapters/net/listen-on.ts';
import { raw, request, statusOf, upgrade } from '../support/raw.ts';
import { type StationProcess, stationProcess } from '../support/station-process.ts';

let station: StationProcess;
let port: number;
beforeAll(async () => {
  station = await stationProcess();
  port = station.port;
});
afterAll(() => station.end());
/** Whatever was done, it lives and serves. */
afterEach(async () => {
  expect(station.alive()).toBe(true);
  expect(statusOf(await raw(port, request(port, '/')))).toBe(200);
});

test.each([
  'evil.example',
  `evil.example:1`,
  '',
  '127.0.0.1.evil.example',
  'localhost.evil.example',
  '10.0.0.1',
  '[::1].',
  '127.0.0.1.',
])('case 81: a request, and an upgrade whose Origin agrees, with the Host %j are refused', async (host) => {
  const status = host === '' ? [400, 421] : [421];
  expect(status).toContain(statusOf(await raw(port, request(port, '/', { Host: host }))));
  const origin = `http://${host}`;
  expect(status).toContain(statusOf(await raw(port, upgrade(port, '/ws', { Host: host, Origin: origin }))));
});

test('case 81: names of loopback are ours, two Hosts are none', async () => {
  for (const host of ['localhost', `LOCALHOST:${port}`, 'localhost.', '127.0.0.1', `[::1]:${port}`])
    expect(statusOf(await raw(port, request(port, '/', { Host: host })))).toBe(200);
  const two = request(port, '/').replace('\r\n', '\r\nHost: evil.example\r\n');
  expect(statusOf(await raw(port, two))).toBe(400);
});

test('case 102: both addresses that localhost stands for are ours', async () => {
  expect(station.url).toBe(`http://localhost:${port}`);
  for (const address of ['127.0.0.1', '::1']) {
    expect(statusOf(await raw(port, request(port, '/'), { address }))).toBe(200);
    expect(statusOf(await raw(port, upgrade(port), { address, forMs: 500 }))).toBe(101);
  }
});

test('case 102: where another program listens at ::1, the address that is printed is the one that we hold', async () => {
  const other: Server = createServer((socket) => socket.end('HTTP/1.1 200 OK\r\n\r\nanother program'));
  const taken = await listenOn(other, 0, '::1');
  const one = await stationProcess({ port: taken });
  expect(one.url).toBe(`http://127.0.0.1:${taken}`);
  expect(await (await fetch(`${one.url}/`)).text()).toMatch(/<title>/);
  await one.end();
  other.close();
});
