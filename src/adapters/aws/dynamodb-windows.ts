import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  paginateQuery,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { StoredWindow, Windows } from '../../ports.ts';
import { parseWindow } from '../../schedule/window.ts';

/** Partition key `station` (S), sort key `id` (S). */
export type WindowTable = { readonly client: DynamoDBClient; readonly table: string };

const STATION = 'station';

/** Windows, one a row; the version is the condition of every change, so of racing operators one wins. */
export function dynamoWindows({ client, table }: WindowTable): Windows {
  const key = (id: string) => ({ station: STATION, id });
  const get = async (id: string): Promise<StoredWindow | null> => {
    const { Item } = await client.send(
      new GetItemCommand({ TableName: table, Key: marshall(key(id)), ConsistentRead: true }),
    );
    return Item ? storedWindow(unmarshall(Item)) : null;
  };
  /** The condition under which a version may be changed. */
  const unchanged = (expected: number) =>
    expected === 0
      ? { ConditionExpression: 'attribute_not_exists(id)' }
      : {
          ConditionExpression: '#version = :expected',
          ExpressionAttributeNames: { '#version': 'version' },
          ExpressionAttributeValues: marshall({ ':expected': expected }),
        };
  const orConflict = async <T>(id: string, change: Promise<T>) => {
    try {
      return await change;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return { conflict: await get(id) };
      throw error;
    }
  };
  return {
    async list() {
      const windows: StoredWindow[] = [];
      const pages = paginateQuery(
        { client },
        {
          TableName: table,
          KeyConditionExpression: 'station = :station',
          ExpressionAttributeValues: marshall({ ':station': STATION }),
          ConsistentRead: true,
        },
      );
      for await (const { Items = [] } of pages) {
        for (const item of Items) windows.push(storedWindow(unmarshall(item)));
      }
      return windows;
    },
    get,
    put(window, expected) {
      const stored = { version: expected + 1, window };
      const Item = marshall({ ...key(window.id), ...stored });
      const put = client.send(new PutItemCommand({ TableName: table, Item, ...unchanged(expected) }));
      return orConflict(
        window.id,
        put.then(() => stored),
      );
    },
    remove(id, expected) {
      // Version 0 would be "remove what is not there", which there is no need to ask for.
      if (expected === 0) return get(id).then((conflict) => ({ conflict }));
      const Key = marshall(key(id));
      const gone = client.send(new DeleteItemCommand({ TableName: table, Key, ...unchanged(expected) }));
      return orConflict(
        id,
        gone.then(() => 'removed' as const),
      );
    },
  };
}

function storedWindow({ id, version, window }: Record<string, unknown>): StoredWindow {
  const parsed = parseWindow(window);
  if ('problem' in parsed) throw new Error(`window ${String(id)} cannot be used: ${parsed.problem}`);
  return { version: Number(version), window: parsed };
}
