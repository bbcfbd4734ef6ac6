import { type FakeServer, serveFake } from './http.ts';

export type FakeSchedule = {
  readonly ScheduleExpression: string;
  readonly ActionAfterCompletion?: string;
  readonly State?: string;
  readonly Target: { readonly Arn: string; readonly RoleArn: string; readonly Input: string };
};
export type FakeScheduler = FakeServer & { readonly schedules: Map<string, FakeSchedule> };

const NAME = /^[0-9a-zA-Z\-_.]{1,64}$/;
const AT = /^at\(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\)$/;
const PAGE = 2;

/** What we use of EventBridge Scheduler: schedules by name, in one group; what is made is one-time, what is changed may be any. */
export async function fakeScheduler(): Promise<FakeScheduler> {
  const schedules = new Map<string, FakeSchedule>();
  const server = await serveFake((request, response) => {
    const answer = (status: number, body: unknown, type = '') =>
      response
        .writeHead(status, {
          'content-type': 'application/json',
          ...(type ? { 'x-amzn-errortype': type } : {}),
        })
        .end(JSON.stringify(body));
    const name = decodeURIComponent(request.path.replace(/^\/schedules\/?/, ''));
    if (request.method === 'GET' && name === '') {
      const names = [...schedules.keys()].sort().filter((n) => n > (request.query.get('NextToken') ?? ''));
      const page = names.slice(0, PAGE);
      const NextToken = names.length > PAGE ? page.at(-1) : undefined;
      return void answer(200, { Schedules: page.map((Name) => ({ Name })), NextToken });
    }
    if (request.method === 'DELETE') {
      if (!schedules.delete(name)) return void answer(404, { Message: 'none' }, 'ResourceNotFoundException');
      return void answer(200, {});
    }
    if (request.method === 'GET') {
      const found = schedules.get(name);
      if (!found) return void answer(404, { Message: 'none' }, 'ResourceNotFoundException');
      return void answer(200, { State: 'ENABLED', ...found, Name: name });
    }
    const schedule = JSON.parse(request.body.toString());
    if (request.method === 'PUT') {
      if (!schedules.has(name)) return void answer(404, { Message: 'none' }, 'ResourceNotFoundException');
      const whole = schedule.ScheduleExpression && schedule.FlexibleTimeWindow?.Mode && schedule.Target?.Arn;
      if (!whole) return void answer(400, { Message: 'invalid' }, 'ValidationException');
      // What is not said is set back.
      schedules.set(name, schedule);
      return void answer(200, { ScheduleArn: `arn:aws:scheduler:::schedule/group/${name}` });
    }
    if (!NAME.test(name) || !AT.test(schedule.ScheduleExpression) || !schedule.FlexibleTimeWindow?.Mode) {
      return void answer(400, { Message: 'invalid' }, 'ValidationException');
    }
    const age = schedule.Target?.RetryPolicy?.MaximumEventAgeInSeconds ?? 60;
    if (age < 60 || age > 86_400) return void answer(400, { Message: 'invalid age' }, 'ValidationException');
    if (schedules.has(name)) return void answer(409, { Message: 'exists' }, 'ConflictException');
    schedules.set(name, schedule);
    answer(200, { ScheduleArn: `arn:aws:scheduler:::schedule/group/${name}` });
  });
  return { ...server, schedules };
}
