import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { paginateListObjectsV2 } from '@aws-sdk/client-s3';
import { replaceFile } from '../disk/atomic-file.ts';
import type { ModelStore, StoredModel } from '../disk/model-store.ts';
import { type ModelRecord, parseModelRecord } from '../model-record.ts';
import { PROMOTED_KEY } from './s3-model.ts';
import { type Bucket, readObject, writeObject } from './s3-object.ts';

/** Promotions that can be taken back. */
const REMEMBERED = 20;
const keyOf = (sha256: string, name: string): string => `models/${sha256}/${name}`;

/**
 * The models of a stage, in its private bucket, as `compose` finds them there.
 * @param scratch directory of this machine to bring a model to
 */
export function s3ModelStore(bucket: Bucket, scratch: string): ModelStore {
  async function recordOf(sha256: string): Promise<ModelRecord | null> {
    const bytes = await readObject(bucket, keyOf(sha256, 'model.json'));
    const record = bytes && parseModelRecord(new TextDecoder().decode(bytes));
    return record && !('problem' in record) ? record : null;
  }
  async function promoted(): Promise<readonly string[]> {
    const bytes = await readObject(bucket, PROMOTED_KEY);
    if (!bytes) return [];
    return (JSON.parse(new TextDecoder().decode(bytes)) as { promoted: string[] }).promoted;
  }
  const write = (list: readonly string[]) =>
    writeObject(bucket, PROMOTED_KEY, JSON.stringify({ schema: 1, promoted: list.slice(-REMEMBERED) }), {
      ContentType: 'application/json',
    });

  return {
    promoted,
    async list() {
      const found = new Map<string, number>();
      const pages = paginateListObjectsV2(
        { client: bucket.client },
        { Bucket: bucket.bucket, Prefix: 'models/' },
      );
      for await (const { Contents = [] } of pages) {
        for (const { Key = '', LastModified } of Contents) {
          const [, sha256] = /^models\/([0-9a-f]{64})\/model\.json$/.exec(Key) ?? [];
          if (sha256) found.set(sha256, LastModified?.getTime() ?? 0);
        }
      }
      const models: StoredModel[] = [];
      for (const [sha256, pushedAt] of found) {
        const record = await recordOf(sha256);
        if (record) models.push({ record, pushedAt });
      }
      return models;
    },
    async push(directory, record) {
      if (await recordOf(record.sha256)) return 'present';
      // The record comes last: where it is, the weights are.
      await writeObject(
        bucket,
        keyOf(record.sha256, record.file),
        await readFile(join(directory, record.file)),
      );
      await writeObject(
        bucket,
        keyOf(record.sha256, 'model.json'),
        await readFile(join(directory, 'model.json')),
      );
      return 'pushed';
    },
    async bring(sha256) {
      const record = await recordOf(sha256);
      if (!record) throw new Error(`the bucket ${bucket.bucket} holds no model ${sha256}`);
      const directory = join(scratch, sha256);
      await mkdir(directory, { recursive: true });
      for (const name of [record.file, 'model.json']) {
        const bytes = await readObject(bucket, keyOf(sha256, name));
        if (!bytes) throw new Error(`s3://${bucket.bucket}/${keyOf(sha256, name)} is missing`);
        await replaceFile(join(directory, name), bytes);
      }
      return directory;
    },
    async promote(sha256) {
      const before = await promoted();
      if (before.at(-1) !== sha256) await write([...before, sha256]);
    },
    async rollback() {
      const before = await promoted();
      const from = before.at(-1);
      if (from === undefined) return null;
      await write(before.slice(0, -1));
      return { from, to: before.at(-2) ?? null };
    },
  };
}
