import { spawn } from 'node:child_process';
import { S3Client } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { dynamoBroadcasts } from '../../src/adapters/aws/dynamodb-broadcasts.ts';
import { createObject, writeObject } from '../../src/adapters/aws/s3-object.ts';
import { type FakeCloudFormation, fakeCloudFormation } from '../fakes/cloudformation.ts';
import { type FakeDynamo, fakeDynamo } from '../fakes/dynamodb.ts';
import { fakeClient } from '../fakes/http.ts';
import { type FakeS3, fakeS3 } from '../fakes/s3.ts';
import { type FakeScheduler, fakeScheduler } from '../fakes/scheduler.ts';

/** The operator's scripts, run as an operator runs them, against an account of our own. */
let s3: FakeS3;
let cloudFormation: FakeCloudFormation;
let scheduler: FakeScheduler;
let dynamo: FakeDynamo;
beforeEach(async () => {
  s3 = await fakeS3();
  cloudFormation = await fakeCloudFormation();
  scheduler = await fakeScheduler();
  dynamo = await fakeDynamo();
  cloudFormation.stacks.set('pianola-test', {
    SiteUrl: 'https://piano.example',
    SiteBucketName: 'site',
    ArchiveBucketName: 'archive',
    BroadcastsTableName: 'BroadcastsTable',
  });
});
afterEach(async () => {
  await s3.close();
  await cloudFormation.close();
  await scheduler.close();
  await dynamo.close();
});

type Ran = { readonly code: number | null; readonly stdout: string; readonly stderr: string };

function run(script: string, ...args: string[]): Promise<Ran> {
  const child = spawn(process.execPath, ['--import', 'tsx', `infra/${script}.ts`, ...args], {
    env: {
      ...process.env,
      // Node's age is no concern of these.
      NODE_NO_WARNINGS: '1',
      AWS_REGION: 'eu-central-1',
      AWS_ACCESS_KEY_ID: 'fake',
      AWS_SECRET_ACCESS_KEY: 'fake',
      AWS_ENDPOINT_URL_S3: s3.endpoint,
      AWS_ENDPOINT_URL_SCHEDULER: scheduler.endpoint,
      AWS_ENDPOINT_URL_DYNAMODB: dynamo.endpoint,
      AWS_ENDPOINT_URL_CLOUDFORMATION: cloudFormation.endpoint,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (text) => (stdout += String(text)));
  child.stderr.on('data', (text) => (stderr += String(text)));
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, stdout, stderr })));
}

describe('deploy:site', () => {
  test('uploads the page, each file with its type and how long it lasts, the document last', async () => {
    const { code, stdout, stderr } = await run('deploy-site', '--stage', 'test');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^\d+ files; the page is on https:\/\/piano\.example within a minute\n$/);
    const headers = (key: string) => s3.objects.get(`site/${key}`)?.headers;
    expect(headers('index.html')).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'public, max-age=60',
    });
    expect(headers('page.js')).toMatchObject({
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': 'public, max-age=60',
    });
    expect(headers('style.css')).toMatchObject({ 'content-type': 'text/css; charset=utf-8' });
    const recordings = [...s3.objects].filter(([name]) => name.startsWith('site/piano/'));
    expect(recordings.length).toBeGreaterThan(1);
    for (const [, { headers }] of recordings) {
      expect(headers).toMatchObject({
        'content-type': 'audio/mpeg',
        'cache-control': 'public, max-age=31536000, immutable',
      });
    }
    const order = s3.versions('site').map(({ name }) => name);
    expect(order.at(-1)).toBe('site/index.html');
    expect(order.length).toBe(s3.objects.size);
  });

  test('with --dry-run says what it would upload, and uploads nothing', async () => {
    const { code, stdout } = await run('deploy-site', '--stage', 'test', '--dry-run');
    expect(code).toBe(0);
    expect(stdout).toContain('index.html  text/html; charset=utf-8  public, max-age=60\n');
    expect(stdout).toMatch(/\d+ files would go to site\n$/);
    expect(s3.objects.size).toBe(0);
  });

  test.each([
    [['--stage', 'absent'], 3, 'nothing is deployed as pianola-absent in eu-central-1'],
    [['--stages', 'test'], 2, "Unknown option '--stages'"],
  ])('%j is refused with exit code %i', async (args, exit, message) => {
    const { code, stderr } = await run('deploy-site', ...args);
    expect([code, stderr]).toEqual([exit, expect.stringContaining(message)]);
    expect(s3.objects.size).toBe(0);
  });

  test('a bucket that refuses is told with its cause, and not by a stack trace', async () => {
    s3.failNext('PUT', 403, 'AccessDenied', 10);
    const { code, stderr } = await run('deploy-site', '--stage', 'test');
    expect(code).toBe(1);
    expect(stderr).toMatch(/^s3:\/\/site\/\S+ cannot be written\nAccessDenied\n$/);
  });
});

