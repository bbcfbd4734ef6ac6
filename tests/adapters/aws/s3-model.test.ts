import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { S3Client } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { PROMOTED_KEY, s3Model } from '../../../src/adapters/aws/s3-model.ts';
import { writeObject } from '../../../src/adapters/aws/s3-object.ts';
import { openModel } from '../../../src/sampling/onnx.ts';
import { fakeClient } from '../../fakes/http.ts';
import { type FakeS3, fakeS3 } from '../../fakes/s3.ts';

let s3: FakeS3;
let bucket: { client: S3Client; bucket: string };
let scratch: string;
let record: { file: string; sha256: string; bytes: number };
let weights: Buffer;
beforeEach(async () => {
  s3 = await fakeS3();
  bucket = { client: new S3Client({ ...fakeClient(s3.endpoint), forcePathStyle: true }), bucket: 'archive' };
  scratch = await mkdtemp(join(tmpdir(), 'pianola-scratch-'));
  record = JSON.parse(await readFile('model/model.json', 'utf8'));
  weights = await readFile(join('model', record.file));
});
afterEach(async () => {
  bucket.client.destroy();
  await s3.close();
  await rm(scratch, { recursive: true });
});

const promote = (sha256: string) =>
  writeObject(bucket, PROMOTED_KEY, JSON.stringify({ schema: 1, promoted: ['0'.repeat(64), sha256] }));
async function push(as = record, bytes: Uint8Array = weights): Promise<void> {
  await writeObject(bucket, `models/${as.sha256}/model.json`, JSON.stringify(as));
  await writeObject(bucket, `models/${as.sha256}/${as.file}`, bytes);
  await promote(as.sha256);
}

test('without a promotion there is none, and the packaged model composes', async () => {
  expect(await s3Model(bucket, scratch)).toBeNull();
});

test('the model promoted last is brought here, and can be opened; a second time only its record is read', async () => {
  await push();
  const directory = await s3Model(bucket, scratch);
  expect(directory).toBe(join(scratch, 'models', record.sha256));
  const model = await openModel(directory!);
  expect(model.sha256).toBe(record.sha256);
  await model.release();
  const reads = s3.counts.get('GET')!;
  await s3Model(bucket, scratch);
  expect(s3.counts.get('GET')! - reads).toBe(2);
});

test('weights that are not those of the record are brought here and refused when opened', async () => {
  const damaged = Buffer.from(weights);
  damaged[1000]! ^= 1;
  await push(record, damaged);
  const directory = await s3Model(bucket, scratch);
  await expect(openModel(directory!)).rejects.toThrow(/sha256/);
});

test('a record of another model, a missing one, and one that is none are refused', async () => {
  const other = createHash('sha256').update('other').digest('hex');
  await writeObject(bucket, `models/${other}/model.json`, JSON.stringify(record));
  await promote(other);
  await expect(s3Model(bucket, scratch)).rejects.toThrow(/of another model/);
  await promote('f'.repeat(64));
  await expect(s3Model(bucket, scratch)).rejects.toThrow(/is missing/);
  await writeObject(bucket, `models/${other}/model.json`, '{}');
  await promote(other);
  await expect(s3Model(bucket, scratch)).rejects.toThrow(/model\.json/);
});
