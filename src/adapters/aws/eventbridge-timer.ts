import { hash } from 'node:crypto';
import {
  ConflictException,
  CreateScheduleCommand,
  DeleteScheduleCommand,
  paginateListSchedules,
  ResourceNotFoundException,
  type SchedulerClient,
} from '@aws-sdk/client-scheduler';
import type { Clock, Timer, WakeReason } from '../../ports.ts';

export type SchedulerConfig = {
  readonly client: SchedulerClient;
  readonly group: string;
  /** The function to invoke, and the role that Scheduler takes to invoke it. */
  readonly targetArn: string;
  readonly roleArn: string;
  /** Where events end that could not be delivered. */
  readonly deadLetterArn: string;
  /** Fires at once, where an instant is too near for Scheduler, which is precise to a minute. */
  readonly fire: (broadcastId: string, reason: WakeReason) => Promise<void>;
  readonly clock: Pick<Clock, 'now'>;
};

/**
 * An event that Lambda does not take within this time is dropped into the dead-letter queue: by then the check
 * has fired, or the moment has passed. Scheduler invokes asynchronously: Lambda's own retries after a crash are
 * set by the function's EventInvokeConfig, and are not cut short by this. Seconds; Scheduler's least is 60.
 */
const LATEST_DELIVERY_S = 300;
const DELIVERY_ATTEMPTS = 5;
/** Scheduler is precise to a minute: what is nearer, it might miss. */
const TOO_NEAR_MS = 60_000;

/** One-time schedules named after their broadcasts: arming twice is arming once. */
export function schedulerTimer({ client, group, fire, clock, ...target }: SchedulerConfig): Timer {
  return {
    async arm(broadcastId, reason, instant) {
      const nearest = clock.now() + TOO_NEAR_MS;
      if (instant < nearest && reason === 'doors') {
        await fire(broadcastId, reason);
        return 'armed';
      }
      try {
        await client.send(
          new CreateScheduleCommand({
            GroupName: group,
            Name: scheduleName(broadcastId, reason),
            Description: `${reason} of ${broadcastId}`,
            // To the second, in UTC: the zone's clock changes are worked out before, by us.
            ScheduleExpression: `at(${new Date(Math.max(instant, nearest)).toISOString().slice(0, 19)})`,
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
  const digest = hash('sha256', broadcastId).slice(0, 12);
  const readable = broadcastId.replace(/[^0-9A-Za-z._-]/g, '-').slice(0, 44);
  return `${readable}-${digest}-${reason}`;
}
