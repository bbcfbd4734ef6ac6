import { createHash } from 'node:crypto';
import {
  DeleteItemCommand,
  type DynamoDBClient,
  PutItemCommand,
  paginateQuery,
} from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { Clock, Connections } from '../ports.ts';

export type ConnectionTable = {
  readonly client: DynamoDBClient;
  /** Partition key `shard` (N), sort key `connectionId` (S), TTL `expiresAt`. */
  readonly table: string;
  /**
   * Connections are spread by hash over this many partitions: one partition takes 1,000 writes a second
   * (DynamoDB developer guide, "Partitions"), and the gateway admits 500 new connections a second.
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
  const shardOf = (id: string): number => createHash('sha256').update(id).digest().readUInt32BE(0) % shards;
  const key = (id: string) => ({ shard: shardOf(id), connectionId: id });

  async function idsOf(shard: number): Promise<string[]> {
    const ids: string[] = [];
    const pages = paginateQuery(
      { client },
      {
        TableName: table,
        KeyConditionExpression: '#shard = :shard',
        FilterExpression: 'expiresAt > :now',
        ProjectionExpression: 'connectionId',
        // A reserved word of DynamoDB.
        ExpressionAttributeNames: { '#shard': 'shard' },
        ExpressionAttributeValues: marshall({ ':shard': shard, ':now': Math.floor(clock.now() / 1000) }),
      },
    );
    for await (const { Items = [] } of pages) {
      for (const { connectionId } of Items) if (connectionId?.S) ids.push(connectionId.S);
    }
    return ids;
  }

  return {
    async add(id) {
      const expiresAt = Math.floor((clock.now() + LONGEST_MS) / 1000);
      await client.send(new PutItemCommand({ TableName: table, Item: marshall({ ...key(id), expiresAt }) }));
    },
    async remove(id) {
      await client.send(new DeleteItemCommand({ TableName: table, Key: marshall(key(id)) }));
    },
    async *list() {
      // All partitions at once: each is a round trip of its own.
      const lists = await Promise.all(Array.from({ length: shards }, (_, shard) => idsOf(shard)));
      for (const ids of lists) yield* ids;
    },
  };
}
