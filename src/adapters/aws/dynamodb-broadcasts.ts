import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { Broadcast, BroadcastChange, Broadcasts, Lease } from '../../ports.ts';
import { UNPLAYED } from '../unplayed.ts';

/** Rows of one table, all under one partition: a station has a few thousand at most. */
export type BroadcastTable = {
  readonly client: DynamoDBClient;
  /**
   * Partition key `station` (S), sort key `id` (S), local index `byStart` on `startsAt` (N), TTL `expiresAt`.
   * The index is a local one, so that it can be read consistently.
   */
  readonly table: string;
};

const STATION = 'station';
/** Rows are deleted by DynamoDB this long after T0; the archive itself is elsewhere. Seconds. */
const KEEP_S = 400 * 86_400;
/** Newest rows among which the current broadcast is looked for: a row is written as doors open, so one or two. */
const RECENT = 10;

const NOT_OVER = '#state IN (:scheduled, :doors, :live)';
const NOT_OVER_VALUES = { ':scheduled': 'scheduled', ':doors': 'doors', ':live': 'live' };
const HELD = '#owner = :owner AND epoch = :epoch';

/**
 * Broadcasts and their leases. Every change is one conditional write, so of any number of racing broadcasters one
 * wins; an answer lost on the way back is harmless, because the owner recognises itself when the SDK tries again.
 */
export function dynamoBroadcasts({ client, table }: BroadcastTable): Broadcasts {
  const key = (id: string) => marshall({ station: STATION, id });

  const read = async (id: string): Promise<Row | null> => {
    const { Item } = await client.send(
      new GetItemCommand({ TableName: table, Key: key(id), ConsistentRead: true }),
    );
    return Item ? (unmarshall(Item) as Row) : null;
  };

  /** The row after the update; null where the condition does not hold. */
  const update = async (
    id: string,
    expression: string,
    condition: string,
    values: Record<string, unknown>,
  ): Promise<Row | null> => {
    const used = `${expression} ${condition}`;
    // By proxy, because many a good name (`state`, `owner`, `next`) is a reserved word of DynamoDB.
    const proxies = [...new Set(used.match(/#\w+/g))].map((proxy) => [proxy, proxy.slice(1)]);
    try {
      const { Attributes = {} } = await client.send(
        new UpdateItemCommand({
          TableName: table,
          Key: key(id),
          UpdateExpression: expression,
          ConditionExpression: condition,
          ...(proxies.length > 0 ? { ExpressionAttributeNames: Object.fromEntries(proxies) } : {}),
          ...(Object.keys(values).length > 0 ? { ExpressionAttributeValues: marshall(values) } : {}),
          ReturnValues: 'ALL_NEW',
        }),
      );
      return unmarshall(Attributes) as Row;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return null;
      throw error;
    }
  };

  const held = ({ owner, epoch }: Lease) => ({ ':owner': owner, ':epoch': epoch });

  return {
    async schedule({ id, startsAt, wanted, next }) {
      const row: Row = {
        ...{ station: STATION, id, startsAt, wanted, next },
        ...UNPLAYED,
        leaseUntil: 0,
        expiresAt: Math.floor(startsAt / 1000) + KEEP_S,
      };
      try {
        await client.send(
          new PutItemCommand({
            TableName: table,
            Item: marshall(row),
            ConditionExpression: 'attribute_not_exists(id)',
          }),
        );
        return 'created';
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return 'exists';
        throw error;
      }
    },

    async get(id) {
      const row = await read(id);
      return row && publicRow(row);
    },

    async current() {
      const { Items = [] } = await client.send(
        new QueryCommand({
          TableName: table,
          IndexName: 'byStart',
          KeyConditionExpression: 'station = :station',
          ExpressionAttributeValues: marshall({ ':station': STATION }),
          ScanIndexForward: false,
          Limit: RECENT,
          ConsistentRead: true,
        }),
      );
      const newestFirst = Items.map((item) => unmarshall(item) as Row);
      const playing = newestFirst.find(({ state }) => state === 'live' || state === 'doors');
      const current = playing ?? newestFirst.findLast(({ state }) => state === 'scheduled') ?? newestFirst[0];
      return current ? publicRow(current) : null;
    },

    async acquire(id, owner, now, until) {
      const mine = await update(id, 'SET leaseUntil = :until', '#owner = :owner', {
        ':owner': owner,
        ':until': until,
      });
      if (mine) return { broadcast: id, owner, epoch: mine.epoch };
      const taken = await update(
        id,
        'SET #owner = :owner, leaseUntil = :until, epoch = epoch + :one',
        'attribute_exists(id) AND (attribute_not_exists(#owner) OR leaseUntil <= :now)',
        { ':owner': owner, ':until': until, ':now': now, ':one': 1 },
      );
      if (taken) return { broadcast: id, owner, epoch: taken.epoch };
      const row = await read(id);
      if (!row) throw new Error(`no broadcast ${id}`);
      // The write went through, and only its answer was lost.
      if (row.owner === owner) return { broadcast: id, owner, epoch: row.epoch };
      return { heldUntil: row.leaseUntil };
    },

    async renew(lease, _now, until) {
      const values = { ...held(lease), ':until': until };
      return (await update(lease.broadcast, 'SET leaseUntil = :until', HELD, values)) !== null;
    },

    async change(lease, change) {
      const fields = Object.entries(change).filter(([, value]) => value !== undefined);
      if (fields.length === 0) throw new RangeError('a change must change something');
      const row = await update(
        lease.broadcast,
        `SET ${fields.map(([name]) => `#${name} = :new_${name}`).join(', ')}`,
        `${HELD} AND ${NOT_OVER}`,
        { ...held(lease), ...NOT_OVER_VALUES, ...newValues(fields) },
      );
      return row && publicRow(row);
    },

    async release(lease) {
      const values = { ...held(lease), ':none': 0 };
      await update(lease.broadcast, 'REMOVE #owner SET leaseUntil = :none', HELD, values);
    },

    async stop(id) {
      const values = { ...NOT_OVER_VALUES, ':stopped': 'stopped' };
      const condition = `attribute_exists(id) AND ${NOT_OVER}`;
      if (await update(id, 'SET #state = :stopped', condition, values)) return 'stopped';
      return (await read(id)) ? 'over' : 'unknown';
    },

    async leaseUntil(id) {
      return (await read(id))?.leaseUntil ?? 0;
    },
  };
}

type Row = Broadcast & {
  readonly station: string;
  readonly owner?: string;
  readonly leaseUntil: number;
  /** For DynamoDB's TTL, seconds. */
  readonly expiresAt: number;
};

type Later = 'title' | 'startLatenessMs' | 'heard' | 'fetchedFrom' | 'fetchedUntil';
const publicRow = ({
  station: _,
  owner: _owner,
  leaseUntil: _until,
  expiresAt: _at,
  // A row written before there were these has none.
  title = null,
  startLatenessMs = null,
  heard = null,
  fetchedFrom = null,
  fetchedUntil = null,
  ...row
}: Partial<Row> & Omit<Row, Later>): Broadcast => ({
  ...row,
  ...{ title, startLatenessMs, heard, fetchedFrom, fetchedUntil },
});

const newValues = (fields: readonly (readonly [string, BroadcastChange[keyof BroadcastChange]])[]) =>
  Object.fromEntries(fields.map(([name, value]) => [`:new_${name}`, value]));
