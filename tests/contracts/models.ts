import { hash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Blobs, ModelRecord, Models } from '../../src/ports.ts';

export type OpenedModels = {
  readonly models: Models;
  /** Another operator's view of the same models. */
  readonly others: Models;
  /** What they are kept in: to change it behind the store's back. */
  readonly blobs: Blobs;
  close(): Promise<void>;
};

const [A, B, C] = ['a', 'b', 'c'].map((digit) => digit.repeat(64)) as [string, string, string];

/** A model of a few bytes, as a directory; nothing here runs it. */
async function aModel(directory: string, weights: string): Promise<ModelRecord> {
  const record: ModelRecord = {
    schema: 2,
    file: 'weights.onnx',
    sha256: hash('sha256', weights),
    bytes: weights.length,
    opset: 18,
    vocabularyHash: A,
    vocabularySize: 400,
    contextLength: 1024,
    layers: 4,
    headDim: 32,
    lanes: 4,
    usualNats: 2.2,
  };
  await writeFile(join(directory, 'weights.onnx'), weights);
  await writeFile(join(directory, 'model.json'), JSON.stringify(record));
  return record;
}

/** What every store of models must do. */
export function modelsContract(name: string, open: () => Promise<OpenedModels>): void {
  describe(`${name} keeps models`, () => {
    let opened: OpenedModels;
    let models: Models;
    let directory: string;
    beforeEach(async () => {
      opened = await open();
      models = opened.models;
      directory = await mkdtemp(join(tmpdir(), 'pianola-model-'));
    });
    afterEach(async () => {
      await opened.close();
      await rm(directory, { recursive: true });
    });

    test('begins with none, and none promoted', async () => {
      expect(await models.list()).toEqual([]);
      expect(await models.promoted()).toEqual([]);
      expect(await models.rollback(A)).toBe('changed');
    });

    test('a model that was pushed is listed, and can be brought, twice', async () => {
      const record = await aModel(directory, 'some weights');
      expect(await models.push(directory, record)).toBe('pushed');
      expect(await models.push(directory, record)).toBe('present');
      expect((await models.list()).map((stored) => stored.record)).toEqual([record]);
      for (const _ of [1, 2]) {
        const brought = await models.bring(record.sha256);
        expect(await readFile(join(brought, 'weights.onnx'), 'utf8')).toBe('some weights');
        expect(JSON.parse(await readFile(join(brought, 'model.json'), 'utf8'))).toEqual(record);
      }
    });

    test('one whose record is missing, another’s or none at all is not brought', async () => {
      const record = await aModel(directory, 'some weights');
      await expect(models.bring(record.sha256)).rejects.toThrow(/is missing/);
      await opened.blobs.write(`models/${B}/model.json`, JSON.stringify(record));
      await expect(models.bring(B)).rejects.toThrow(/of another model/);
      await opened.blobs.write(`models/${C}/model.json`, '{}');
      await expect(models.bring(C)).rejects.toThrow(/model\.json/);
      await expect(models.bring('../../etc')).rejects.toThrow('is not a sha256');
    });

    test('the one promoted last is in use, and promotions are taken back one by one', async () => {
      for (const sha256 of [A, B, B, A]) await models.promote(sha256);
      expect(await models.promoted()).toEqual([A, B, A]);
      expect(await models.rollback(A)).toEqual({ to: B });
      expect(await models.rollback(B)).toEqual({ to: A });
      expect(await models.rollback(A)).toEqual({ to: null });
      expect(await models.promoted()).toEqual([]);
    });

    test('who takes back what is no longer in use takes nothing back', async () => {
      await models.promote(A);
      await opened.others.promote(B);
      expect(await models.rollback(A)).toBe('changed');
      expect(await models.promoted()).toEqual([A, B]);
    });

    test('of operators who promote at once none is forgotten', async () => {
      const all = Array.from({ length: 8 }, (_, i) => `${i}`.repeat(64));
      await Promise.all(all.map((sha256, i) => (i % 2 ? models : opened.others).promote(sha256)));
      expect([...(await models.promoted())].sort()).toEqual(all);
    });

    test('twenty promotions can be taken back', async () => {
      for (let i = 0; i < 23; i++) await models.promote(i % 2 ? A : B);
      expect(await models.promoted()).toHaveLength(20);
    });

    test('what an earlier version promoted is in use, and can be taken back', async () => {
      await opened.blobs.write('models/promoted.json', JSON.stringify({ schema: 1, promoted: [A, B] }));
      expect(await models.promoted()).toEqual([A, B]);
      expect(await models.rollback(B)).toEqual({ to: A });
      await models.promote(C);
      expect(await opened.others.promoted()).toEqual([A, C]);
    });

    test('a history that cannot be read is a fault that names it', async () => {
      await opened.blobs.write('models/promoted/00000001.json', '{"schema":1,"promoted":["x"]}');
      await expect(models.promoted()).rejects.toThrow(/promoted\/00000001\.json.* cannot be understood/);
    });
  });
}
