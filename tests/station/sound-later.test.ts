import { expect, test } from '@jest/globals';
import { memoryPerformances, memorySite } from '../../src/adapters/memory/memory.ts';
import { publish } from '../../src/publish/publish.ts';
import { publishNextSound } from '../../src/publish/sound.ts';
import { askForSound } from '../../src/station/sound-later.ts';
import { scale, stored } from '../support/music.ts';

function station() {
  const [performances, site, logged] = [memoryPerformances(), memorySite(), [] as string[]];
  const log = (event: string) => void logged.push(event);
  let asked = 0;
  const ports = { performances, site, log };
  return {
    ...{ ports, logged },
    asked: () => asked,
    ask: (failing = false) =>
      askForSound({
        ...ports,
        async soundLater() {
          asked++;
          if (failing) throw new Error('nobody takes the event');
        },
      }),
    async day() {
      await performances.create(stored('2026-11-21', scale(10_000)));
      await publish('2026-11-21', ports);
    },
  };
}

test('sound is asked for where a day lacks it, and only there: an hour with nothing to do wakes nobody', async () => {
  const s = station();
  await s.ask();
  expect(s.asked()).toBe(0);
  await s.day();
  await s.ask();
  expect(s.asked()).toBe(1);
  const renderer = async () => ({ mp3: new Uint8Array(10), durationMs: 1_000 });
  await publishNextSound({ ...s.ports, renderer });
  await s.ask();
  expect(s.asked()).toBe(1);
});

test('whoever cannot be asked, or is not there, keeps nobody from going on; an operator is told', async () => {
  const s = station();
  await s.day();
  await askForSound(s.ports);
  expect(s.logged).toEqual([]);
  await s.ask(true);
  expect(s.logged).toEqual(['sound.not_asked_for']);
});
