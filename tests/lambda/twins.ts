/** One event that Lambda delivers to two instances at once, as it may: the packaged broadcaster, twice, under one request id. */
import { S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { dynamoBroadcasts } from '../../src/adapters/aws/dynamodb-broadcasts.ts';
import { dynamoConnections } from '../../src/adapters/aws/dynamodb-connections.ts';
import { s3Blobs } from '../../src/adapters/aws/s3-blobs.ts';
import { performances } from '../../src/adapters/stores/performances.ts';
import { systemClock } from '../../src/adapters/system-clock.ts';
import { parseFrame } from '../../src/wire.ts';
import { type FakeDynamo, fakeDynamo } from '../fakes/dynamodb.ts';
import { type FakeGateway, fakeGateway } from '../fakes/gateway.ts';
import { fakeClient } from '../fakes/http.ts';
import { type FakeLambda, fakeLambda } from '../fakes/lambda.ts';
import { type FakeS3, fakeS3 } from '../fakes/s3.ts';
import { scale, stored } from '../support/music.ts';
import { STAGE_VARIABLES, variablesOf } from '../support/stage-variables.ts';
import { type RunningFunction, startFunction } from './function.ts';

const DAY = '2026-11-21';
const MUSIC = scale(60_000);
/** What is left of it when the event comes: less than a lease, so that nobody renews one. */
const LEFT_MS = 9_000;

/** @param packaged the files of its artefact, which the suite that calls this has made: packaging takes longer than all of this */
export function broadcasterTwice(packaged: () => Promise<ReadonlyMap<string, Buffer>>): void {
  describe('an event that is delivered to two at once', () => {
    let dynamo: FakeDynamo;
    let s3: FakeS3;
    let gateway: FakeGateway;
    let lambda: FakeLambda;
    const twins: RunningFunction[] = [];

    beforeAll(async () => {
      [dynamo, s3, gateway, lambda] = await Promise.all([
        fakeDynamo(),
        fakeS3(),
        fakeGateway('test'),
        fakeLambda(),
      ]);
      const client = new S3Client({ ...fakeClient(s3.endpoint), forcePathStyle: true });
      await performances(s3Blobs({ client, bucket: 'archive' })).create(stored(DAY, MUSIC));
      client.destroy();
      const files = await packaged();
      const environment = variablesOf({ dynamo, s3, lambda, gateway: `${gateway.endpoint}/test` });
      for (const _ of ['one', 'other'])
        twins.push(
          await startFunction({ files, handler: 'src/lambda/broadcast.handler', memoryMb: 512, environment }),
        );
    }, 300_000);
    // What was started is stopped whatever a test finds: a process that is left keeps the whole run from ending.
    afterAll(async () => {
      for (const each of twins) await each.stop();
      for (const fake of [dynamo, s3, gateway, lambda]) await fake?.close();
    });

    test('is played by one of them: nothing is posted twice, and the other ends as well', async () => {
      const connections = dynamoConnections({
        client: dynamo.client,
        table: STAGE_VARIABLES.CONNECTIONS_TABLE,
        shards: Number(STAGE_VARIABLES.CONNECTION_SHARDS),
        clock: systemClock,
      });
      gateway.received.set('once=', []);
      await connections.add('once=');
      const startsAt = Date.now() - MUSIC.durationMs + LEFT_MS;
      const id = `now@${new Date(startsAt).toISOString()}`;
      const broadcasts = dynamoBroadcasts({ client: dynamo.client, table: STAGE_VARIABLES.BROADCASTS_TABLE });
      await broadcasts.schedule({ id, startsAt, wanted: DAY, next: null });
      const outcomes = await Promise.all(
        twins.map((each) =>
          each.invoke({ broadcast: id, reason: 'doors' }, { requestId: 'delivered twice' }),
        ),
      );
      expect(outcomes).toContainEqual({ outcome: 'ended' });
      // Who looks again after its end finds it ended, too.
      for (const each of outcomes)
        expect([{ outcome: 'ended' }, { outcome: 'elsewhere' }]).toContainEqual(each);
      const leased = twins.filter((each) => each.output().includes('broadcast.leased'));
      expect(leased).toHaveLength(1);
      const frames = gateway.received.get('once=')!.map((text) => parseFrame(text)!);
      expect(frames.filter(({ type }) => type === 'end')).toHaveLength(1);
      const chunks = frames.flatMap((frame) => (frame.type === 'chunk' ? [frame.seq] : []));
      expect(chunks).toEqual([3]);
      const posts = twins.map((each) => /"Posts":(\d+)/.exec(each.output())?.[1]);
      expect(posts.filter((count) => count !== undefined)).toHaveLength(1);
    }, 120_000);
  });
}
