import { S3Client } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { s3Blobs, s3Site } from '../../../src/adapters/aws/s3-blobs.ts';
import { createObject, replaceObject } from '../../../src/adapters/aws/s3-object.ts';
import { performances } from '../../../src/adapters/stores/performances.ts';
import { aPerformance } from '../../contracts/performances.ts';
import { fakeClient } from '../../fakes/http.ts';
import { type FakeS3, fakeS3 } from '../../fakes/s3.ts';

const openBucket = async () => {
  const s3 = await fakeS3();
  const client = new S3Client({ ...fakeClient(s3.endpoint), forcePathStyle: true });
  const close = async () => {
    client.destroy();
    await s3.close();
  };
  return { s3, bucket: { client, bucket: 'archive' }, close };
};

let s3: FakeS3;
let opened: Awaited<ReturnType<typeof openBucket>>;
beforeEach(async () => {
  opened = await openBucket();
  s3 = opened.s3;
});
afterEach(() => opened.close());

test('a conflict with another conditional write is tried again, but not for ever', async () => {
  const object = (key: string) => createObject(opened.bucket, key, 'x');
  s3.failNext('PUT', 409, 'ConditionalRequestConflict', 2);
  expect(await object('a')).toBe('created');
  expect(s3.counts.get('PUT')).toBe(3);
  s3.failNext('PUT', 409, 'ConditionalRequestConflict', 99);
  await expect(object('b')).rejects.toThrow(/cannot be created/);
});

test('an object that goes between the look at it and its replacement has changed; a conflict is tried again, not for ever', async () => {
  const replace = () => replaceObject(opened.bucket, 'a', Buffer.from('x'), 'y');
  await createObject(opened.bucket, 'a', 'x');
  s3.failNext('PUT', 404, 'NoSuchKey');
  expect(await replace()).toBe('changed');
  s3.failNext('PUT', 409, 'ConditionalRequestConflict', 99);
  await expect(replace()).rejects.toThrow(/cannot be replaced/);
  expect(s3.objects.get('archive/a')!.body.toString()).toBe('x');
});

test('a bucket that forbids is a fault, and no missing key', async () => {
  s3.failNext('GET', 403, 'AccessDenied');
  await expect(performances(s3Blobs(opened.bucket)).get('2026-11-21')).rejects.toThrow(/cannot be read/);
});

test('bytes damaged on the way are noticed by their checksum', async () => {
  const performance = aPerformance('2026-11-21');
  await performances(s3Blobs(opened.bucket)).create(performance);
  s3.objects.get('archive/performances/2026-11-21.json')!.body = Buffer.from('{}');
  await expect(performances(s3Blobs(opened.bucket)).get('2026-11-21')).rejects.toThrow();
});

test('public files say what they are and how long they may be kept', async () => {
  const site = s3Site(opened.bucket);
  const headersOf = async (path: string) => {
    await site.put(path, 'x');
    const { headers } = s3.objects.get(`archive/${path}`)!;
    return [headers['content-type'], headers['cache-control']];
  };
  expect(await headersOf('index.json')).toEqual(['application/json', 'public, max-age=60']);
  expect(await headersOf('feed.xml')).toEqual(['application/rss+xml; charset=utf-8', 'public, max-age=60']);
  expect(await headersOf('2026-11-21/performance.mid')).toEqual([
    'audio/midi',
    'public, max-age=31536000, immutable',
  ]);
  expect(await headersOf('2026-11-21/index.html')).toEqual([
    'text/html; charset=utf-8',
    'public, max-age=60',
  ]);
  expect(await headersOf('2026-11-21/share.png')).toEqual(['image/png', 'public, max-age=86400']);
  expect(await headersOf('archive/2026/index.html')).toEqual([
    'text/html; charset=utf-8',
    'public, max-age=60',
  ]);
});
