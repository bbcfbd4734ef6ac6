import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  paginateQuery,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { Punches } from '../../ports.ts';
import { MARK_MS } from '../punch-marks.ts';

/** A partition of its own beside the broadcasts; the role of `message` may write to this one alone. */
const STATION = 'punches';
/** Beside the shards of listeners, and of those who misbehave (-1): nobody is posted to for it. */
const SHARD = -2;

export type PunchTables = {
  readonly client: DynamoDBClient;
  /** Of broadcasts: a row a day, with the number alone. */
  readonly table: string;
  /** Of connections: which of them have punched, until they are over. */
  readonly marksTable: string;
  readonly now: () => number;
};

/**
 * A mark, then an atomic ADD, each under a condition. Not one transaction: of a hundred that punch one row at once it would
 * cancel most. Who dies between the two has lost a hole, and nobody has two.
 */
export function dynamoPunches({ client, table, marksTable, now }: PunchTables): Punches {
  const key = (performance: string) => marshall({ station: STATION, id: performance });
  const holesOf = async (performance: string): Promise<number> => {
    const { Item } = await client.send(
      new GetItemCommand({ TableName: table, Key: key(performance), ConsistentRead: true }),
    );
    return Item ? (unmarshall(Item).holes as number) : 0;
  };
  /** Whether its condition held. */
  const update = async (command: UpdateItemCommand) => {
    try {
      return await client.send(command);
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return null;
      throw error;
    }
  };
  return {
    async punch(connectionId, performance, most) {
      const marked = await update(
        new UpdateItemCommand({
          TableName: marksTable,
          Key: marshall({ shard: SHARD, connectionId: `${performance} ${connectionId}` }),
          UpdateExpression: 'SET expiresAt = :expiresAt',
          ConditionExpression: 'attribute_not_exists(connectionId)',
          ExpressionAttributeValues: marshall({ ':expiresAt': Math.ceil((now() + MARK_MS) / 1000) }),
        }),
      );
      if (!marked) return { outcome: 'again', holes: await holesOf(performance) };
      const added = await update(
        new UpdateItemCommand({
          TableName: table,
          Key: key(performance),
          UpdateExpression: 'ADD holes :one',
          ConditionExpression: 'attribute_not_exists(holes) OR holes < :most',
          ExpressionAttributeValues: marshall({ ':one': 1, ':most': most }),
          ReturnValues: 'UPDATED_NEW',
        }),
      );
      if (!added) return { outcome: 'full', holes: await holesOf(performance) };
      return { outcome: 'punched', holes: unmarshall(added.Attributes ?? {}).holes as number };
    },
    async all() {
      const counts = new Map<string, number>();
      const pages = paginateQuery(
        { client },
        {
          TableName: table,
          KeyConditionExpression: 'station = :station',
          ExpressionAttributeValues: marshall({ ':station': STATION }),
        },
      );
      for await (const { Items = [] } of pages) {
        for (const item of Items) {
          const { id, holes } = unmarshall(item) as { id: string; holes: number };
          counts.set(id, holes);
        }
      }
      return counts;
    },
  };
}
