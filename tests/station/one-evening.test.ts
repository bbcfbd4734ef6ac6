/** One evening, not two: what is changed in `perform` alone changes what a local station does and what Lambda does. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { dynamoBroadcasts } from '../../src/adapters/aws/dynamodb-broadcasts.ts';
import { dynamoWindows } from '../../src/adapters/aws/dynamodb-windows.ts';
import { s3Blobs } from '../../src/adapters/aws/s3-blobs.ts';
import { performances } from '../../src/adapters/stores/performances.ts';
import { broadcastId } from '../../src/broadcast/id.ts';
import { type FakeDynamo, fakeDynamo } from '../fakes/dynamodb.ts';
import { type FakeGateway, fakeGateway } from '../fakes/gateway.ts';
import { fakeClient } from '../fakes/http.ts';
import { type FakeLambda, fakeLambda } from '../fakes/lambda.ts';
import { type FakeS3, fakeS3 } from '../fakes/s3.ts';
import { startFunction } from '../lambda/function.ts';
import { scale, stored } from '../support/music.ts';
import { variablesOf } from '../support/stage-variables.ts';
import { aWindow } from '../support/windows.ts';
import { bundled, type Mutation } from './mutant.ts';

/** How an evening went: one that has time for all its music, and one whose window is shorter than its music. */
type Evening = { readonly whole: string; readonly public: boolean; readonly long: string };

const MINUTE_MS = 60_000;
const [WHOLE, LONG] = ['2026-11-21', '2026-11-22'];
let directory: string;
let dynamo: FakeDynamo;
let s3: FakeS3;
let gateway: FakeGateway;
let lambda: FakeLambda;
/** A window of each, since a broadcast that has been is not played again. */
let evenings = 0;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'pianola-one-evening-'));
  [dynamo, s3, gateway, lambda] = await Promise.all([
    fakeDynamo(),
    fakeS3(),
    fakeGateway('test'),
    fakeLambda(),
  ]);
});
afterAll(async () => {
  for (const fake of [dynamo, s3, gateway, lambda]) await fake?.close();
  await rm(directory, { recursive: true, force: true });
});

async function locally(mutation: Mutation | null): Promise<Evening> {
  const file = join(directory, 'local-evening.cjs');
  await writeFile(file, await bundled('tests/station/local-evening.ts', mutation));
  return JSON.parse((await promisify(execFile)(process.execPath, [file])).stdout);
}

/** The broadcaster that is deployed, in its own process, with AWS's services replaced by fakes of them. */
async function onLambda(mutation: Mutation | null): Promise<Evening> {
  const client = new S3Client({ ...fakeClient(s3.endpoint), forcePathStyle: true });
  const archive = performances(s3Blobs({ client, bucket: 'archive' }));
  const broadcasts = dynamoBroadcasts({ client: dynamo.client, table: 'BroadcastsTable' });
  const windows = dynamoWindows({ client: dynamo.client, table: 'WindowsTable' });
  const broadcaster = await startFunction({
    files: new Map([['src/lambda/broadcast.js', await bundled('src/lambda/broadcast.ts', mutation)]]),
    handler: 'src/lambda/broadcast.handler',
    memoryMb: 512,
    environment: {
      ...variablesOf({ dynamo, s3, lambda, gateway: `${gateway.endpoint}/test` }),
      ...{ CONNECTION_SHARDS: '16', DAILY_TIME: '20:00', TIME_ZONE: 'UTC', POSTS_PER_SECOND: '2000' },
    },
  });
  /** So that three seconds of it are left. */
  const play = async (window: string, startsAt: number, wanted: string): Promise<string> => {
    await archive.replace(stored(wanted, scale(Date.now() + 3_000 - startsAt)));
    const id = broadcastId(window, startsAt);
    await broadcasts.schedule({ id, startsAt, wanted, next: null });
    // Another began it, and died: on a busy machine ours may come after its end, and what nobody began would be missed then.
    const lease = await broadcasts.acquire(id, 'dead', startsAt, startsAt + 1);
    if (!('epoch' in lease)) throw new Error('nobody else has it');
    await broadcasts.change(lease, { state: 'live', performance: wanted });
    const answer = await broadcaster
      .invoke({ broadcast: id, reason: 'doors' })
      .catch(() => ({ outcome: 'failed' }));
    return (answer as { outcome: string }).outcome;
  };
  try {
    const whole = await play('now', Date.now() - 20_000, WHOLE);
    // Its window began at a whole minute, and was to last for one.
    const startsAt = (Math.floor(Date.now() / MINUTE_MS) - 1) * MINUTE_MS;
    const id = `short-${++evenings}`;
    const at = new Date(startsAt).toISOString().slice(0, 16);
    await windows.put(aWindow({ id, rule: { kind: 'once', at }, timeZone: 'UTC', limitMinutes: 1 }), 0);
    const long = await play(id, startsAt, LONG);
    await windows.remove(id, 1);
    return { whole, public: s3.objects.has(`site/${WHOLE}/record.json`), long };
  } finally {
    await broadcaster.stop();
    client.destroy();
    s3.objects.clear();
  }
}

const perform = (from: string, to: string): Mutation => ({ file: 'src/station/perform.ts', from, to });

test.each<[string, Mutation | null, Evening]>([
  ['as it is', null, { whole: 'ended', public: true, long: 'stopped' }],
  [
    'one that publishes nothing',
    perform("outcome === 'ended' ?", "outcome === 'superseded' ?"),
    { whole: 'ended', public: false, long: 'stopped' },
  ],
  [
    'one that knows no limit',
    perform('if (limit !== null)', 'if (limit === id)'),
    { whole: 'ended', public: true, long: 'ended' },
  ],
  [
    'one that fails',
    perform('const inForce = await', "throw new Error('a mutant');\n  const inForce = await"),
    { whole: 'failed', public: false, long: 'failed' },
  ],
])('%s is the same on this machine and on Lambda', async (_name, mutation, expected) => {
  const [here, there] = await Promise.all([locally(mutation), onLambda(mutation)]);
  expect({ here, there }).toEqual({ here: expected, there: expected });
});
