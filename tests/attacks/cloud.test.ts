/** What strangers send to the functions of the cloud, given to the handlers as API Gateway and Lambda would. */
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { APIGatewayProxyWebsocketEventV2, Context } from 'aws-lambda';
import { dynamoConnections } from '../../src/adapters/aws/dynamodb-connections.ts';
import { gatewayPost } from '../../src/adapters/aws/gateway/post.ts';
import { tokenBucket } from '../../src/adapters/aws/token-bucket.ts';
import { systemClock } from '../../src/adapters/system-clock.ts';
import { help } from '../../src/broadcast/helper.ts';
import type { Connections } from '../../src/ports.ts';
import { type FakeDynamo, fakeDynamo } from '../fakes/dynamodb.ts';
import { type FakeGateway, fakeGateway } from '../fakes/gateway.ts';
import { type FakeLambda, fakeLambda } from '../fakes/lambda.ts';
import { crowdStation } from '../support/crowd-station.ts';
import { gatewayAt } from '../support/signed-gateway.ts';

let dynamo: FakeDynamo;
let gateway: FakeGateway;
let lambda: FakeLambda;
let connections: Connections;
type Answer = { statusCode: number; body?: string };
type Handler = (event: never, context?: Context) => Promise<unknown>;
const handlers: Record<string, Handler> = {};
beforeAll(async () => {
  [dynamo, gateway, lambda] = [await fakeDynamo(), await fakeGateway('test'), await fakeLambda()];
  Object.assign(process.env, {
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'fake',
    AWS_SECRET_ACCESS_KEY: 'fake',
    AWS_ENDPOINT_URL_DYNAMODB: dynamo.endpoint,
    AWS_ENDPOINT_URL_LAMBDA: lambda.endpoint,
    GATEWAY_ENDPOINT: `${gateway.endpoint}/test`,
    CONNECTIONS_TABLE: 'ConnectionsTable',
    BROADCASTS_TABLE: 'BroadcastsTable',
    WINDOWS_TABLE: 'WindowsTable',
    CONNECTION_SHARDS: '4',
    DAILY_TIME: '20:00',
    TIME_ZONE: 'UTC',
    ARCHIVE_BUCKET: 'archive',
    BROADCAST_FUNCTION: 'broadcast',
    SOUND_FUNCTION: 'sound',
    ALLOWED_ORIGINS: 'https://piano.example',
    DOOR_KEYS: 'open',
  });
  const table = { client: dynamo.client, table: 'ConnectionsTable', shards: 4 };
  connections = dynamoConnections({ ...table, clock: systemClock });
  for (const name of ['connect', 'disconnect', 'message', 'broadcast'])
    handlers[name] = ((await import(`../../src/lambda/${name}.ts`)) as { handler: Handler }).handler;
});
afterAll(async () => {
  for (const fake of [dynamo, gateway, lambda]) await fake.close();
});
beforeEach(async () => {
  for (const id of await connections.list()) await connections.remove(id);
});

const invoke = (name: string, event: object) => handlers[name]!(event as never) as Promise<Answer>;
const socketEvent = (connectionId: string, body?: string, more: object = {}) =>
  ({
    requestContext: { connectionId, requestTimeEpoch: Date.now() },
    ...(body === undefined ? {} : { body }),
    isBase64Encoded: false,
    ...more,
  }) as APIGatewayProxyWebsocketEventV2;
const codeOf = (answer: Answer) => JSON.parse(answer.body ?? '{}').code;
const listening = async () => {
  const ids = await connections.list();
  return ids;
};

test('case 3: a route that there is not is answered with an error, and is no fault of the function', async () => {
  for (const [i, body] of ['{"action":"shutdown"}', '[]', 'null', '', '{"action":{}}', '\0'].entries())
    expect([body, codeOf(await invoke('message', socketEvent(`route ${i}`, body)))]).toEqual([
      body,
      'bad_request',
    ]);
  expect(codeOf(await invoke('message', socketEvent('no body')))).toBe('bad_request');
});

test('case 4: a binary message is never taken for text in the cloud either', async () => {
  const body = Buffer.from('{"action":"join"}').toString('base64');
  expect(codeOf(await invoke('message', socketEvent('binary', body, { isBase64Encoded: true })))).toBe(
    'bad_request',
  );
  expect(await listening()).toEqual([]);
});

test.each([
  undefined,
  'null',
  '',
  'https://evil.example',
  'https://piano.example.evil.example',
  'http://piano.example',
])('case 9: $connect from the Origin %j is refused with 403, from our own it is taken', async (origin) => {
  const headers = origin === undefined ? {} : { Origin: origin };
  expect(await invoke('connect', socketEvent('a', undefined, { headers }))).toEqual({ statusCode: 403 });
  expect(
    await invoke('connect', socketEvent('a', undefined, { headers: { origin: 'https://piano.example' } })),
  ).toEqual({ statusCode: 200 });
});

