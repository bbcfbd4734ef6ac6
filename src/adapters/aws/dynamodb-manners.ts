import { type DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { Clock } from '../../ports.ts';

const LIMIT = 5;
const WINDOW_MS = 60_000;
const KEEP_S = 3_600;
/** Beside the shards of listeners, so that nobody who only misbehaves is posted to. */
const SHARD = -1;

/**
 * Five bad messages within a minute end a connection, whichever instances of a function they met: their times are
 * kept in the connections' table.
 */
export function dynamoMisbehaviour(
  client: DynamoDBClient,
  table: string,
  clock: Pick<Clock, 'now'>,
): (connectionId: string) => Promise<'bear' | 'close'> {
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
    return badAt.filter((at) => at > now - WINDOW_MS).length >= LIMIT ? 'close' : 'bear';
  };
}
