import {
  ConditionalCheckFailedException,
  GetItemCommand,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { Division, Divisions } from '../../ports.ts';
import type { BroadcastTable } from './dynamodb-broadcasts.ts';

/** Beside the broadcasts, in a partition of their own; without a start, so that no index lists them. */
const STATION = 'divisions';
/** Rows are of no use once the broadcast is over; DynamoDB may delete them then. Seconds. */
const KEEP_S = 86_400;

/**
 * Divisions, one row a broadcast. Helpers stand in it by `name_3` and `until_3`, so that each writes its own part of the
 * row; a name of an earlier epoch counts for nothing, as `epoch_3` tells.
 */
export function dynamoDivisions({
  client,
  table,
  now: wallClock,
}: BroadcastTable & { readonly now: () => number }): Divisions {
  const key = (id: string) => marshall({ station: STATION, id });

  const update = async (
    id: string,
    expressions: Pick<UpdateItemCommandInput, 'UpdateExpression' | 'ConditionExpression'>,
    values: Record<string, string | number>,
  ): Promise<Division | null> => {
    try {
      const { Attributes = {} } = await client.send(
        new UpdateItemCommand({
          TableName: table,
          Key: key(id),
          ...expressions,
          ExpressionAttributeValues: marshall(values),
          ReturnValues: 'ALL_NEW',
        }),
      );
      return divisionOf(unmarshall(Attributes));
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return null;
      throw error;
    }
  };

  return {
    async get(broadcast) {
      const { Item } = await client.send(
        new GetItemCommand({ TableName: table, Key: key(broadcast), ConsistentRead: true }),
      );
      return Item ? divisionOf(unmarshall(Item)) : null;
    },
    divide: ({ broadcast, epoch }, parts, here) =>
      update(
        broadcast,
        {
          UpdateExpression: 'SET epoch = :epoch, parts = :parts, here = :here, expiresAt = :expiresAt',
          ConditionExpression: 'attribute_not_exists(epoch) OR epoch <= :epoch',
        },
        {
          ':epoch': epoch,
          ':parts': parts,
          ':here': here,
          ':expiresAt': Math.floor(wallClock() / 1000) + KEEP_S,
        },
      ),
    attend: ({ name, broadcast, epoch, part }, now, until) =>
      update(
        broadcast,
        {
          UpdateExpression: `SET name_${part} = :name, until_${part} = :until, epoch_${part} = :epoch`,
          ConditionExpression: [
            'epoch = :epoch AND (',
            `attribute_not_exists(name_${part}) OR name_${part} = :name`,
            `OR until_${part} <= :now OR epoch_${part} < :epoch)`,
          ].join(' '),
        },
        { ':name': name, ':epoch': epoch, ':now': now, ':until': until },
      ),
  };
}

const divisionOf = (row: Record<string, number>): Division => {
  const { epoch = 0, parts = 1, here = 0 } = row;
  const attendedUntil = Array.from({ length: parts }, (_, part) =>
    row[`epoch_${part}`] === epoch ? (row[`until_${part}`] ?? 0) : 0,
  );
  return { epoch, parts, here, attendedUntil };
};