test('case 15: $connect and join that come twice are one listener', async () => {
  const connect = socketEvent('twice=', undefined, { headers: { origin: 'https://piano.example' } });
  expect([await invoke('connect', connect), await invoke('connect', connect)]).toEqual([
    { statusCode: 200 },
    { statusCode: 200 },
  ]);
  expect(await listening()).toEqual([]);
  for (let i = 0; i < 2; i++) await invoke('message', socketEvent('twice=', '{"action":"join"}'));
  expect(await listening()).toEqual(['twice=']);
});

test('case 16: a $disconnect that comes first is no fault, and one that never comes leaves no ghost after two hours', async () => {
  expect(await invoke('disconnect', socketEvent('early='))).toEqual({ statusCode: 200 });
  await invoke('message', socketEvent('stays=', '{"action":"join"}'));
  expect(await listening()).toEqual(['stays=']);
  const later = dynamoConnections({
    ...{ client: dynamo.client, table: 'ConnectionsTable', shards: 4 },
    clock: { now: () => Date.now() + 2 * 3_600_000 + 1_000 },
  });
  expect(await later.count()).toBe(0);
});

test('case 17: an id with slashes reaches its own connection alone, and ids come from the gateway, never from a message', async () => {
  const client = gatewayAt(`${gateway.endpoint}/test`);
  const post = gatewayPost({ gateway: client, bucket: tokenBucket(1000, systemClock), clock: systemClock });
  for (const id of ['../../x', 'a/b?c#d', '..%2f', 'x y']) {
    gateway.received.set(id, []);
    expect(await post(id, 'a frame')).toBe('sent');
    expect(gateway.received.get(id)).toEqual(['a frame']);
  }
  await client.close();
  await invoke(
    'message',
    socketEvent('own=', '{"action":"join","connectionId":"victim=","requestContext":{}}'),
  );
  expect(await listening()).toEqual(['own=']);
});

test('case 85: a thousand valid pings of one connection end it, once, and cost no more; others join meanwhile', async () => {
  gateway.received.set('flood=', []);
  const flood = Array.from({ length: 1000 }, (_, id) =>
    invoke('message', socketEvent('flood=', `{"action":"ping","id":${id}}`)),
  );
  const joined = await invoke('message', socketEvent('other=', '{"action":"join"}'));
  expect(JSON.parse(joined.body!)).toMatchObject({ type: 'hello' });
  const answers = await Promise.all(flood);
  expect(answers.filter(({ body }) => body !== undefined)).toHaveLength(40);
  expect(answers.every(({ statusCode }) => statusCode === 200)).toBe(true);
  expect(gateway.received.has('flood=')).toBe(false);
  expect(await listening()).toEqual(['other=']);
});

test('case 86: a helper’s event that is five minutes old is dropped before anything is opened', async () => {
  const event = { broadcast: 'now@2026-11-28T20:00:00.000Z', reason: 'help', epoch: 1, part: 1 };
  expect(await invoke('broadcast', { ...event, at: Date.now() - 300_000 })).toEqual({ outcome: 'late' });
  expect(await invoke('broadcast', { ...event, at: Date.now() - 61_000 })).toEqual({ outcome: 'late' });
});

test('case 86: a helper’s event that comes twice is dropped, while the first is at work and after it', async () => {
  const again: string[] = [];
  const station = await crowdStation({
    fate(n, ports) {
      const first = station.helpers[n - 1]!.helper;
      // The same event once more, to another instance: soon, and much later.
      for (const afterMs of [5_000, 200_000])
        void ports.clock
          .sleepUntil(ports.clock.now() + afterMs)
          .then(() => help({ ...first, name: `again ${n}` }, { ...ports, post: async () => 'sent' as const }))
          .then((outcome) => again.push(outcome));
      return ports;
    },
  });
  const { broadcast } = await import('../../src/broadcast/broadcast.ts');
  const { ID, T0 } = await import('../support/crowd-station.ts');
  const playing = broadcast(ID, 'owner', station.ports);
  await station.clock.runTo(T0 + 100_000);
  await playing;
  await station.clock.runTo(T0 + 300_000);
  expect(station.helpers.length).toBeGreaterThan(0);
  expect(station.helpers.map(({ outcome }) => outcome)).toEqual(station.helpers.map(() => 'ended'));
  expect(again).toEqual(station.helpers.flatMap(() => ['elsewhere', 'elsewhere']));
});
