import { type DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { Clock, Manners } from '../../ports.ts';
import { verdict } from '../bad-messages.ts';

const KEEP_S = 3_600;
/** Beside the shards of listeners, so that nobody who only misbehaves is posted to. */
const SHARD = -1;

/** Manners of connections, whichever instances of a function they met: times are kept in the connections' table. */
export function dynamoManners(client: DynamoDBClient, table: string, clock: Pick<Clock, 'now'>): Manners {
  return async (connectionId) => {
    const now = clock.now();
    const { Attributes } = await client.send(
      new UpdateItemCommand({
        TableName: table,
        Key: marshall({ shard: SHARD, connectionId }),
        UpdateExpression:
          'SET badAt = list_append(if_not_exists(badAt, :none), :now), expiresAt = :expiresAt',
        ExpressionAttributeValues: marshall({
          ':none': [],
          ':now': [now],
          ':expiresAt': Math.floor(now / 1000) + KEEP_S,
        }),
        ReturnValues: 'UPDATED_NEW',
      }),
    );
    const { badAt } = unmarshall(Attributes ?? {}) as { badAt: number[] };
    return verdict(badAt, now);
  };
}
