/** What a station tells those who watch it, through an evening on a held clock. */
import { get } from 'node:http';
import { afterEach, expect, test } from '@jest/globals';
import { healthOf, tally } from '../../src/local/monitor.ts';
import type { BroadcastRecord } from '../../src/ports.ts';
import { timedStation } from '../support/timed-station.ts';
import { aWindow, EVERY_DAY } from '../support/windows.ts';

let open: Awaited<ReturnType<typeof timedStation>> | null = null;
afterEach(() => open?.close());

const ask = (path: string, headers: Record<string, string> = {}): Promise<{ status: number; text: string }> =>
  new Promise((resolve, reject) => {
    const { port } = new URL(open!.station.here);
    get({ host: '127.0.0.1', port, path, headers: { host: 'localhost', ...headers } }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (more) => {
        text += more;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
    }).on('error', reject);
  });
const metric = (text: string, name: string): number => {
  const found = new RegExp(`^pianola_${name.replace(/[{}"]/g, '\\$&')} (\\S+)$`, 'm').exec(text);
  return Number(found?.[1] ?? Number.NaN);
};

test('ready, what comes and what was; metrics in Prometheus’ form, for this machine alone', async () => {
  const rule = { kind: 'daily' as const, at: '20:00', days: EVERY_DAY };
  open = await timedStation('2026-11-21T19:53:00Z', [aWindow({ id: 'evening', rule, timeZone: 'UTC' })]);
  const T0 = Date.parse('2026-11-21T20:00:00Z');
  const before = await ask('/healthz');
  expect([before.status, JSON.parse(before.text)]).toEqual([200, { ready: true, next: T0, last: null }]);
  await open.time.pass(12 * 60_000);

  const after = JSON.parse((await ask('/healthz')).text);
  expect(after.next).toBe(T0 + 86_400_000);
  expect(after.last).toMatchObject({ id: `evening@${new Date(T0).toISOString()}`, state: 'ended' });
  expect((await open.station.health()).problems).toEqual([]);

  const { status, text } = await ask('/metrics');
  expect(status).toBe(200);
  for (const line of text.trimEnd().split('\n'))
    expect(line).toMatch(/^(# (HELP|TYPE) pianola_\w+ .+|pianola_\w+(\{\w+="[\w.]+"\})? -?[\d.e+]+)$/);
  expect(metric(text, 'listeners')).toBe(0);
  expect(metric(text, 'next_start_timestamp_seconds')).toBe(T0 / 1000 + 86_400);
  expect(metric(text, 'last_start_lateness_seconds')).toBe(after.last.startLatenessMs / 1000);
  expect(metric(text, 'broadcasts_total{outcome="ended"}')).toBe(1);
  expect(metric(text, 'disk_free_bytes')).toBeGreaterThan(0);
  expect(metric(text, 'composing')).toBe(0);
  // Whoever comes by a proxy that nobody named may be anybody.
  expect((await ask('/metrics', { 'x-forwarded-for': '127.0.0.1' })).status).toBe(404);
});

test('problems: silent, late, an encore, what failed since and within a day; a closing station is not ready', async () => {
  let now = 10_000_000_000;
  const counted = tally({ now: () => now });
  const last = (fields: object): BroadcastRecord => ({
    ...{ schema: 1, id: 'a@x', startsAt: 1, state: 'ended', performance: 'p', encore: false, durationMs: 1 },
    ...{ epoch: 1, startLatenessMs: 0, endedAt: 5, chunkSha256: [], sha256: '', ...fields },
  });
  const of = async (fields: object, closing = false) =>
    healthOf(
      {
        ...{ dataDir: '.', clock: { now: () => now }, front: {} as never, metricsFrom: [] },
        newestRecord: async () => last(fields),
        nextStart: async () => null,
        ...{ listeners: () => 0, onAir: () => false, closing: () => closing },
      },
      counted,
    );
  expect((await of({})).problems).toEqual([]);
  expect((await of({ performance: null })).problems).toEqual(['the last broadcast was silent: a@x']);
  expect((await of({ encore: true })).problems).toEqual(['the last broadcast was an encore: a@x']);
  expect((await of({ startLatenessMs: 1_500 })).problems).toEqual(['the last broadcast began 1500 ms late']);
  counted.log(() => {})('compose.failed', { reason: 'no memory' });
  expect((await of({})).problems).toEqual(['compose.failed: no memory']);
  expect((await of({ endedAt: now })).problems).toEqual([]);
  now += 86_400_000;
  expect((await of({})).problems).toEqual([]);
  expect((await of({}, true)).ready).toBe(false);
});

test('what is done well again is a problem no longer, and stays counted; what failed meanwhile is one', async () => {
  const counted = tally({ now: () => 7 });
  const log = counted.log(() => {});
  let fails = true;
  const work = counted.settles(['publish.failed'], async () => {
    if (fails) log('publish.failed', { reason: 'no room' });
  });
  const at = () => counted.failed.get('publish.failed');
  await work();
  expect(at()).toEqual({ count: 1, at: 7, reason: 'no room' });
  log('compose.failed', { reason: 'no memory' });
  fails = false;
  await work();
  expect(at()).toMatchObject({ count: 1, at: Number.NEGATIVE_INFINITY });
  expect(counted.failed.get('compose.failed')?.at).toBe(7);
  const thrown = counted.settles(['compose.failed'], async () => {
    throw new Error('no disk');
  });
  await expect(thrown()).rejects.toThrow('no disk');
  expect(counted.failed.get('compose.failed')?.at).toBe(7);
});

test('a day that could not be composed is a problem until it is composed, ten minutes later', async () => {
  open = await timedStation('2026-11-21T19:05:00Z');
  open.composer.fault = new Error('no memory', { cause: new Error('killed') });
  await open.time.pass(20_000);
  expect((await open.station.health()).problems).toEqual(['compose.failed: no memory: killed']);
  open.composer.fault = null;
  await open.time.pass(10 * 60_000);
  expect((await open.station.health()).problems).toEqual([]);
  expect(metric((await ask('/metrics')).text, 'failures_total{event="compose.failed"}')).toBe(1);
});
