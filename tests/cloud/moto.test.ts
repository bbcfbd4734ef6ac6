import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateScheduleGroupCommand, GetScheduleCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { beforeAll, expect, test } from '@jest/globals';
import { dynamoBroadcasts } from '../../src/adapters/aws/dynamodb-broadcasts.ts';
import { dynamoConnections } from '../../src/adapters/aws/dynamodb-connections.ts';
import { dynamoDivisions } from '../../src/adapters/aws/dynamodb-divisions.ts';
import { dynamoPunches } from '../../src/adapters/aws/dynamodb-punches.ts';
import { dynamoWindows } from '../../src/adapters/aws/dynamodb-windows.ts';
import { scheduleName, schedulerTimer } from '../../src/adapters/aws/eventbridge-timer.ts';
import { s3Blobs, s3Site } from '../../src/adapters/aws/s3-blobs.ts';
import { broadcastRecords } from '../../src/adapters/stores/broadcast-records.ts';
import { models } from '../../src/adapters/stores/models.ts';
import { performances } from '../../src/adapters/stores/performances.ts';
import { prompts } from '../../src/adapters/stores/prompts.ts';
import { systemClock } from '../../src/adapters/system-clock.ts';
import { blobsContract } from '../contracts/blobs.ts';
import { recordsContract } from '../contracts/broadcast-records.ts';
import { broadcastsContract } from '../contracts/broadcasts.ts';
import { connectionsContract } from '../contracts/connections.ts';
import { divisionsContract } from '../contracts/divisions.ts';
import { modelsContract } from '../contracts/models.ts';
import { performancesContract } from '../contracts/performances.ts';
import { promptsContract } from '../contracts/prompts.ts';
import { punchesContract } from '../contracts/punches.ts';
import { siteContract } from '../contracts/site.ts';
import { windowsContract } from '../contracts/windows.ts';
import { createTables } from '../fakes/dynamodb.ts';
import { fakeClient } from '../fakes/http.ts';

/** moto answers in threads and does not hold its conditional writes together: of racers several would win. */
const ONE_AT_A_TIME = { requestHandler: { httpAgent: { maxSockets: 1 } } };

/** The same contracts against a stranger's idea of AWS: moto's server, which `npm run test:cloud` starts. */
const endpoint = process.env.MOTO_ENDPOINT;

if (!endpoint) test.skip('needs moto: npm run test:cloud', () => {});
else {
  /** Each test finds it empty. */
  const emptyMoto = () => fetch(`${endpoint}/moto-api/reset`, { method: 'POST' });

  const bucket = async () => {
    await emptyMoto();
    const client = new S3Client({
      ...fakeClient(endpoint),
      ...ONE_AT_A_TIME,
      region: 'us-east-1',
      forcePathStyle: true,
    });
    await client.send(new CreateBucketCommand({ Bucket: 'archive' }));
    return { bucket: { client, bucket: 'archive' }, close: async () => client.destroy() };
  };
  const tables = async () => {
    await emptyMoto();
    const client = new DynamoDBClient({ ...fakeClient(endpoint), ...ONE_AT_A_TIME });
    await createTables(client);
    return { client, close: async () => client.destroy() };
  };

  const blobs = async () => {
    const { bucket: archive, close } = await bucket();
    return { blobs: s3Blobs(archive), close };
  };
  blobsContract('S3 of moto', blobs);
  performancesContract('S3 of moto', async () => {
    const opened = await blobs();
    return { ...opened, performances: performances(opened.blobs) };
  });
  recordsContract('S3 of moto', async () => {
    const opened = await blobs();
    return { ...opened, records: broadcastRecords(opened.blobs) };
  });
  promptsContract('S3 of moto', async () => {
    const opened = await blobs();
    return { ...opened, prompts: prompts(opened.blobs) };
  });
  modelsContract('S3 of moto', async () => {
    const opened = await blobs();
    const scratch = await mkdtemp(join(tmpdir(), 'pianola-scratch-'));
    return {
      ...opened,
      models: models(opened.blobs, { scratch }),
      others: models(opened.blobs, { scratch }),
      async close() {
        await opened.close();
        await rm(scratch, { recursive: true });
      },
    };
  });
  siteContract('S3 of moto', async () => {
    const { bucket: site, close } = await bucket();
    return { site: s3Site(site), close };
  });
  broadcastsContract('DynamoDB of moto', async () => {
    const { client, close } = await tables();
    return { broadcasts: dynamoBroadcasts({ client, table: 'BroadcastsTable' }), close };
  });
  connectionsContract('DynamoDB of moto', async () => {
    const { client, close } = await tables();
    const config = { client, table: 'ConnectionsTable', shards: 4, clock: systemClock };
    return { connections: dynamoConnections(config), close };
  });
  divisionsContract('DynamoDB of moto', async () => {
    const { client, close } = await tables();
    return { divisions: dynamoDivisions({ client, table: 'BroadcastsTable', now: Date.now }), close };
  });
  punchesContract('DynamoDB of moto', async () => {
    const { client, close } = await tables();
    const config = { client, table: 'BroadcastsTable', marksTable: 'ConnectionsTable', now: Date.now };
    return { punches: dynamoPunches(config), close };
  });
  windowsContract('DynamoDB of moto', async () => {
    const { client, close } = await tables();
    return { windows: dynamoWindows({ client, table: 'WindowsTable' }), close };
  });

  const client = new SchedulerClient(fakeClient(endpoint));
  beforeAll(async () => {
    await emptyMoto();
  });
  test('Scheduler of moto arms once, names what is armed, and disarms', async () => {
    await client.send(new CreateScheduleGroupCommand({ Name: 'pianola' }));
    const timer = schedulerTimer({
      client,
      group: 'pianola',
      targetArn: 'arn:aws:lambda:eu-central-1:1:function:broadcast',
      roleArn: 'arn:aws:iam::1:role/timer',
      deadLetterArn: 'arn:aws:sqs:eu-central-1:1:dead',
      fire: async () => {},
      clock: systemClock,
    });
    const tomorrow = Date.now() + 86_400_000;
    expect(await timer.arm('b', 'doors', tomorrow)).toBe('armed');
    expect(await timer.arm('b', 'doors', tomorrow)).toBe('exists');
    expect(await timer.arm('b', 'check', tomorrow)).toBe('armed');
    const Name = scheduleName('b', 'doors');
    const stored = await client.send(new GetScheduleCommand({ GroupName: 'pianola', Name }));
    expect(stored.ScheduleExpression).toBe(`at(${new Date(tomorrow).toISOString().slice(0, 19)})`);
    expect((await timer.armed()).length).toBe(2);
    await timer.disarm('b');
    await timer.disarm('b');
    expect(await timer.armed()).toEqual([]);
    client.destroy();
  });
}
