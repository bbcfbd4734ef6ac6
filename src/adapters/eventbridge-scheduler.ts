import { createHash } from 'node:crypto';
import {
  ConflictException,
  CreateScheduleCommand,
  DeleteScheduleCommand,
  paginateListSchedules,
  ResourceNotFoundException,
  type SchedulerClient,
} from '@aws-sdk/client-scheduler';

export type SchedulerConfig = {
  readonly client: SchedulerClient;
  readonly group: string;
  /** The function to invoke, and the role that Scheduler takes to invoke it. */
  readonly targetArn: string;
  readonly roleArn: string;
  /** Where events end that could not be delivered. */
  readonly deadLetterArn: string;
};

/** Why a broadcaster is woken: to open the doors, or to look whether one is at work. */
export type WakeReason = 'doors' | 'check';

/** One-time timers of broadcasts, named after them: arming twice is arming once. */
export type BroadcastTimers = {
  arm(broadcastId: string, reason: WakeReason, instant: number): Promise<'armed' | 'exists'>;
  disarm(broadcastId: string): Promise<void>;
  /** Names of all that are armed, in no order. */
  armed(): Promise<readonly string[]>;
};

/**
 * An event that Lambda does not take within this time is dropped into the dead-letter queue: by then the check
 * has fired, or the moment has passed. Scheduler invokes asynchronously: Lambda's own retries after a crash are
 * set by the function's EventInvokeConfig, and are not cut short by this. Seconds; Scheduler's least is 60.
 */
const LATEST_DELIVERY_S = 300;
const DELIVERY_ATTEMPTS = 5;

export function schedulerTimers({ client, group, ...target }: SchedulerConfig): BroadcastTimers {
  return {
    async arm(broadcastId, reason, instant) {
      try {
        await client.send(
          new CreateScheduleCommand({
            GroupName: group,
            Name: scheduleName(broadcastId, reason),
            Description: `${reason} of ${broadcastId}`,
            // To the second, in UTC: the zone's clock changes are worked out before, by us.
            ScheduleExpression: `at(${new Date(instant).toISOString().slice(0, 19)})`,
            ScheduleExpressionTimezone: 'UTC',
            FlexibleTimeWindow: { Mode: 'OFF' },
            ActionAfterCompletion: 'DELETE',
            Target: {
              Arn: target.targetArn,
              RoleArn: target.roleArn,
              Input: JSON.stringify({ broadcast: broadcastId, reason }),
              DeadLetterConfig: { Arn: target.deadLetterArn },
              RetryPolicy: {
                MaximumEventAgeInSeconds: LATEST_DELIVERY_S,
                MaximumRetryAttempts: DELIVERY_ATTEMPTS,
              },
            },
          }),
        );
        return 'armed';
      } catch (error) {
        if (error instanceof ConflictException) return 'exists';
        throw new Error(`the timer of ${broadcastId} could not be armed`, { cause: error });
      }
    },
    async disarm(broadcastId) {
      for (const reason of ['doors', 'check'] as const) {
        const Name = scheduleName(broadcastId, reason);
        await client.send(new DeleteScheduleCommand({ GroupName: group, Name })).catch((error: unknown) => {
          if (!(error instanceof ResourceNotFoundException)) throw error;
        });
      }
    },
    async armed() {
      const names: string[] = [];
      for await (const page of paginateListSchedules({ client }, { GroupName: group })) {
        for (const { Name } of page.Schedules ?? []) if (Name) names.push(Name);
      }
      return names;
    },
  };
}

/** A name of at most 64 characters of [0-9A-Za-z-_.]; a digest keeps names apart that look alike then. */
export function scheduleName(broadcastId: string, reason: WakeReason): string {
  const digest = createHash('sha256').update(broadcastId).digest('hex').slice(0, 12);
  const readable = broadcastId.replace(/[^0-9A-Za-z._-]/g, '-').slice(0, 44);
  return `${readable}-${digest}-${reason}`;
}
