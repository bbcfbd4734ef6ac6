/** A model that cannot be used, and a day that cannot be composed in time: what is heard, and who is told. */
import { cp, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { dynamoBroadcasts } from '../../src/adapters/aws/dynamodb-broadcasts.ts';
import { dynamoConnections } from '../../src/adapters/aws/dynamodb-connections.ts';
import { s3Blobs } from '../../src/adapters/aws/s3-blobs.ts';
import { memoryPerformances } from '../../src/adapters/memory/memory.ts';
import { performances } from '../../src/adapters/stores/performances.ts';
import { systemClock } from '../../src/adapters/system-clock.ts';
import { openComposer } from '../../src/cli/place/composer.ts';
import { composeDay } from '../../src/compose/day.ts';
import { readMidiFile } from '../../src/music/midi/file.ts';
import { parseFrame } from '../../src/wire.ts';
import { type FakeDynamo, fakeDynamo } from '../fakes/dynamodb.ts';
import { type FakeGateway, fakeGateway } from '../fakes/gateway.ts';
import { fakeClient } from '../fakes/http.ts';
import { type FakeLambda, fakeLambda } from '../fakes/lambda.ts';
import { type FakeS3, fakeS3 } from '../fakes/s3.ts';
import { type FakeScheduler, fakeScheduler } from '../fakes/scheduler.ts';
import { inProcess, lines } from '../support/in-process.ts';
import { scale, stored } from '../support/music.ts';
import { twelveHoursAway, variablesOf } from '../support/stage-variables.ts';

const PACKAGED = resolve(import.meta.dirname, '../../model');
let directory: string;
let dynamo: FakeDynamo;
let s3: FakeS3;
let gateway: FakeGateway;
let lambda: FakeLambda;
let scheduler: FakeScheduler;
let client: S3Client;
const printed: string[] = [];
const { write } = process.stdout;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'pianola-models-'));
  [dynamo, s3, gateway] = [await fakeDynamo(), await fakeS3(), await fakeGateway()];
  [lambda, scheduler] = [await fakeLambda(), await fakeScheduler()];
  client = new S3Client({ ...fakeClient(s3.endpoint), forcePathStyle: true });
  Object.assign(process.env, variablesOf({ dynamo, s3, lambda, gateway: gateway.endpoint }), {
    POWERTOOLS_LOG_LEVEL: 'SILENT',
    AWS_ENDPOINT_URL_SCHEDULER: scheduler.endpoint,
    // Twelve hours away: composed now, and played long after this.
    DAILY_TIME: twelveHoursAway('UTC'),
    TIME_ZONE: 'UTC',
    MINUTES: '0.5',
  });
  // Where a bundle of CommonJS knows it by itself.
  Object.assign(globalThis, { __filename: 'no thread begins' });
  // Metrics are lines of the log.
  process.stdout.write = ((text: string | Uint8Array) => Boolean(printed.push(String(text)))) as typeof write;
});
afterAll(async () => {
  process.stdout.write = write;
  client.destroy();
  for (const fake of [dynamo, s3, gateway, lambda, scheduler]) await fake.close();
  await rm(directory, { recursive: true, force: true });
});

type Handler = (event: unknown, context: object) => Promise<unknown>;
const handlerOf = async (name: string) =>
  ((await import(`../../src/lambda/${name}.ts`)) as { handler: Handler }).handler;
const context = { awsRequestId: 'one', getRemainingTimeInMillis: () => 900_000 };

const edit = (change: Record<string, unknown>) => async (folder: string) => {
  const path = join(folder, 'model.json');
  await writeFile(path, JSON.stringify({ ...JSON.parse(await readFile(path, 'utf8')), ...change }));
};
const weights = (folder: string) => join(folder, 'pianola.onnx');
/** What is wrong, and how it is told. */
const WRONG: readonly (readonly [string, (folder: string) => Promise<unknown>, RegExp])[] = [
  ['missing', (folder) => rm(weights(folder)), /cannot be read/],
  ['truncated', (folder) => truncate(weights(folder), 100_000), /100000 bytes instead of \d+/],
  ['of another sha256', edit({ sha256: '0'.repeat(64) }), /sha256 [0-9a-f]{64}, expected 0{64}/],
  ['of another vocabulary', edit({ vocabularyHash: '0'.repeat(64) }), /another token vocabulary/],
  ['of an opset too new', edit({ opset: 99 }), /opset 99/],
  ['without a record', (folder) => rm(join(folder, 'model.json')), /there is no model/],
];
async function spoiled(spoil: (folder: string) => Promise<unknown>): Promise<string> {
  const root = await mkdtemp(join(directory, 'root-'));
  for (const file of ['model.json', 'pianola.onnx'])
    await cp(join(PACKAGED, file), join(root, 'model', file), { recursive: true });
  await spoil(join(root, 'model'));
  return root;
}

