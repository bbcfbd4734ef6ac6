import { expect, test } from '@jest/globals';
import { composeOnStage } from '../../../src/cli/commands/compose-stage.ts';
import { fakeClock } from '../../support/fake-clock.ts';
import { scale, stored } from '../../support/music.ts';

const DAY = '2026-11-29';
const THERE = stored(DAY, scale(5_000));

/** A stage that stores the day so long after it was asked. */
function aStage(afterMs: number) {
  const clock = fakeClock();
  const asked: string[] = [];
  const waits: number[] = [];
  const ports = {
    clock,
    performances: {
      get: async () => (asked.length > 0 && clock.now() >= afterMs ? THERE : null),
    },
    ask: async (date: string) => void asked.push(date),
    onWait: (waitedMs: number) => void waits.push(waitedMs),
  };
  return { clock, asked, waits, ports };
}

test('a day that is not there is asked for once and waited for, looked at each five seconds', async () => {
  const { clock, asked, waits, ports } = aStage(12_000);
  const done = await clock.runUntil(composeOnStage(DAY, ports));
  expect(done).toEqual({ outcome: 'composed', performance: THERE });
  expect(asked).toEqual([DAY]);
  expect(waits).toEqual([0, 5_000, 10_000]);
});

test('a day that is there is not asked for', async () => {
  const { asked, ports } = aStage(0);
  const there = { ...ports, performances: { get: async () => THERE } };
  expect(await composeOnStage(DAY, there)).toEqual({ outcome: 'present', performance: THERE });
  expect(asked).toEqual([]);
});

test('a day that never comes is given up after twenty minutes, with where to look', async () => {
  const { clock, asked, ports } = aStage(Number.POSITIVE_INFINITY);
  const failed = clock.runUntil(composeOnStage(DAY, ports));
  await expect(failed).rejects.toThrow(/^2026-11-29 is not composed after 20:00; .*pianola logs --stage$/);
  expect([clock.now(), asked]).toEqual([20 * 60_000, [DAY]]);
});

test('a stage that cannot be asked is no day to wait for', async () => {
  const { clock, ports } = aStage(0);
  const refused = { ...ports, ask: () => Promise.reject(new Error('throttled')) };
  await expect(clock.runUntil(composeOnStage(DAY, refused))).rejects.toThrow('throttled');
  expect(clock.now()).toBe(0);
});
