/** What a stage does by itself is ended before it is taken down: whatever it published then would be in the way. */
import { DynamoDBClient, ResourceNotFoundException as NoTable } from '@aws-sdk/client-dynamodb';
import {
  DeleteScheduleCommand,
  GetScheduleCommand,
  ResourceNotFoundException as NoSchedule,
  paginateListSchedules,
  SchedulerClient,
  UpdateScheduleCommand,
} from '@aws-sdk/client-scheduler';
import { dynamoBroadcasts } from '../src/adapters/aws/dynamodb-broadcasts.ts';

/**
 * The broadcast that is on the air, doors included; null: none, or the table is gone already. One whose broadcaster has been dead for longer than
 * its lease is none.
 */
export async function onTheAir(region: string, table: string, now: number): Promise<string | null> {
  const client = new DynamoDBClient({ region });
  const broadcasts = dynamoBroadcasts({ client, table });
  try {
    const current = await broadcasts.current();
    if (!current || (current.state !== 'live' && current.state !== 'doors')) return null;
    return (await broadcasts.leaseUntil(current.id)) > now ? current.id : null;
  } catch (error) {
    if (error instanceof NoTable) return null;
    throw new Error(`whether anything is on the air cannot be read from ${table}`, { cause: error });
  } finally {
    client.destroy();
  }
}

/**
 * Disables the stack's own hourly schedule, which CloudFormation deletes, and deletes the timers of coming broadcasts. Done already, it does nothing.
 * @returns how many there were of each now
 */
export async function quiet(region: string, group: string): Promise<{ disabled: number; deleted: number }> {
  const client = new SchedulerClient({ region });
  const hourly = `${group}-compose`;
  let [disabled, deleted] = [0, 0];
  try {
    const names: string[] = [];
    for await (const { Schedules = [] } of paginateListSchedules({ client }, { GroupName: group }))
      for (const { Name } of Schedules) if (Name) names.push(Name);
    for (const Name of names) {
      if (Name !== hourly) {
        const gone = await client.send(new DeleteScheduleCommand({ GroupName: group, Name })).catch(whenGone);
        if (gone) deleted++;
        continue;
      }
      const found = await client.send(new GetScheduleCommand({ GroupName: group, Name }));
      if (found.State === 'DISABLED') continue;
      // All of it is said again: what is left out, Scheduler sets back.
      const { $metadata, Arn, CreationDate, LastModificationDate, ...schedule } = found;
      const { ScheduleExpression, FlexibleTimeWindow, Target } = schedule;
      await client.send(
        new UpdateScheduleCommand({
          ...schedule,
          ...{ Name, GroupName: group, ScheduleExpression, FlexibleTimeWindow, Target },
          State: 'DISABLED',
        }),
      );
      disabled++;
    }
  } catch (error) {
    // The group has gone, and all that was in it.
    if (!(error instanceof NoSchedule)) throw new Error(`the timers of ${group} stay`, { cause: error });
  } finally {
    client.destroy();
  }
  return { disabled, deleted };
}

/** A timer that was listed may have fired meanwhile, and is gone. */
function whenGone(error: unknown): null {
  if (error instanceof NoSchedule) return null;
  throw error;
}
