/** When a station prepares what comes: on a held clock, by what is asked of it. */
import { expect, test } from '@jest/globals';
import { type KeepPorts, keepPrepared } from '../../src/local/keep-prepared.ts';
import type { Window } from '../../src/schedule/index.ts';
import { fakeClock } from '../support/fake-clock.ts';
import { aWindow } from '../support/windows.ts';

/** A station from 0 on, whose composing takes so long; `told` is what it does, and at which second. */
function setUp(composeMs = 0, fail: (did: string, atMs: number) => boolean = () => false) {
  const clock = fakeClock();
  const told: string[] = [];
  const stop = new AbortController();
  let windows: readonly Window[] = [];
  const does = (what: string): void => {
    const did = fail(what, clock.now()) ? `${what} fails` : what;
    told.push(`${clock.now() / 1000} ${did}`);
    if (did !== what) throw new Error(`no ${what}`);
  };
  const ports: KeepPorts = {
    async readWindows() {
      if (fail('windows', clock.now())) throw new Error('no windows');
      return windows;
    },
    arrange: async () => does('arranges'),
    async catchUp() {
      does('composes');
      await clock.sleepUntil(clock.now() + composeMs);
    },
    clock,
    log: (event, details) => void told.push(`${clock.now() / 1000} ${event}: ${details?.reason}`),
  };
  const ended = keepPrepared(ports, stop.signal).catch((error: Error) => error.message);
  return {
    ...{ clock, told, ended, stop },
    change: () => {
      windows = [...windows, aWindow({ id: `w${windows.length}` })];
    },
  };
}

test('it prepares at once, within five seconds of a change, and ten minutes after the last time', async () => {
  const { clock, told, change } = setUp();
  await clock.runTo(97_000);
  change();
  await clock.runTo(701_000);
  const both = (second: number) => [`${second} arranges`, `${second} composes`];
  expect(told).toEqual([...both(0), ...both(100), ...both(700)]);
});

test('what failed is tried again after a minute, and then after ten; a change is seen before', async () => {
  const { clock, told, change } = setUp(0, (did, atMs) => did === 'arranges' && atMs < 70_000);
  await clock.runTo(21_000);
  change();
  await clock.runTo(685_000);
  expect(told).toEqual([
    ...['0 arranges fails', '0 prepare.failed: no arranges'],
    ...['25 arranges fails', '25 prepare.failed: no arranges'],
    ...['85 arranges', '85 composes', '685 arranges', '685 composes'],
  ]);
});

test('windows that cannot be read are looked at again with the next look, and composing that failed is tried in a minute', async () => {
  const { clock, told } = setUp(0, (did, atMs) =>
    did === 'windows' ? atMs === 0 : did === 'composes' && atMs === 5_000,
  );
  await clock.runTo(65_000);
  expect(told).toEqual([
    ...['0 prepare.failed: no windows', '5 arranges', '5 composes fails', '5 prepare.failed: no composes'],
    ...['65 arranges', '65 composes'],
  ]);
});

test('while it composes it sees what has changed, and composes for it when that is done', async () => {
  const { clock, told, change } = setUp(300_000);
  await clock.runTo(12_000);
  change();
  await clock.runTo(301_000);
  expect(told).toEqual(['0 arranges', '0 composes', '15 arranges', '300 composes']);
});

test('stopped, it ends when what it composes has ended, and begins nothing more', async () => {
  const { clock, told, change, ended, stop } = setUp(300_000);
  await clock.runTo(12_000);
  change();
  await clock.runTo(20_000);
  stop.abort(new Error('the station closes'));
  expect(await clock.runUntil(ended)).toBe('the station closes');
  expect(clock.now()).toBe(300_000);
  expect(told).toEqual(['0 arranges', '0 composes', '15 arranges']);
});
