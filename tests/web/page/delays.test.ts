import { expect, test } from '@jest/globals';
import { delays, delayText, LOUDSPEAKERS } from '../../../web/page/delays.ts';

/** A browser's storage. */
function storageOf(start: Record<string, string> = {}) {
  const kept = new Map(Object.entries(start));
  return {
    kept,
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  };
}

test('a delay is remembered by device, and the next page finds it', () => {
  const storage = storageOf();
  const first = delays(storage);
  first.set(LOUDSPEAKERS, 180);
  first.set('Stage piano', 25);
  const next = delays(storage);
  expect([next.of(LOUDSPEAKERS), next.of('Stage piano'), next.of('Another')]).toEqual([180, 25, 0]);
});

test('what is stored is kept between 0 and half a second, and what is none of ours is nothing', () => {
  const storage = storageOf();
  const kept = delays(storage);
  for (const [ms, expected] of [
    [-5, 0],
    [501, 500],
    [12.4, 12],
    [Number.NaN, 0],
  ] as const) {
    kept.set(LOUDSPEAKERS, ms);
    expect(delays(storage).of(LOUDSPEAKERS)).toBe(expected);
  }
  for (const text of ['{', '7', 'null', '[1,["x"],["",9000]]'])
    expect([0, 500]).toContain(delays(storageOf({ 'pianola.delays': text })).of(LOUDSPEAKERS));
});

test('the sixteen devices that were set last are kept, and no more', () => {
  const storage = storageOf();
  const kept = delays(storage);
  for (let i = 0; i < 20; i++) kept.set(`device ${i}`, i + 1);
  expect([kept.of('device 3'), kept.of('device 4'), kept.of('device 19')]).toEqual([0, 5, 20]);
});

test('where storage is refused the delay lasts as long as the page', () => {
  const refuse = () => {
    throw new Error('denied');
  };
  const kept = delays({ getItem: refuse, setItem: refuse });
  kept.set(LOUDSPEAKERS, 90);
  expect(kept.of(LOUDSPEAKERS)).toBe(90);
});

test('what the device says of itself is told', () => {
  expect(delayText(31.6)).toMatch(/^This device says that its sound takes 32 ms: that is counted in\./);
  expect(delayText(null)).toMatch(/^This browser does not say/);
});
