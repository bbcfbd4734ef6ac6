import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import { STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { DateTime } from 'luxon';
import { dynamoBroadcasts } from '../../../src/adapters/aws/dynamodb-broadcasts.ts';
import { scheduleName } from '../../../src/adapters/aws/eventbridge-timer.ts';
import { s3Blobs } from '../../../src/adapters/aws/s3-blobs.ts';
import { broadcastRecords } from '../../../src/adapters/stores/broadcast-records.ts';
import { models } from '../../../src/adapters/stores/models.ts';
import { performances } from '../../../src/adapters/stores/performances.ts';
import { broadcastId } from '../../../src/broadcast/id.ts';
import { replayHash } from '../../../src/broadcast/verify.ts';
import { useClients } from '../../../src/cli/place/stage.ts';
import { writeMidiFile } from '../../../src/music/midi/write.ts';
import { timeline } from '../../../src/music/timeline.ts';
import { type FakeDynamo, fakeDynamo } from '../../fakes/dynamodb.ts';
import { type FakeServer, fakeClient, serveFake } from '../../fakes/http.ts';
import { type FakeS3, fakeS3 } from '../../fakes/s3.ts';
import { type FakeScheduler, fakeScheduler } from '../../fakes/scheduler.ts';
import { inProcess, jsonLines } from '../../support/in-process.ts';
import { scale, stored } from '../../support/music.ts';
import { STAGE_VARIABLES as VARIABLES } from '../../support/stage-variables.ts';

const DAY = DateTime.now().setZone(VARIABLES.TIME_ZONE).toISODate()!;
const MUSIC = scale(20_000);

let dynamo: FakeDynamo;
let s3: FakeS3;
let scheduler: FakeScheduler;
let lambda: FakeServer;
let logs: FakeServer;
let account: FakeServer;
let quota = 10_000;
/** Whether the account has asked for it ever: AWS's default is told by another call. */
let isDefault = false;
let instances = 1_000;
/** What CloudFront and API Gateway say of the account. */
let distributions = '';
let cloudwatchRoleArn: string | undefined;
const asked: string[] = [];
const distribution = (status: string) =>
  `<DistributionList><IsTruncated>false</IsTruncated><Items><DistributionSummary><Id>E1</Id><Status>${status}</Status><DomainName>d1.cloudfront.net</DomainName><Aliases><Items><CNAME>piano.example</CNAME></Items></Aliases><Enabled>true</Enabled></DistributionSummary></Items></DistributionList>`;
const groups = new Set<string>();
const invoked: { name: string; event: unknown }[] = [];
let scratch: string;
let archive: { client: S3Client; bucket: string };

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'pianola-stage-'));
  [dynamo, s3, scheduler] = await Promise.all([fakeDynamo(), fakeS3(), fakeScheduler()]);
  lambda = await serveFake((request, response) => {
    if (/\/account-settings\/?$/.test(request.path)) {
      const AccountLimit = { ConcurrentExecutions: instances, UnreservedConcurrentExecutions: instances };
      return void response.writeHead(200).end(JSON.stringify({ AccountLimit }));
    }
    const [, name = '', action] = /\/functions\/([^/]+)\/(\w+)/.exec(decodeURIComponent(request.path)) ?? [];
    // One stage has no function of the usual name that composes, but one from an image.
    const imaged = name.startsWith('pianola-imaged-') && name !== 'pianola-imaged-compose';
    if (!imaged && !name.startsWith('pianola-test-')) {
      response.writeHead(404, { 'x-amzn-errortype': 'ResourceNotFoundException' }).end('{}');
    } else if (action === 'configuration') {
      response.writeHead(200).end(
        JSON.stringify({
          FunctionName: name,
          LastModified: '2026-11-29T12:00:00.000+0000',
          ...(name.endsWith('-image') ? { PackageType: 'Image' } : { Runtime: 'nodejs24.x' }),
          Environment: { Variables: VARIABLES },
        }),
      );
    } else {
      invoked.push({ name, event: JSON.parse(request.body.toString() || 'null') });
      response.writeHead(202).end();
    }
  });
  logs = await serveFake(({ body }, response) => {
    groups.add(JSON.parse(body.toString()).logGroupName);
    const event = (eventId: string, timestamp: number, line: object) => ({
      eventId,
      timestamp,
      message: JSON.stringify(line),
    });
    const events = [
      event('1', 1000, { level: 'INFO', message: 'compose.done', details: { notes: 7 } }),
      event('2', 2000, { level: 'INFO', message: 'broadcast.armed', details: { broadcast: 'a' } }),
    ];
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify({ events }));
  });
  account = await serveFake((request, response) => {
    if (isDefault && String(request.headers['x-amz-target']).endsWith('.GetServiceQuota')) {
      response.writeHead(400, { 'content-type': 'application/x-amz-json-1.1' });
      return void response.end(JSON.stringify({ __type: 'NoSuchResourceException' }));
    }
    if (request.headers['x-amz-target']) {
      response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' });
      return void response.end(JSON.stringify({ Quota: { Value: quota } }));
    }
    const result =
      '<GetCallerIdentityResult><Account>123456789012</Account><Arn>arn:aws:iam::123456789012:user/me</Arn></GetCallerIdentityResult>';
    response
      .writeHead(200, { 'content-type': 'text/xml' })
      .end(
        `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">${result}</GetCallerIdentityResponse>`,
      );
  });
  // S3's answer to "is there such a bucket".
  for (const bucket of ['archive', 'site']) {
    for (const path of [bucket, `${bucket}/`]) s3.objects.set(path, { body: Buffer.alloc(0), headers: {} });
  }
  const s3Client = new S3Client({ ...fakeClient(s3.endpoint), forcePathStyle: true });
  useClients({
    dynamo: dynamo.client,
    s3: s3Client,
    lambda: new LambdaClient(fakeClient(lambda.endpoint)),
    scheduler: new SchedulerClient(fakeClient(scheduler.endpoint)),
    logs: new CloudWatchLogsClient(fakeClient(logs.endpoint)),
    sts: new STSClient(fakeClient(account.endpoint)),
    quotas: new ServiceQuotasClient(fakeClient(account.endpoint)),
    ask: async (service, origin, path) => {
      asked.push(`${service} ${origin}${path}`);
      return service === 'cloudfront' ? distributions : JSON.stringify({ cloudwatchRoleArn });
    },
  });
  archive = { client: s3Client, bucket: VARIABLES.ARCHIVE_BUCKET };
  await performances(s3Blobs(archive)).create(stored(DAY, MUSIC));
  await broadcastRecords(s3Blobs(archive)).put({
    schema: 1,
    id: `daily@${DAY}T00:00:00.000Z`,
    startsAt: Date.parse(`${DAY}T00:00Z`),
    state: 'ended',
    performance: DAY,
    encore: false,
    durationMs: MUSIC.durationMs,
    epoch: 1,
    startLatenessMs: 1,
    endedAt: 0,
    ...replayHash(timeline(MUSIC)),
  });
});
afterAll(async () => {
  // As the process of a command does; it takes away the model that it has brought.
  process.emit('exit', 0);
  await Promise.all([dynamo, s3, scheduler, lambda, logs, account].map((fake) => fake.close()));
  await rm(scratch, { recursive: true, force: true });
});