describe('remove:stage', () => {
  const HOURLY = {
    ScheduleExpression: 'cron(5 * * * ? *)',
    ScheduleExpressionTimezone: 'Europe/Berlin',
    FlexibleTimeWindow: { Mode: 'OFF' },
    Target: { Arn: 'arn:aws:lambda:::function:compose', RoleArn: 'arn:aws:iam::1:role/timer', Input: '{}' },
  };
  /** The stack's own timer and two of a coming broadcast; five objects in two buckets, one written twice and one deleted: seven versions, four of them the archive's. */
  beforeEach(async () => {
    const client = new S3Client({ ...fakeClient(s3.endpoint), forcePathStyle: true });
    for (const name of ['pianola-test-compose', 'a-doors', 'b-check']) scheduler.schedules.set(name, HOURLY);
    const site = { client, bucket: 'site' };
    const archive = { client, bucket: 'archive' };
    for (const key of ['index.html', 'index.html', 'feed.xml']) await writeObject(site, key, 'x');
    for (const key of ['a', 'b', 'c']) await createObject(archive, `performances/${key}.json`, 'x');
    await fetch(`${s3.endpoint}/archive/performances/c.json`, {
      method: 'DELETE',
      headers: { authorization: 'AWS4-HMAC-SHA256 fake' },
    });
    client.destroy();
  });
  const left = () => [s3.versions('site').length, s3.versions('archive').length];

  test('deletes every version of what the site holds, and keeps the archive', async () => {
    expect(left()).toEqual([3, 4]);
    const { code, stdout, stderr } = await run('remove-stage', '--stage', 'test', '--yes');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toBe(
      [
        'pianola-test: 1 hourly schedule disabled, 2 timers deleted',
        'site: 3 versions deleted',
        'now: npx --no-install serverless remove --stage test',
        'should that fail at a bucket, a function was at work yet: run this again, and then that',
        'kept: the archive, archive',
        '',
      ].join('\n'),
    );
    expect(left()).toEqual([0, 4]);
  });

  test('nothing is begun any more that would publish: the hourly schedule is disabled as it was, the others are deleted', async () => {
    expect((await run('remove-stage', '--stage', 'test', '--yes')).code).toBe(0);
    expect([...scheduler.schedules.keys()]).toEqual(['pianola-test-compose']);
    expect(scheduler.schedules.get('pianola-test-compose')).toMatchObject({ ...HOURLY, State: 'DISABLED' });
  });

  test('is run again, with what is left: nothing to disable, no versions, a bucket and a table that have gone', async () => {
    await run('remove-stage', '--stage', 'test', '--yes');
    cloudFormation.stacks.set('pianola-test', {
      SiteBucketName: 'site',
      ArchiveBucketName: 'archive',
      BroadcastsTableName: 'gone',
    });
    const { code, stdout } = await run('remove-stage', '--stage', 'test', '--yes');
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^pianola-test: 0 hourly schedule disabled, 0 timers deleted\nsite: 0 versions deleted\n/,
    );
  });

  test('refuses while a broadcast is on the air, and not when its broadcaster has died', async () => {
    const rows = dynamoBroadcasts({ client: dynamo.client, table: 'BroadcastsTable' });
    const id = 'daily@2026-11-29T19:00:00.000Z';
    await rows.schedule({ id, startsAt: Date.now(), wanted: '2026-11-29', next: null });
    const until = Date.now() + 60_000;
    const lease = await rows.acquire(id, 'me', Date.now(), until);
    if (!('epoch' in lease)) throw new Error('no lease');
    await rows.change(lease, { state: 'live' });
    const { code, stderr } = await run('remove-stage', '--stage', 'test', '--yes');
    expect([code, stderr]).toEqual([4, expect.stringContaining(`${id} is on the air: stop it`)]);
    expect([left(), scheduler.schedules.size]).toEqual([[3, 4], 3]);
    // Held until a moment ago, by nobody who would let go of it.
    await rows.acquire(id, 'me', Date.now(), Date.now() - 1);
    expect((await run('remove-stage', '--stage', 'test', '--yes')).code).toBe(0);
  });

  test('with --archive deletes all of that as well, and the marks of what was deleted', async () => {
    const { code, stdout } = await run('remove-stage', '--stage', 'test', '--archive', '--yes');
    expect(code).toBe(0);
    expect(stdout).toContain('archive: 4 versions deleted\n');
    expect(stdout).not.toContain('kept');
    expect(left()).toEqual([0, 0]);
  });

  test('with --dry-run counts, page by page, and deletes nothing', async () => {
    const { code, stdout } = await run('remove-stage', '--stage', 'test', '--archive', '--dry-run');
    expect(code).toBe(0);
    expect(stdout).toBe('site: 3 versions would be deleted\narchive: 4 versions would be deleted\n');
    expect(left()).toEqual([3, 4]);
  });

  test('deletes nothing without a yes', async () => {
    const { code, stderr } = await run('remove-stage', '--stage', 'test', '--archive');
    expect([code, stderr]).toEqual([4, expect.stringContaining('nothing was deleted: say --yes')]);
    expect(left()).toEqual([3, 4]);
  });

  test('what cannot be deleted is told, and does not go on for ever', async () => {
    s3.locked.add('site/feed.xml');
    const { code, stderr } = await run('remove-stage', '--stage', 'test', '--yes');
    expect([code, stderr]).toEqual([1, expect.stringContaining('of site stay: Access Denied')]);
    expect(s3.versions('archive')).toHaveLength(4);
  });

  test('a stage that is not there is not found', async () => {
    const { code, stderr } = await run('remove-stage', '--stage', 'absent', '--yes');
    expect([code, stderr]).toEqual([3, expect.stringContaining('nothing is deployed as pianola-absent')]);
    expect(left()).toEqual([3, 4]);
  });
});
