import { S3Client } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createObject } from '../../../src/adapters/aws/s3-object.ts';
import { s3Performances } from '../../../src/adapters/aws/s3-performances.ts';
import { s3Site } from '../../../src/adapters/aws/s3-site.ts';
import { aPerformance, performancesContract } from '../../contracts/performances.ts';
import { siteContract } from '../../contracts/site.ts';
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

performancesContract('S3', async () => {
  const { s3, bucket, close } = await openBucket();
  return {
    performances: s3Performances(bucket),
    async corrupt({ record }) {
      const object = s3.objects.get(`archive/midi/${record.midiSha256}.mid`)!;
      object.body = Buffer.from('MThd changed');
      // As if someone had put it there: with a checksum of its own.
      delete object.headers['x-amz-checksum-crc32'];
    },
    close,
  };
});
siteContract('S3', async () => {
  const { bucket, close } = await openBucket();
  return { site: s3Site(bucket), close };
});

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

test('a bucket that forbids is a fault, and no missing key', async () => {
  s3.failNext('GET', 403, 'AccessDenied');
  await expect(s3Performances(opened.bucket).get('2026-11-21')).rejects.toThrow(/cannot be read/);
});

test('bytes damaged on the way are noticed by their checksum', async () => {
  const performance = aPerformance('2026-11-21');
  await s3Performances(opened.bucket).create(performance);
  s3.objects.get('archive/performances/2026-11-21.json')!.body = Buffer.from('{}');
  await expect(s3Performances(opened.bucket).get('2026-11-21')).rejects.toThrow();
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
