import {
  DeleteItemCommand,
  type DynamoDBClient,
  PutItemCommand,
  paginateQuery,
  type QueryCommandInput,
} from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { Clock, Connections } from '../../ports.ts';
import { shardOf } from '../shard.ts';

export type ConnectionTable = {
  readonly client: DynamoDBClient;
  /** Partition key `shard` (N), sort key `connectionId` (S), TTL `expiresAt`. */
  readonly table: string;
  /**
   * Connections are spread by hash over this many partitions, a power of two: one partition takes 1,000 writes a second
   * (DynamoDB developer guide, "Partitions"), and the gateway admits 500 new connections a second. So it is not writing
   * that needs many, but reading in parts: there can be no more parts than these.
   */
  readonly shards: number;
  readonly clock: Pick<Clock, 'now'>;
};

/** API Gateway ends a connection after two hours (quota "Connection duration for WebSocket API"). */
const LONGEST_MS = 2 * 3_600_000;

/**
 * Who listens. DynamoDB deletes expired rows late, by days at worst, so reading filters them itself. Reading is
 * eventually consistent: a joiner is served by its own answer, and needs the next post only 15 s later.
 */
export function dynamoConnections({ client, table, shards, clock }: ConnectionTable): Connections {
  const key = (id: string) => ({ shard: shardOf(id, shards), connectionId: id });
  const all = Array.from({ length: shards }, (_, shard) => shard);

  /** The pages of one shard's rows that have not expired. */
  const pagesOf = (shard: number, what: Pick<QueryCommandInput, 'Select' | 'ProjectionExpression'>) =>
    paginateQuery(
      { client },
      {
        ...what,
        TableName: table,
        KeyConditionExpression: '#shard = :shard',
        FilterExpression: 'expiresAt > :now',
        // A reserved word of DynamoDB.
        ExpressionAttributeNames: { '#shard': 'shard' },
        ExpressionAttributeValues: marshall({ ':shard': shard, ':now': Math.floor(clock.now() / 1000) }),
      },
    );
  async function idsOf(shard: number): Promise<string[]> {
    const ids: string[] = [];
    for await (const { Items = [] } of pagesOf(shard, { ProjectionExpression: 'connectionId' })) {
      for (const { connectionId } of Items) if (connectionId?.S) ids.push(connectionId.S);
    }
    return ids;
  }
  async function countOf(shard: number): Promise<number> {
    let count = 0;
    for await (const { Count = 0 } of pagesOf(shard, { Select: 'COUNT' })) count += Count;
    return count;
  }

  return {
    async add(id) {
      const expiresAt = Math.floor((clock.now() + LONGEST_MS) / 1000);
      await client.send(new PutItemCommand({ TableName: table, Item: marshall({ ...key(id), expiresAt }) }));
    },
    async remove(id) {
      await client.send(new DeleteItemCommand({ TableName: table, Key: marshall(key(id)) }));
    },
    async list({ index, of } = { index: 0, of: 1 }) {
      if (of > shards) throw new RangeError(`${of} parts of ${shards} shards`);
      // All partitions at once: each is a round trip of its own.
      return (await Promise.all(all.filter((shard) => shard % of === index).map(idsOf))).flat();
    },
    async count() {
      return (await Promise.all(all.map(countOf))).reduce((a, b) => a + b);
    },
  };
}