const stage = (...args: string[]) => inProcess([...args, '--stage', 'test', '--json']);

describe('a stage', () => {
  test('that is none: 3; whose name is none: 2', async () => {
    const none = await inProcess(['status', '--stage', 'nowhere']);
    expect(none.code).toBe(3);
    expect(none.stderr).toContain('there is no stage nowhere in this account and Region');
    expect((await inProcess(['status', '--stage', '../x'])).code).toBe(2);
  });

  test('windows are kept in its table, in its zone; what a change does away with is disarmed, the rest armed', async () => {
    const inAnHour = DateTime.now().setZone(VARIABLES.TIME_ZONE).plus({ hours: 1 }).startOf('minute');
    const added = await stage('schedule', 'add', '--once', inAnHour.toFormat("yyyy-MM-dd'T'HH:mm"));
    expect({ code: added.code, stderr: added.stderr }).toEqual({ code: 0, stderr: '' });
    const { id, timeZone, version, next } = JSON.parse(added.stdout);
    expect({ timeZone, version, startsAt: next.startsAt }).toEqual({
      timeZone: VARIABLES.TIME_ZONE,
      version: 1,
      startsAt: inAnHour.toMillis(),
    });
    expect(invoked.at(-1)).toEqual({ name: 'pianola-test-compose', event: {} });
    expect(jsonLines((await stage('schedule', 'list')).stdout)).toMatchObject([{ id, version: 1 }]);

    const timers = ['doors', 'check'].map((reason) =>
      scheduleName(broadcastId(id, next.startsAt), reason as 'doors' | 'check'),
    );
    for (const name of timers) scheduler.schedules.set(name, {} as never);
    expect((await stage('schedule', 'cancel', id, '--yes')).code).toBe(0);
    expect([...scheduler.schedules.keys()].filter((name) => timers.includes(name))).toEqual([]);
    expect((await stage('schedule', 'list')).stdout).toBe('');
  });

  test('without windows the daily one of the stack is in force', async () => {
    const [next] = jsonLines((await stage('schedule', 'next', '-n', '1')).stdout);
    expect(next).toMatchObject({ window: 'daily', timeZone: VARIABLES.TIME_ZONE });
    expect(next.local).toContain(`T${VARIABLES.DAILY_TIME}:00-0`);
  });

  test('broadcast now writes the row and wakes a broadcaster; a second is refused while it is on the air; stop stops it', async () => {
    const { code, stdout } = await stage('broadcast', 'now');
    expect(code).toBe(0);
    const { broadcast } = JSON.parse(stdout);
    expect(invoked.at(-1)).toEqual({ name: 'pianola-test-broadcast', event: { broadcast, reason: 'doors' } });
    const rows = dynamoBroadcasts({ client: dynamo.client, table: VARIABLES.BROADCASTS_TABLE });
    const lease = await rows.acquire(broadcast, 'me', Date.now(), Date.now() + 60_000);
    if (!('epoch' in lease)) throw new Error('no lease');
    await rows.change(lease, { state: 'live', performance: DAY, durationMs: MUSIC.durationMs });
    expect((await stage('broadcast', 'now')).code).toBe(5);
    expect(JSON.parse((await stage('broadcast', 'status')).stdout)).toMatchObject({
      listeners: 0,
      broadcast: { id: broadcast, state: 'live', performance: DAY },
    });
    expect(JSON.parse((await stage('broadcast', 'stop', '--yes')).stdout)).toEqual({
      broadcast,
      stopped: true,
    });
    expect((await rows.get(broadcast))?.state).toBe('stopped');
    expect((await stage('broadcast', 'stop')).code).toBe(3);
  });

  test('broadcast extra plays the best continuation of the stage’s bucket, which is no day of its archive', async () => {
    expect((await stage('broadcast', 'extra')).code).toBe(3);
    const { midi, record } = stored(DAY, scale(4_000, 100));
    const told = { ...record, name: 'mine.mid', continuedFromMs: 2_000, movement: 'Continuation in C major' };
    const blobs = s3Blobs(archive);
    await blobs.write('continuations/mine.mid/continued.mid', midi);
    await blobs.write(
      'continuations/mine.mid/record.json',
      new TextEncoder().encode(JSON.stringify({ ...told, minutes: 1, candidates: 8 })),
    );
    const dry = await stage('broadcast', 'extra', '--dry-run');
    expect(JSON.parse(dry.stdout)).toMatchObject({ name: 'mine.mid', written: false });
    const { code, stdout } = await stage('broadcast', 'extra');
    expect(code).toBe(0);
    const { broadcast, performance } = JSON.parse(stdout);
    expect(performance).toBe(`${DAY}-extra`);
    expect(invoked.at(-1)).toEqual({ name: 'pianola-test-broadcast', event: { broadcast, reason: 'doors' } });
    expect(await performances(blobs).list()).toEqual([DAY]);
  });

  test('compose asks for a day that is there no more than it must; what a stage has its own of is refused', async () => {
    const count = invoked.length;
    const { code, stdout } = await stage('compose', '--date', DAY);
    expect([code, JSON.parse(stdout)]).toMatchObject([
      0,
      { id: DAY, outcome: 'present', tokensPerSecond: null },
    ]);
    expect(invoked).toHaveLength(count);
    const refused = await stage('compose', '--seed', '7', '--out', 'a.mid');
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('leave out --seed, --out')]);
  });

  test('compose has the stage compose a day, and waits for what it stores', async () => {
    const [date, count] = ['2030-06-01', invoked.length];
    const asked = stage('compose', '--date', date);
    while (invoked.length === count) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(invoked.slice(count)).toEqual([{ name: 'pianola-test-compose', event: { date } }]);
    await performances(s3Blobs(archive)).create(stored(date, MUSIC));
    const { code, stdout } = await asked;
    expect([code, JSON.parse(stdout)]).toMatchObject([0, { id: date, outcome: 'composed' }]);
    for (const key of s3.objects.keys())
      if (key === `archive/performances/${date}.json`) s3.objects.delete(key);
  });

  test('whose composing function is from an image is found by its other name: asked, looked at, and its log read', async () => {
    const imaged = (...args: string[]) => inProcess([...args, '--stage', 'imaged', '--json']);
    const rows: { check: string; detail: string }[] = jsonLines((await imaged('doctor')).stdout);
    expect(rows.find(({ check }) => check === 'functions')?.detail).toBe(
      'compose of 2026-11-29T12:00 from an image, broadcast of 2026-11-29T12:00 on nodejs24.x, message of 2026-11-29T12:00 on nodejs24.x, connect of 2026-11-29T12:00 on nodejs24.x',
    );
    const [date, count] = ['2030-06-02', invoked.length];
    const asked = imaged('compose', '--date', date);
    while (invoked.length === count) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(invoked.slice(count)).toEqual([{ name: 'pianola-imaged-compose-image', event: { date } }]);
    await performances(s3Blobs(archive)).create(stored(date, MUSIC));
    expect(JSON.parse((await asked).stdout)).toMatchObject({ id: date, outcome: 'composed' });
    for (const key of s3.objects.keys())
      if (key === `archive/performances/${date}.json`) s3.objects.delete(key);
    groups.clear();
    await imaged('logs', '-n', '1');
    expect([...groups].sort()).toEqual([
      '/aws/lambda/pianola-imaged-broadcast',
      '/aws/lambda/pianola-imaged-compose-image',
    ]);
  });

  test('replay fetches the record and the MIDI, and verifies', async () => {
    const frames = jsonLines((await stage('replay', DAY, '--speed', '10000')).stdout);
    expect(frames.flatMap(({ frame }) => frame.notes ?? [])).toHaveLength(MUSIC.notes.length);
    expect(JSON.parse((await stage('replay', DAY, '--verify')).stdout)).toMatchObject({
      verified: true,
      chunks: 2,
    });
    expect(JSON.parse((await stage('inspect', DAY)).stdout).notes).toHaveLength(MUSIC.notes.length);
    expect((await stage('replay', '2020-01-01')).code).toBe(3);
  });

  test('status and logs', async () => {
    expect(JSON.parse((await stage('status')).stdout)).toMatchObject({
      performances: { count: 1, newest: DAY },
      last: { performance: DAY },
    });
    const found = jsonLines((await stage('logs', '-n', '3')).stdout);
    // Both log groups give the same here.
    expect(found.at(0)).toMatchObject({ event: 'compose.done', notes: 7 });
    expect(found).toHaveLength(3);
  });

  test('doctor: a row for each part, with what to do where it is not ok', async () => {
    const rows = async () => {
      const { code, stdout } = await stage('doctor');
      const found: { check: string; state: string; detail: string; remedy?: string }[] = jsonLines(stdout);
      return { code, found, of: (check: string) => found.find((row) => row.check === check)! };
    };
    [distributions, cloudwatchRoleArn] = [distribution('Deployed'), 'arn:aws:iam::1:role/logs'];
    const first = await rows();
    expect(first.found.map(({ check }) => check)).toEqual([
      'credentials',
      'Region',
      'concurrency',
      'CloudFront',
      'log role',
      'tables',
      'buckets',
      'schedules',
      'functions',
      'last compose',
      'last broadcast',
    ]);
    expect(first.of('credentials').detail).toContain('account 123456789012');
    expect(first.of('Region')).toMatchObject({
      state: 'ok',
      detail: expect.stringContaining('10000 requests a second'),
    });
    for (const check of ['tables', 'buckets', 'functions', 'last broadcast'])
      expect(first.of(check).state).toBe('ok');
    // Nothing was armed in these tests, and the performance was composed in 1970.
    expect(first.of('schedules')).toMatchObject({
      state: 'failed',
      detail: expect.stringMatching(/^0 of [12] broadcasts /),
    });
    expect(first.of('last compose')).toMatchObject({
      state: 'warning',
      remedy: expect.stringContaining('logs'),
    });
    expect(first.code).toBe(1);

    expect(first.of('concurrency')).toMatchObject({
      state: 'ok',
      detail: '1000 functions at once, of 1000 of the account',
    });

    expect(first.of('CloudFront')).toMatchObject({
      state: 'ok',
      detail: 'E1 is piano.example, deployed: the account is verified',
    });
    expect(first.of('log role')).toMatchObject({
      state: 'ok',
      detail: 'arn:aws:iam::1:role/logs: the access log can be switched on by accessLog=on',
    });
    expect(asked.slice(0, 2).sort()).toEqual([
      expect.stringMatching(/^apigateway https:\/\/apigateway\.[a-z0-9-]+\.amazonaws\.com\/account$/),
      'cloudfront https://cloudfront.amazonaws.com/2020-05-31/distribution',
    ]);

    [quota, isDefault, instances] = [2400, true, 10];
    [distributions, cloudwatchRoleArn] = [
      '<DistributionList><IsTruncated>false</IsTruncated></DistributionList>',
      undefined,
    ];
    s3.objects.delete('site');
    s3.objects.delete('site/');
    const second = await rows();
    expect(second.of('Region')).toMatchObject({
      state: 'warning',
      detail: expect.stringContaining('2400 requests a second'),
      remedy: expect.stringContaining('1500 + 300 + 400 = 2200 a second'),
    });
    expect(second.of('concurrency')).toMatchObject({
      state: 'warning',
      remedy: expect.stringContaining('L-B99A9384'),
    });
    expect(second.of('buckets').state).toBe('failed');
    expect(second.of('CloudFront')).toMatchObject({
      state: 'warning',
      remedy: expect.stringContaining('not verified yet'),
    });
    expect(second.of('log role').detail).toBe('none: an access log needs accessLog=with-role');
    distributions = distribution('InProgress');
    expect((await rows()).of('CloudFront')).toMatchObject({
      state: 'warning',
      detail: 'E1 is piano.example, inprogress: the account is verified',
    });
  });

  test('models are pushed, promoted and taken back, where compose looks for them', async () => {
    const model = resolve(import.meta.dirname, '../../../model');
    const pushed = JSON.parse((await stage('models', 'push', model)).stdout);
    expect(s3.objects.has(`archive/models/${pushed.sha256}/model.json`)).toBe(true);
    expect((await stage('models', 'promote', pushed.sha256.slice(0, 8))).code).toBe(0);
    const promoted = () => models(s3Blobs(archive), { scratch }).promoted();
    expect(await promoted()).toEqual([pushed.sha256]);
    expect(jsonLines((await stage('models', 'list')).stdout)).toMatchObject([
      { packaged: true },
      { sha256: pushed.sha256, inUse: true },
    ]);
    expect((await stage('models', 'rollback', '--yes')).code).toBe(0);
    expect(await promoted()).toEqual([]);
  });

  test('a prompt is put and listed where the stage composes; a day that is composed takes none', async () => {
    const file = join(scratch, 'mine.mid');
    await writeFile(file, writeMidiFile({ title: 'x', music: MUSIC, markers: [] }));
    const put = (...args: string[]) => stage('prompts', 'put', file, ...args);
    const { sha256 } = JSON.parse((await put('--date', '2030-01-02')).stdout);
    expect(s3.objects.has(`archive/prompts/${sha256}.mid`)).toBe(true);
    expect(jsonLines((await stage('prompts', 'list')).stdout)).toMatchObject([
      { date: '2030-01-02', sha256 },
    ]);
    expect((await put('--date', DAY)).code).toBe(5);
  });
});

