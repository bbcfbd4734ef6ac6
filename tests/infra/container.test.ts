/** What the station's image says of itself, without a container: tests/cloud has those. */
import { execFile } from 'node:child_process';
import { expect, test } from '@jest/globals';
import { serveControl } from '../../src/adapters/net/control.ts';
import { healthCheck } from '../support/health-check.ts';
import { timedStation } from '../support/timed-station.ts';

test('an image is healthy while its station serves, after a silent evening too, and not once it does not', async () => {
  const [program, ...args] = await healthCheck();
  const timed = await timedStation('2026-11-21T12:00:00Z');
  const env = { ...process.env, PIANOLA_DATA: timed.dataDir };
  const exitCode = () =>
    new Promise((done) => execFile(program!, args, { env }, (error) => done(error?.code ?? 0)));
  const { station } = timed;
  const control = await serveControl(timed.dataDir, 'https://piano.example/', {}, station.here);
  try {
    await station.records.put({
      ...{ schema: 1, id: 'a@x', startsAt: 1, state: 'ended', performance: null, encore: false },
      ...{ durationMs: null, epoch: 1, startLatenessMs: 0, endedAt: 5, chunkSha256: [], sha256: '' },
    });
    expect((await station.health()).problems).toEqual(['the last broadcast was silent: a@x']);
    expect(await exitCode()).toBe(0);
  } finally {
    await control.close();
    await timed.close();
  }
  expect(await exitCode()).toBe(1);
});
