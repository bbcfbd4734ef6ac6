import { expect, test } from '@jest/globals';
import { memoryPerformances, memorySite } from '../../src/adapters/memory/memory.ts';
import { soundsInTurn } from '../../src/local/sounds.ts';
import type { Renderer } from '../../src/ports.ts';
import { readIndex } from '../../src/publish/index-file.ts';
import { publish } from '../../src/publish/publish.ts';
import { fakeClock } from '../support/fake-clock.ts';
import { scale, stored } from '../support/music.ts';

const MINUTE = 60_000;

async function station(days: readonly string[], renderer?: Renderer) {
  const [clock, performances, site] = [fakeClock(), memoryPerformances(), memorySite()];
  const [renderedAt, logged]: [number[], string[]] = [[], []];
  const closing = new AbortController();
  let busy = false;
  const ports = {
    ...{ clock, performances, site },
    renderer: async (...asked: Parameters<Renderer>) => {
      renderedAt.push(clock.now());
      return renderer ? renderer(...asked) : { mp3: new Uint8Array(10), durationMs: 1_000 };
    },
    log: (event: string) => void logged.push(event),
  };
  for (const id of days) {
    await performances.create(stored(id, scale(10_000)));
    await publish(id, ports);
  }
  return {
    ...{ clock, renderedAt, logged, closing },
    ask: soundsInTurn(ports, () => busy, closing.signal),
    busy(is: boolean) {
      busy = is;
    },
    async soundless() {
      const { performances: all } = await readIndex(site);
      return all.filter(({ soundBytes }) => soundBytes === 0).map(({ id }) => id);
    },
  };
}

test('days are made into sound one by one, a minute’s rest before each, however often it is asked for', async () => {
  const s = await station(['2026-11-20', '2026-11-21']);
  s.ask();
  s.ask();
  await s.clock.runTo(MINUTE);
  s.ask();
  expect(s.renderedAt).toEqual([MINUTE]);
  expect(await s.soundless()).toEqual(['2026-11-20']);
  await s.clock.runTo(10 * MINUTE);
  expect(s.renderedAt).toEqual([MINUTE, 2 * MINUTE]);
  expect(await s.soundless()).toEqual([]);
});

test('a later day is made when it is asked for again, and not before', async () => {
  const s = await station(['2026-11-20']);
  await s.clock.runTo(5 * MINUTE);
  expect(s.renderedAt).toEqual([]);
  s.ask();
  await s.clock.runTo(6 * MINUTE);
  expect(s.renderedAt).toEqual([6 * MINUTE]);
});

test('nothing is rendered while something is played; afterwards it is', async () => {
  const s = await station(['2026-11-20']);
  s.busy(true);
  s.ask();
  await s.clock.runTo(3 * MINUTE + 1);
  expect(s.renderedAt).toEqual([]);
  s.busy(false);
  await s.clock.runTo(4 * MINUTE);
  expect(s.renderedAt).toEqual([4 * MINUTE]);
});

test('what failed is not tried again by this station, and the days after it are', async () => {
  let tries = 0;
  const s = await station(['2026-11-20', '2026-11-21'], async () =>
    ++tries === 1 ? null : { mp3: new Uint8Array(10), durationMs: 1_000 },
  );
  s.ask();
  await s.clock.runTo(10 * MINUTE);
  s.ask();
  await s.clock.runTo(20 * MINUTE);
  expect(s.renderedAt).toEqual([MINUTE, 2 * MINUTE]);
  expect(await s.soundless()).toEqual(['2026-11-21']);
});

test('a station that closes leaves it at once, and has nothing to complain of', async () => {
  const s = await station(['2026-11-20']);
  s.ask();
  await s.clock.runTo(MINUTE / 2);
  s.closing.abort(new Error('the station closes'));
  await s.clock.runTo(10 * MINUTE);
  expect(s.renderedAt).toEqual([]);
  expect(s.logged).toEqual([]);
});
