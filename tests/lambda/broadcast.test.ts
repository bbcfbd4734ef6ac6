import { S3Client } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { dynamoBroadcasts } from '../../src/adapters/aws/dynamodb-broadcasts.ts';
import { s3Blobs } from '../../src/adapters/aws/s3-blobs.ts';
import { performances } from '../../src/adapters/stores/performances.ts';
import { handler } from '../../src/lambda/broadcast.ts';
import { type FakeDynamo, fakeDynamo } from '../fakes/dynamodb.ts';
import { type FakeGateway, fakeGateway } from '../fakes/gateway.ts';
import { fakeClient } from '../fakes/http.ts';
import { type FakeLambda, fakeLambda } from '../fakes/lambda.ts';
import { type FakeS3, fakeS3 } from '../fakes/s3.ts';
import { scale, stored } from '../support/music.ts';
import { STAGE_VARIABLES, variablesOf } from '../support/stage-variables.ts';

const DAY = '2026-11-21';
const MUSIC = scale(60_000);
/** What is left of it when the event comes. */
const LEFT_MS = 1_500;

const before = { ...process.env };
let dynamo: FakeDynamo;
let s3: FakeS3;
let gateway: FakeGateway;
let lambda: FakeLambda;
beforeEach(async () => {
  [dynamo, s3, gateway, lambda] = await Promise.all([
    fakeDynamo(),
    fakeS3(),
    fakeGateway('test'),
    fakeLambda(),
  ]);
  Object.assign(process.env, variablesOf({ dynamo, s3, lambda, gateway: `${gateway.endpoint}/test` }));
});
afterEach(async () => {
  jest.restoreAllMocks();
  process.env = before;
  for (const fake of [dynamo, s3, gateway, lambda]) await fake.close();
});

test('what was played and cannot be made public is told of once, and the event fails, to be tried again', async () => {
  const client = new S3Client({ ...fakeClient(s3.endpoint), forcePathStyle: true });
  await performances(s3Blobs({ client, bucket: 'archive' })).create(stored(DAY, MUSIC));
  // An index of a later Pianola.
  await s3Blobs({ client, bucket: 'site' }).write('index.json', '{"schema":9}');
  client.destroy();
  const startsAt = Date.now() - MUSIC.durationMs + LEFT_MS;
  const id = `now@${new Date(startsAt).toISOString()}`;
  const broadcasts = dynamoBroadcasts({ client: dynamo.client, table: STAGE_VARIABLES.BROADCASTS_TABLE });
  await broadcasts.schedule({ id, startsAt, wanted: DAY, next: null });
  const written: string[] = [];
  for (const stream of [process.stdout, process.stderr])
    jest.spyOn(stream, 'write').mockImplementation((text) => {
      written.push(String(text));
      return true;
    });
  const context = { awsRequestId: 'one', getRemainingTimeInMillis: () => 900_000 };
  const invoked = handler({ broadcast: id, reason: 'doors' }, context as never);
  await expect(invoked).rejects.toThrow(`${DAY} was not made public`);
  const lines = written.flatMap((text) => text.trim().split('\n')).filter((line) => line.startsWith('{'));
  const events = lines.map((line) => JSON.parse(line).message);
  expect(events).toContain('broadcast.over');
  expect(events.filter((event) => /failed/.test(event))).toEqual(['publish.failed']);
});
