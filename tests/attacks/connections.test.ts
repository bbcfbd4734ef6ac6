/** Connections that strangers hold open, drip into or break off cost a station nothing that lasts. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { closed, dial, raw, request, statusOf, upgrade } from '../support/raw.ts';
import { type StationProcess, stationProcess } from '../support/station-process.ts';
import { until } from '../support/until.ts';

let station: StationProcess;
let port: number;
beforeAll(async () => {
  station = await stationProcess();
  port = station.port;
  await writeFile(join(station.data, 'site', 'large.txt'), 'x'.repeat(4_000_000));
});
afterAll(() => station.end());
/** Whatever was done, it lives and serves. */
afterEach(async () => {
  expect(station.alive()).toBe(true);
  expect(statusOf(await raw(port, request(port, '/')))).toBe(200);
});

/** What a station opens for itself meanwhile: its network, its threads, its database. One leaked each would be 300 and more. */
const ITS_OWN = 60;

test('case 76: 500 downloads broken off leave no descriptor open', async () => {
  const before = station.descriptors();
  for (let i = 0; i < 500; i++) {
    const socket = await dial(port);
    socket.write(request(port, i % 2 === 0 ? '/large.txt' : '/feed.xml'));
    if (i % 50 === 0) await new Promise((resolve) => socket.once('data', resolve));
    socket.resetAndDestroy();
  }
  const after = await until(station.descriptors, (n) => (n ?? 0) <= (before ?? 0) + ITS_OWN);
  expect(after ?? 0).toBeLessThanOrEqual((before ?? 0) + ITS_OWN);
});

test('case 77: 300 refused upgrades that nobody closes are closed by the station', async () => {
  const before = station.descriptors();
  const held = [];
  for (let i = 0; i < 300; i++) {
    const socket = await dial(port);
    socket.write(upgrade(port, '/ws', { Origin: 'http://evil.example' }));
    held.push(socket);
  }
  // Nothing is read here, so that nothing is closed on this side.
  const after = await until(station.descriptors, (n) => (n ?? 0) <= (before ?? 0) + ITS_OWN);
  for (const socket of held) socket.destroy();
  expect(after ?? 0).toBeLessThanOrEqual((before ?? 0) + ITS_OWN);
});

test('case 77: SIGTERM ends a station at once, whatever holds on to it', async () => {
  const one = await stationProcess();
  const texts = [
    upgrade(one.port, '/other'),
    upgrade(one.port),
    request(one.port, '/', { Connection: 'keep-alive' }),
  ];
  const held = await Promise.all(
    [...texts, 'GET / HT'].map(async (text) => {
      const socket = await dial(one.port);
      socket.write(text);
      return socket;
    }),
  );
  await sleep(200);
  one.child.kill('SIGTERM');
  const outcome = await Promise.race([one.ended, sleep(10_000, 'still runs')]);
  for (const socket of held) socket.destroy();
  await one.end();
  expect(outcome).toBe(0);
});

/** What a client sends, then every half second. */
const DRIPS: Readonly<Record<string, () => readonly [text: string, drop: string]>> = {
  'a silent socket': () => ['', ''],
  'half a line': () => ['GET /', 'x'],
  'a header without an end': () => ['GET / HTTP/1.1\r\nHost: localhost\r\nX-Drip: ', 'x'],
  'a body that drips': () => ['POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n', 'x'],
  'a body that nobody reads': () => [
    'GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n',
    'x',
  ],
  'an upgrade without an end': () => [upgrade(port).slice(0, -2), 'X: y\r\n'],
};
/** Node by itself would look each half minute. */
const PATIENCE_MS = 20_000;

async function dripped(text: string, drop: string): Promise<'closed' | 'open'> {
  const socket = await dial(port);
  socket.resume();
  socket.write(text);
  const drip = setInterval(() => socket.write(drop), 500);
  const enough = new AbortController();
  const patience = sleep(PATIENCE_MS, 'open' as const, { signal: enough.signal });
  patience.catch(() => {});
  const outcome = await Promise.race([closed(socket).then(() => 'closed' as const), patience]);
  enough.abort();
  clearInterval(drip);
  socket.destroy();
  return outcome;
}

/** All of them at once, since each takes ten seconds. */
const outcomes = new Map<string, Promise<'closed' | 'open'>>();
const outcomeOf = (what: string) => {
  if (outcomes.size === 0)
    for (const [name, made] of Object.entries(DRIPS)) outcomes.set(name, dripped(...made()));
  return outcomes.get(what)!;
};

test.each(Object.keys(DRIPS).slice(0, -1))(
  'case 80: %s is closed after ten seconds, and a little',
  async (what) => expect(await outcomeOf(what)).toBe('closed'),
);

test('case 14: an upgrade whose headers drip is closed after ten seconds, and a little', async () => {
  expect(await outcomeOf('an upgrade without an end')).toBe('closed');
});
