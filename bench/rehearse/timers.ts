/** EventBridge Scheduler: one-time schedules fire at their instants, a recurring one when it is told to; each by the role that it was lent. */
import type { FakeSchedule, FakeScheduler } from '../../tests/fakes/scheduler.ts';
import type { Functions } from './lambda.ts';
import type { Ledger } from './ledger.ts';
import type { Queues } from './queues.ts';
import type { Stack } from './template.ts';

export type Timers = {
  /** Fires a recurring schedule of the template now. @param id logical id */
  fire(id: string): void;
  /** One-time schedules that have fired, by name. */
  readonly fired: readonly string[];
  close(): void;
};
type Target = {
  readonly Arn: string;
  readonly RoleArn: string;
  readonly Input?: string;
  readonly DeadLetterConfig?: { readonly Arn: string };
};

const LOOK_MS = 100;
const SERVICE = 'scheduler.amazonaws.com';

export function timers(
  stack: Stack,
  book: Ledger,
  {
    scheduler,
    functions,
    queues,
  }: { readonly scheduler: FakeScheduler; readonly functions: Functions; readonly queues: Queues },
): Timers {
  const fired: string[] = [];
  const [group] = stack.ofType('AWS::Scheduler::ScheduleGroup');

  function deliver({ Arn, RoleArn, Input = '{}', DeadLetterConfig }: Target): void {
    const role = stack.ofType('AWS::IAM::Role').find(({ id }) => stack.attribute(id, 'Arn') === RoleArn);
    if (!role) throw new Error(`a schedule is to act as ${RoleArn}, which is no role of the stack`);
    const context = {
      'aws:SourceAccount': stack.place.account,
      'aws:SourceArn': stack.attribute(group!.id, 'Arn'),
    };
    const refused =
      book.ask(SERVICE, { action: 'sts:AssumeRole', resource: RoleArn, context }) ??
      book.ask(role.id, { action: 'lambda:InvokeFunction', resource: Arn, context: {} });
    if (!refused) functions.invokeLater(Arn, JSON.parse(Input));
    else if (DeadLetterConfig) queues.send(role.id, DeadLetterConfig.Arn, Input);
  }

  const ticking = setInterval(() => {
    for (const [name, schedule] of scheduler.schedules) {
      const at = /^at\((.+)\)$/.exec(schedule.ScheduleExpression)?.[1];
      if (at === undefined || Date.parse(`${at}Z`) > Date.now()) continue;
      fired.push(name);
      if (group) book.touch(group.id);
      scheduler.schedules.delete(name);
      deliver((schedule as FakeSchedule).Target as Target);
    }
  }, LOOK_MS);

  return {
    fired,
    fire(id) {
      const { properties } = stack.get(id);
      book.touch(id);
      deliver(properties.Target);
    },
    close: () => clearInterval(ticking),
  };
}