test('case 67: a model that is missing, cut, changed, of another vocabulary or a later opset is refused before composing, and nothing is stored', async () => {
  const prepare = await handlerOf('prepare');
  for (const [what, spoil, told] of WRONG) {
    const root = await spoiled(spoil);
    process.env.LAMBDA_TASK_ROOT = root;
    const before = process.cpuUsage();
    await expect(prepare({}, context)).rejects.toThrow(told);
    const { user, system } = process.cpuUsage(before);
    expect({ what, late: user + system > 5_000_000 }).toEqual({ what, late: false });
    expect(printed.splice(0).join('\n')).toContain('"ComposeFailed":1');
    // What comes is armed all the same, and no music was kept.
    expect(scheduler.schedules.size).toBeGreaterThan(0);
    expect([...s3.objects.keys()].filter((key) => key.startsWith('archive/'))).toEqual([]);

    const out = join(root, 'a.mid');
    const command = await inProcess(['compose', '--model', join(root, 'model'), '--out', out]);
    expect({ what, code: command.code, lines: lines(command.stderr).length }).toEqual({
      what,
      code: 1,
      lines: 1,
    });
    expect(command.stderr).toMatch(told);
    expect(await readdir(root)).toEqual(['model']);
  }
});

test('case 67: the day is then an encore, announced as one; who operates the station is told by alarms', async () => {
  const archive = performances(s3Blobs({ client, bucket: 'archive' }));
  await archive.create(stored('2026-11-19', scale(2_000)));
  const connections = dynamoConnections({
    ...{ client: dynamo.client, table: 'ConnectionsTable', shards: 4, clock: systemClock },
  });
  gateway.received.set('a=', []);
  await connections.add('a=');
  const broadcasts = dynamoBroadcasts({ client: dynamo.client, table: 'BroadcastsTable' });
  const startsAt = Date.now() + 1_000;
  const id = `now@${new Date(startsAt).toISOString()}`;
  await broadcasts.schedule({ id, startsAt, wanted: '2026-11-21', next: null });
  const event = { broadcast: id, reason: 'doors' };
  expect(await (await handlerOf('broadcast'))(event, context)).toEqual({ outcome: 'ended' });
  const hello = gateway.received
    .get('a=')!
    .map(parseFrame)
    .findLast((frame) => frame?.type === 'hello');
  expect(hello).toMatchObject({ state: 'ended', performance: '2026-11-19', encore: true });
  expect(printed.join('\n')).toContain('"EncorePlayed":1');

  const { Resources } = parse(await readFile('infra/alarms.yml', 'utf8'), { logLevel: 'silent' });
  const alarms = Object.values(Resources as Record<string, { Properties: Record<string, unknown> }>);
  for (const MetricName of ['ComposeFailed', 'EncorePlayed', 'ModelFellBack']) {
    const alarm = alarms.find(({ Properties }) => Properties.MetricName === MetricName)?.Properties;
    expect(alarm).toMatchObject({ Threshold: 0, ComparisonOperator: 'GreaterThanThreshold' });
    expect(alarm?.AlarmActions).toHaveLength(1);
  }
});

test('case 68: what is composed when the time is over is ended and kept, and says that it was cut short; too little is none', async () => {
  /** @param lateAtMs the time is over when so much is composed; null: before anything is */
  const compose = async (lateAtMs: number | null) => {
    const archive = memoryPerformances();
    let late = lateAtMs === null;
    const day = composeDay(
      // The budget is given: the clock does nothing but end it.
      { date: '2026-11-21', minutes: 2, candidates: 1, tokenBudget: 1_000_000, deadline: 900_000 },
      archive,
      async () => ({
        ...(await openComposer({ data: '/nowhere' })),
        clock: { now: () => (late ? 900_000 : 0) },
        onProgress({ composedMs }) {
          late ||= composedMs > (lateAtMs ?? 0);
        },
      }),
    );
    const outcome = await day.catch((error: Error) => error.constructor.name);
    return { outcome, stored: await archive.get('2026-11-21') };
  };
  const { stored } = await compose(60_000);
  expect(stored?.record.settings).toMatchObject({ minutes: 2, cutShort: true });
  expect(stored!.record.durationMs).toBeGreaterThan(30_000);
  expect(stored!.record.durationMs).toBeLessThan(110_000);
  const file = readMidiFile(stored!.midi);
  if ('problem' in file) throw new Error(file.problem);
  // Not broken off: its last strike is held, and three seconds of silence end it.
  const release = Math.max(...file.music.notes.map(({ onsetMs, durationMs }) => onsetMs + durationMs));
  expect(file.music.durationMs - release).toBeGreaterThanOrEqual(3_000);
  expect(await compose(null)).toEqual({ outcome: 'DeadlineError', stored: null });
});
