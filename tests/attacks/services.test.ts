/** Services of the cloud that refuse, stall, forget or are slow, and what is made of it; each answers the real SDK. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { bounded } from '../../src/adapters/aws/bounded.ts';
import { dynamoBroadcasts } from '../../src/adapters/aws/dynamodb-broadcasts.ts';
import { dynamoConnections } from '../../src/adapters/aws/dynamodb-connections.ts';
import { type Gateway, gatewayPost } from '../../src/adapters/aws/gateway/post.ts';
import { s3Blobs } from '../../src/adapters/aws/s3-blobs.ts';
import { tokenBucket } from '../../src/adapters/aws/token-bucket.ts';
import { memoryConnections } from '../../src/adapters/memory/memory.ts';
import { performances } from '../../src/adapters/stores/performances.ts';
import { systemClock } from '../../src/adapters/system-clock.ts';
import { fanOut } from '../../src/broadcast/fan-out.ts';
import { openComposer } from '../../src/cli/place/composer.ts';
import { composeDay } from '../../src/compose/day.ts';
import { type FakeDynamo, fakeDynamo } from '../fakes/dynamodb.ts';
import { type FakeGateway, fakeGateway } from '../fakes/gateway.ts';
import { type FakeServer, fakeClient, serveFake } from '../fakes/http.ts';
import { type FakeS3, fakeS3 } from '../fakes/s3.ts';
import { scale, stored } from '../support/music.ts';
import { gatewayAt } from '../support/signed-gateway.ts';
import { until } from '../support/until.ts';

const DAY = '2026-11-21';

describe('posts', () => {
  let gateway: FakeGateway;
  let client: Gateway;
  beforeAll(async () => {
    gateway = await fakeGateway();
    client = gatewayAt(gateway.endpoint);
  });
  afterAll(async () => {
    await client.close();
    await gateway.close();
  });

  test('case 70: a 429 slows one connection, and is given up after three; a tenth of all refused slows all; a 410 costs one request, and the row', async () => {
    const dynamo: FakeDynamo = await fakeDynamo();
    const table = { client: dynamo.client, table: 'ConnectionsTable', shards: 4 };
    const connections = dynamoConnections({ ...table, clock: systemClock });
    const bucket = tokenBucket(1_000, systemClock);
    const post = gatewayPost({ gateway: client, bucket, clock: systemClock });
    const posts = async (id: string) => {
      const before = gateway.posts();
      return [await post(id, 'a frame'), gateway.posts() - before];
    };
    gateway.received.set('busy=', []);
    gateway.failNext('busy=', 429);
    expect(await posts('busy=')).toEqual(['sent', 2]);
    expect(bucket.rate()).toBe(1_000);
    gateway.failNext('busy=', 429, 3);
    expect(await posts('busy=')).toEqual(['slow', 3]);
    expect(bucket.rate()).toBe(1_000);

    await connections.add('gone=');
    const before = gateway.posts();
    const out = fanOut({ connections, post, clock: systemClock, log: () => {} });
    out.send(['gone='], ['a frame', 'another']);
    await out.idle();
    expect([gateway.posts() - before, await connections.count()]).toEqual([1, 0]);
    await dynamo.close();
  });

  test('case 12: in the cloud a reader who stalls keeps only itself waiting, sixteen frames are kept for it, and no more', async () => {
    const stalled: FakeServer = await serveFake((request, response) => {
      if (decodeURIComponent(request.path).endsWith('/stalled=')) return;
      response.writeHead(200).end();
    });
    const slow = gatewayAt(stalled.endpoint);
    const sent: string[] = [];
    const real = gatewayPost({ gateway: slow, bucket: tokenBucket(10_000, systemClock), clock: systemClock });
    const log: { event: string; waiting: unknown }[] = [];
    const out = fanOut({
      connections: memoryConnections(),
      post: async (id, frame) => {
        const outcome = await real(id, frame);
        sent.push(`${id} ${frame}`);
        return outcome;
      },
      clock: systemClock,
      log: (event, details) => log.push({ event, waiting: details?.waiting }),
    });
    const frames = Array.from({ length: 30 }, (_, i) => `frame ${i}`);
    for (const [i, frame] of frames.entries()) {
      out.send(['quick=', 'stalled='], [frame]);
      await until(
        () => sent.length,
        (n) => n > i,
      );
    }
    expect(sent).toEqual(frames.map((frame) => `quick= ${frame}`));
    // One is on its way.
    expect(log).toEqual(frames.slice(17).map(() => ({ event: 'post.behind', waiting: 16 })));
    await slow.close();
    await stalled.close();
    await out.idle();
    expect(log.at(-1)?.event).toBe('post.failed');
  });
});

describe('stores', () => {
  let s3: FakeS3;
  let client: S3Client;
  beforeAll(async () => {
    s3 = await fakeS3();
    client = new S3Client({ ...fakeClient(s3.endpoint), forcePathStyle: true });
  });
  afterAll(async () => {
    client.destroy();
    await s3.close();
  });
  const archive = () => performances(s3Blobs({ client, bucket: 'archive' }));

  test('case 66: two attempts at a day at once are one performance, which both end with', async () => {
    const attempt = () =>
      composeDay({ date: DAY, minutes: 0.5, candidates: 1, tokenBudget: 500 }, archive(), async () => ({
        ...(await openComposer({ data: '/nowhere' })),
        clock: systemClock,
      }));
    const outcomes = await Promise.all([attempt(), attempt()]);
    expect(outcomes.map(({ outcome }) => outcome).sort()).toEqual(['composed', 'present']);
    const shas = outcomes.map((one) => ('performance' in one ? one.performance.record.midiSha256 : ''));
    expect(shas[1]).toBe(shas[0]);
    expect([...s3.objects.keys()].sort()).toEqual([
      `archive/midi/${shas[0]}.mid`,
      `archive/performances/${DAY}.json`,
    ]);
    // A third, much later, composes nothing.
    const again = await composeDay(
      { date: DAY, minutes: 0.5, candidates: 1, tokenBudget: 500 },
      archive(),
      () => {
        throw new Error('nothing is to be composed');
      },
    );
    expect(again.outcome).toBe('present');
  });

  test('case 66: 412 is success, 409 is asked again, and an answer that was lost on its way makes no second object', async () => {
    const blobs = s3Blobs({ client, bucket: 'archive' });
    s3.failNext('PUT', 409, 'ConditionalRequestConflict', 2);
    expect(await blobs.create('a', 'first')).toBe('created');
    expect(await blobs.create('a', 'second')).toBe('exists');
    expect(String(s3.objects.get('archive/a')?.body)).toBe('first');
    // It took effect, and the answer was lost: the SDK asks again, and finds what it wrote itself.
    const ours = stored('2026-11-22', scale(5_000));
    await archive().create(ours);
    s3.failNext('PUT', 500, 'InternalError', 1);
    expect(await archive().create(ours)).toBe('exists');
    expect((await archive().get('2026-11-22'))?.record).toEqual(ours.record);
  });

  test('case 70: S3 that forbids is a fault at once, one that is busy is asked three times, and each is told by name', async () => {
    const asked = async (status: number, code: string, times: number) => {
      s3.failNext('GET', status, code, times);
      const before = s3.counts.get('GET') ?? 0;
      const outcome = await archive()
        .get('2026-11-23')
        .catch((error: Error) => error.message);
      return [outcome, (s3.counts.get('GET') ?? 0) - before];
    };
    const fault = 's3://archive/performances/2026-11-23.json cannot be read';
    expect(await asked(403, 'AccessDenied', 1)).toEqual([fault, 1]);
    expect(await asked(503, 'SlowDown', 2)).toEqual([null, 3]);
    expect(await asked(503, 'SlowDown', 3)).toEqual([fault, 3]);
    expect(await asked(500, 'InternalError', 3)).toEqual([fault, 3]);
  });

  test('case 70: DynamoDB that throttles or breaks is asked four times, one that forbids once, one that never answers is a fault', async () => {
    let answer: () => { status: number; type: string } | null = () => null;
    let requests = 0;
    const fake = await serveFake((_request, response) => {
      requests++;
      const refusal = answer();
      if (refusal)
        response
          .writeHead(refusal.status, { 'content-type': 'application/x-amz-json-1.0' })
          .end(JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${refusal.type}` }));
    });
    const asked = async (status: number, type: string) => {
      [requests, answer] = [0, () => (status ? { status, type } : null)];
      const dynamo = new DynamoDBClient({ ...fakeClient(fake.endpoint), ...bounded(100) });
      const outcome = await dynamoBroadcasts({ client: dynamo, table: 'BroadcastsTable' })
        .get('a')
        .catch((error: Error) => error.name);
      dynamo.destroy();
      return [outcome, requests];
    };
    expect(await asked(400, 'ProvisionedThroughputExceededException')).toEqual([
      'ProvisionedThroughputExceededException',
      4,
    ]);
    expect(await asked(500, 'InternalServerError')).toEqual(['InternalServerError', 4]);
    expect(await asked(400, 'AccessDeniedException')).toEqual(['AccessDeniedException', 1]);
    expect(await asked(0, '')).toEqual(['TimeoutError', 4]);
    await fake.close();
  });
});
