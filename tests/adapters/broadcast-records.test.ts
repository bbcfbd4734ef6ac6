import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { S3Client } from '@aws-sdk/client-s3';
import { expect, test } from '@jest/globals';
import { s3BroadcastRecords } from '../../src/adapters/aws/s3-broadcast-records.ts';
import { fileBroadcastRecords } from '../../src/adapters/disk/broadcast-records.ts';
import { memoryBroadcastRecords } from '../../src/adapters/memory/windows.ts';
import { recordsContract } from '../contracts/broadcast-records.ts';
import { fakeClient } from '../fakes/http.ts';
import { fakeS3 } from '../fakes/s3.ts';

recordsContract('memory', async () => ({ records: memoryBroadcastRecords() }));
recordsContract('files', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'pianola-records-'));
  return { records: fileBroadcastRecords(directory), close: () => rm(directory, { recursive: true }) };
});
recordsContract('S3', async () => {
  const s3 = await fakeS3();
  const client = new S3Client({ ...fakeClient(s3.endpoint), forcePathStyle: true });
  return { records: s3BroadcastRecords({ client, bucket: 'archive' }), close: () => s3.close() };
});

test('a file that is no record is a fault that names it; an id that leads elsewhere is refused', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'pianola-records-'));
  await writeFile(join(directory, 'a.json'), '{"schema": 9}');
  await expect(fileBroadcastRecords(directory).list()).rejects.toThrow(
    'a.json is not the record of a broadcast',
  );
  expect(() => fileBroadcastRecords(directory).get('../a')).toThrow('is not a broadcast');
  await rm(directory, { recursive: true });
});
