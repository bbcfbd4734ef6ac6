import { DeleteItemCommand, PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { dynamoBroadcasts } from '../../../src/adapters/aws/dynamodb-broadcasts.ts';
import { dynamoConnections } from '../../../src/adapters/aws/dynamodb-connections.ts';
import { dynamoDivisions } from '../../../src/adapters/aws/dynamodb-divisions.ts';
import { dynamoManners } from '../../../src/adapters/aws/dynamodb-manners.ts';
import { dynamoPunches } from '../../../src/adapters/aws/dynamodb-punches.ts';
import { dynamoWindows } from '../../../src/adapters/aws/dynamodb-windows.ts';
import { broadcastsContract } from '../../contracts/broadcasts.ts';
import { connectionsContract } from '../../contracts/connections.ts';
import { divisionsContract } from '../../contracts/divisions.ts';
import { mannersContract } from '../../contracts/manners.ts';
import { punchesContract } from '../../contracts/punches.ts';
import { windowsContract } from '../../contracts/windows.ts';
import { type FakeDynamo, fakeDynamo } from '../../fakes/dynamodb.ts';

let dynamo: FakeDynamo;
beforeAll(async () => {
  dynamo = await fakeDynamo();
});
afterAll(() => dynamo.close());

/** One server for all tests; each finds the tables empty. */
async function emptied(TableName: string, keys: readonly string[]): Promise<void> {
  const { Items = [] } = await dynamo.client.send(new ScanCommand({ TableName }));
  for (const item of Items) {
    const Key = Object.fromEntries(keys.map((key) => [key, item[key]!]));
    await dynamo.client.send(new DeleteItemCommand({ TableName, Key }));
  }
}
const nothing = async () => {};
const connectionTable = (now = () => Date.now()) => ({
  client: dynamo.client,
  table: 'ConnectionsTable',
  shards: 4,
  clock: { now },
});

const punchTables = {
  get client() {
    return dynamo.client;
  },
  table: 'BroadcastsTable',
  marksTable: 'ConnectionsTable',
  now: () => 1_790_000_000_000,
};

connectionsContract('DynamoDB', async () => {
  await emptied('ConnectionsTable', ['shard', 'connectionId']);
  return { connections: dynamoConnections(connectionTable()), close: nothing };
});
broadcastsContract('DynamoDB', async () => {
  await emptied('BroadcastsTable', ['station', 'id']);
  return {
    broadcasts: dynamoBroadcasts({ client: dynamo.client, table: 'BroadcastsTable' }),
    close: nothing,
  };
});

test('a broadcast that was written before there were titles, latenesses and counts has none', async () => {
  await emptied('BroadcastsTable', ['station', 'id']);
  const row = { id: 'b', state: 'ended', startsAt: 1_790_000_000_000, wanted: '2026-11-21', next: null };
  const played = { performance: '2026-11-21', encore: false, durationMs: 5, epoch: 1 };
  const Item = marshall({ ...row, ...played, station: 'station', leaseUntil: 0, expiresAt: 0 });
  await dynamo.client.send(new PutItemCommand({ TableName: 'BroadcastsTable', Item }));
  const broadcasts = dynamoBroadcasts({ client: dynamo.client, table: 'BroadcastsTable' });
  expect(await broadcasts.get('b')).toEqual({
    ...row,
    ...played,
    title: null,
    startLatenessMs: null,
    heard: null,
    fetchedFrom: null,
    fetchedUntil: null,
  });
});

divisionsContract('DynamoDB', async () => {
  await emptied('BroadcastsTable', ['station', 'id']);
  const config = { client: dynamo.client, table: 'BroadcastsTable', now: () => 1_790_000_000_000 };
  return { divisions: dynamoDivisions(config), close: nothing };
});

punchesContract('DynamoDB', async () => {
  await emptied('BroadcastsTable', ['station', 'id']);
  await emptied('ConnectionsTable', ['shard', 'connectionId']);
  return {
    punches: dynamoPunches(punchTables),
    async close() {
      // Holes are no broadcasts, and marks no listeners.
      const broadcasts = dynamoBroadcasts({ client: dynamo.client, table: 'BroadcastsTable' });
      expect(await broadcasts.current()).toBeNull();
      expect(await dynamoConnections(connectionTable()).count()).toBe(0);
    },
  };
});

test('a day’s row has the number alone; a connection’s mark expires with the two hours it can last', async () => {
  await emptied('BroadcastsTable', ['station', 'id']);
  await emptied('ConnectionsTable', ['shard', 'connectionId']);
  await dynamoPunches(punchTables).punch('a', '2026-11-21', 9);
  const rows = async (TableName: string) =>
    (await dynamo.client.send(new ScanCommand({ TableName }))).Items?.map((item) => unmarshall(item));
  expect(await rows('BroadcastsTable')).toEqual([{ station: 'punches', id: '2026-11-21', holes: 1 }]);
  expect(await rows('ConnectionsTable')).toEqual([
    { shard: -2, connectionId: '2026-11-21 a', expiresAt: 1_790_007_200 },
  ]);
});

test('a division is no broadcast', async () => {
  await emptied('BroadcastsTable', ['station', 'id']);
  const config = { client: dynamo.client, table: 'BroadcastsTable', now: () => 1_790_000_000_000 };
  await dynamoDivisions(config).divide({ broadcast: 'b', owner: 'one', epoch: 1 }, 2, 3);
  const broadcasts = dynamoBroadcasts(config);
  expect([await broadcasts.current(), await broadcasts.get('b')]).toEqual([null, null]);
});

windowsContract('DynamoDB', async () => {
  await emptied('WindowsTable', ['station', 'id']);
  return { windows: dynamoWindows({ client: dynamo.client, table: 'WindowsTable' }), close: nothing };
});

mannersContract('DynamoDB', async () => {
  await emptied('ConnectionsTable', ['shard', 'connectionId']);
  let now = 1_790_000_000_000;
  const connections = dynamoConnections(connectionTable(() => now));
  return {
    manners: dynamoManners(dynamo.client, 'ConnectionsTable', { now: () => now }),
    elapse(ms) {
      now += ms;
    },
    async close() {
      // Whoever only misbehaves is posted nothing.
      for (const id of await connections.list()) throw new Error(`${id} is listed`);
    },
  };
});

test('a connection is forgotten after the two hours that the gateway grants, though its row is still there', async () => {
  await emptied('ConnectionsTable', ['shard', 'connectionId']);
  let now = 1_790_000_000_000;
  const connections = dynamoConnections(connectionTable(() => now));
  const listed = () => connections.list();
  await connections.add('early');
  now += 7_199_000;
  await connections.add('late');
  expect([...(await listed())].sort()).toEqual(['early', 'late']);
  now += 1_000;
  expect(await listed()).toEqual(['late']);
  expect(await connections.count()).toBe(1);
});

test('more rows than one page are all listed', async () => {
  await emptied('ConnectionsTable', ['shard', 'connectionId']);
  const connections = dynamoConnections({ ...connectionTable(), shards: 1 });
  // Ids of 1 KB: a page of DynamoDB is 1 MB.
  const ids = Array.from({ length: 1100 }, (_, i) => `${i}-`.padEnd(1000, 'x'));
  for (let i = 0; i < ids.length; i += 50)
    await Promise.all(ids.slice(i, i + 50).map((id) => connections.add(id)));
  const listed = await connections.list();
  expect([...listed].sort()).toEqual(ids.sort());
  expect(await connections.count()).toBe(1100);
});