test('a corpus is published in the site’s bucket, with the headers that CloudFront hands on, and withdrawn from it', async () => {
  const corpus = join(scratch, 'corpus');
  await mkdir(join(corpus, 'mill'), { recursive: true });
  const midi = writeMidiFile({ title: 'Scale', music: MUSIC, markers: [] });
  await writeFile(join(corpus, 'mill', 'scale.mid'), midi);
  await writeFile(join(corpus, 'splits.tsv'), 'file\tsplit\tgroup\nmill/scale.mid\ttrain\t0\n');
  const published = await inProcess([
    ...['corpus', 'publish', corpus, '--takedown', 'https://example.org/write', '--stage', 'test', '--json'],
  ]);
  expect(published).toMatchObject({ code: 0 });
  const there = () =>
    [...s3.objects]
      .filter(([name]) => name.startsWith('site/shelf/'))
      .map(([name, { headers }]) => [
        name.slice('site/shelf/'.length),
        headers['content-type'],
        headers['cache-control'],
      ])
      .sort();
  const id = createHash('sha256').update(midi).digest('hex').slice(0, 16);
  const pages = ['text/html; charset=utf-8', 'public, max-age=60'];
  expect(there()).toEqual([
    ['index.html', ...pages],
    [`midi/${id}.mid`, 'audio/midi', 'public, max-age=86400'],
    ['mill/index.html', ...pages],
    ['shelf.json', 'application/json', 'public, max-age=60'],
  ]);
  expect((await inProcess(['corpus', 'withdraw', id, '--stage', 'test'])).code).toBe(0);
  expect(there().map(([name]) => name)).toEqual(['index.html', 'shelf.json', 'withdrawn.json']);
});
