import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { scheduleName, schedulerTimer } from '../../../src/adapters/aws/eventbridge-timer.ts';
import type { Timer } from '../../../src/ports.ts';
import { timerContract } from '../../contracts/timer.ts';
import { fakeClient } from '../../fakes/http.ts';
import { type FakeScheduler, fakeScheduler } from '../../fakes/scheduler.ts';

const AT = Date.UTC(2026, 10, 21, 18, 55, 0, 400);
let scheduler: FakeScheduler;
let client: SchedulerClient;
let timers: Timer;
let fired: string[];
beforeEach(async () => {
  fired = [];
  scheduler = await fakeScheduler();
  client = new SchedulerClient(fakeClient(scheduler.endpoint));
  timers = schedulerTimer({
    client,
    group: 'pianola',
    targetArn: 'arn:aws:lambda:eu-central-1:1:function:broadcast',
    roleArn: 'arn:aws:iam::1:role/timer',
    deadLetterArn: 'arn:aws:sqs:eu-central-1:1:dead',
    fire: async (id, reason) => void fired.push(`${id} ${reason}`),
    clock: { now: () => AT - 3_600_000 },
  });
});
afterEach(async () => {
  client.destroy();
  await scheduler.close();
});

/** As EventBridge Scheduler does: fires what is due, and deletes what was to be deleted then. */
timerContract('EventBridge Scheduler', async () => {
  const server = await fakeScheduler();
  const itsClient = new SchedulerClient(fakeClient(server.endpoint));
  const has: string[] = [];
  let now = Date.UTC(2026, 10, 21, 12);
  const timer = schedulerTimer({
    client: itsClient,
    group: 'pianola',
    targetArn: 'arn:aws:lambda:eu-central-1:1:function:broadcast',
    roleArn: 'arn:aws:iam::1:role/timer',
    deadLetterArn: 'arn:aws:sqs:eu-central-1:1:dead',
    fire: async (id, reason) => void has.push(`${id} ${reason}`),
    clock: { now: () => now },
  });
  return {
    timer,
    now: () => now,
    fired: has,
    async elapse(ms) {
      now += ms;
      const due = [...server.schedules]
        .map(([name, schedule]) => ({
          name,
          schedule,
          at: Date.parse(`${schedule.ScheduleExpression.slice(3, -1)}Z`),
        }))
        .filter(({ at }) => at <= now)
        .sort((a, b) => a.at - b.at);
      for (const { name, schedule } of due) {
        const { broadcast, reason } = JSON.parse(schedule.Target.Input);
        has.push(`${broadcast} ${reason}`);
        if (schedule.ActionAfterCompletion === 'DELETE') server.schedules.delete(name);
      }
    },
    async close() {
      itsClient.destroy();
      await server.close();
    },
  };
});

test('arms a timer that fires once, to the second, in UTC, and removes itself', async () => {
  expect(await timers.arm('daily@2026-11-21T19:00:00.000Z', 'doors', AT)).toBe('armed');
  const [schedule] = scheduler.schedules.values();
  expect(schedule).toMatchObject({
    ScheduleExpression: 'at(2026-11-21T18:55:00)',
    ScheduleExpressionTimezone: 'UTC',
    ActionAfterCompletion: 'DELETE',
    Target: { Arn: 'arn:aws:lambda:eu-central-1:1:function:broadcast', RoleArn: 'arn:aws:iam::1:role/timer' },
  });
  expect(JSON.parse(schedule!.Target.Input)).toEqual({
    broadcast: 'daily@2026-11-21T19:00:00.000Z',
    reason: 'doors',
  });
});

test('arming twice is arming once; disarming what is not there is no fault', async () => {
  await timers.arm('a', 'doors', AT);
  expect(await timers.arm('a', 'doors', AT)).toBe('exists');
  expect(await timers.arm('a', 'check', AT)).toBe('armed');
  expect(await timers.arm('b', 'doors', AT)).toBe('armed');
  expect(await timers.armed()).toHaveLength(3);
  await timers.disarm('a');
  await timers.disarm('a');
  expect(await timers.armed()).toEqual([scheduleName('b', 'doors')]);
});

test('a check that is nearer than Scheduler can be trusted with is put off to a minute from now', async () => {
  await timers.arm('a', 'check', AT - 3_600_000 + 5_000);
  const [schedule] = scheduler.schedules.values();
  expect(schedule?.ScheduleExpression).toBe('at(2026-11-21T17:56:00)');
});

test('names of any broadcast are allowed and kept apart', () => {
  const ids = ['daily@2026-11-21T19:00:00.000Z', `${'x'.repeat(80)}1`, `${'x'.repeat(80)}2`, 'ü/1', 'ü-1'];
  const names = ids.flatMap((id) => [scheduleName(id, 'doors'), scheduleName(id, 'check')]);
  for (const name of names) expect(name).toMatch(/^[0-9a-zA-Z\-_.]{1,64}$/);
  expect(new Set(names).size).toBe(names.length);
});

test('what is nearer than a minute, or past, is fired at once', async () => {
  await timers.arm('a', 'doors', AT - 3_600_000 + 59_000);
  await timers.arm('b', 'doors', 0);
  expect(fired).toEqual(['a doors', 'b doors']);
  expect(await timers.armed()).toEqual([]);
});
