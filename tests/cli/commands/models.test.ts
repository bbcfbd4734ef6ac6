import { hash } from 'node:crypto';
import { cp, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { modelDirectory } from '../../../src/cli/place/model-directory.ts';
import { inProcess, jsonLines } from '../../support/in-process.ts';

const PACKAGED = resolve(import.meta.dirname, '../../../model');
let data: string;
let packaged: string;
/** The same weights but for their last byte of metadata: another model, that plays as well. */
let other: { directory: string; sha256: string };
beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'pianola-models-'));
  const record = JSON.parse(await readFile(join(PACKAGED, 'model.json'), 'utf8'));
  packaged = record.sha256;
  const directory = join(data, 'other');
  for (const name of ['model.json', record.file]) await cp(join(PACKAGED, name), join(directory, name));
  // An empty `doc_string` (field 6 of ONNX's ModelProto): what a protocol buffer ends with may be repeated.
  const bytes = Buffer.concat([await readFile(join(directory, record.file)), Buffer.from([0x32, 0x00])]);
  const sha256 = hash('sha256', bytes);
  await writeFile(join(directory, record.file), bytes);
  await writeFile(join(directory, 'model.json'), JSON.stringify({ ...record, sha256, bytes: bytes.length }));
  other = { directory, sha256 };
});
afterAll(() => rm(data, { recursive: true, force: true }));

const models = (...args: string[]) => inProcess(['models', ...args, '--data', data, '--json']);
const inUse = async () =>
  jsonLines((await models('list')).stdout).find((row) => row.inUse).sha256 as string | null;

describe('models', () => {
  test('the one that came with this version is in use until another is promoted', async () => {
    expect(await inUse()).toBeNull();
    expect(await modelDirectory({ data })).toBe(PACKAGED);
    expect((await models('rollback')).code).toBe(3);
  });

  test('push checks and keeps, once; a dry run keeps nothing', async () => {
    expect(JSON.parse((await models('push', PACKAGED, '--dry-run')).stdout)).toMatchObject({
      outcome: 'checked',
    });
    expect(jsonLines((await models('list')).stdout)).toHaveLength(1);
    const first = await models('push', PACKAGED);
    const list = await inProcess(['models', 'list', '--data', data]);
    expect(list.stdout).toMatch(/ MB, kept since \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00\n$/);
    expect(list.code).toBe(0);
    expect(JSON.parse(first.stdout)).toMatchObject({ sha256: packaged, outcome: 'pushed' });
    expect(JSON.parse(first.stdout).testNotes).toBeGreaterThan(15);
    expect(JSON.parse((await models('push', PACKAGED)).stdout).outcome).toBe('present');
    expect(JSON.parse((await models('push', other.directory)).stdout).outcome).toBe('pushed');
    expect(await inUse()).toBeNull();
  });

  test('promote takes the first digits, rollback goes back to the last known good', async () => {
    expect((await models('promote', packaged.slice(0, 8))).code).toBe(0);
    expect(await inUse()).toBe(packaged);
    expect(await modelDirectory({ data })).toBe(join(data, 'models', packaged));
    expect((await models('promote', other.sha256.slice(0, 8))).code).toBe(0);
    expect(await inUse()).toBe(other.sha256);
    expect(JSON.parse((await models('rollback', '--dry-run')).stdout)).toMatchObject({ rolledBack: false });
    expect(await inUse()).toBe(other.sha256);
    expect(JSON.parse((await models('rollback', '--yes')).stdout)).toMatchObject({
      from: other.sha256,
      to: packaged,
    });
    expect(await inUse()).toBe(packaged);
    expect((await models('rollback', '--yes')).code).toBe(0);
    expect(await inUse()).toBeNull();
  });

  test('what fails its check is neither kept nor promoted, and what was in use stays: 1', async () => {
    await models('promote', packaged.slice(0, 8));
    const kept = join(data, 'models', other.sha256);
    const { file } = JSON.parse(await readFile(join(kept, 'model.json'), 'utf8'));
    await truncate(join(kept, file), 1000);
    const damaged = await models('promote', other.sha256.slice(0, 8));
    expect(damaged.code).toBe(1);
    expect(JSON.parse(damaged.stderr).error).toMatchObject({
      code: 'bad_model',
      message: expect.stringContaining('damaged'),
    });
    expect(await inUse()).toBe(packaged);

    const wrong = join(data, 'wrong');
    await cp(other.directory, wrong, { recursive: true });
    const record = JSON.parse(await readFile(join(wrong, 'model.json'), 'utf8'));
    for (const [fields, says] of [
      [{ opset: 99 }, 'ONNX opset 99'],
      [{ vocabularyHash: 'a'.repeat(64) }, 'another token vocabulary'],
    ] as const) {
      await writeFile(join(wrong, 'model.json'), JSON.stringify({ ...record, ...fields }));
      const { code, stderr } = await models('push', wrong);
      expect({ code, says: JSON.parse(stderr).error.message.includes(says) }).toEqual({
        code: 1,
        says: true,
      });
    }
  });

  test('digits that fit none: 3', async () => expect((await models('promote', 'ffffffff')).code).toBe(3));

  test('what composes is the promoted model, and says so', async () => {
    const out = join(data, 'a.mid');
    const short = ['--minutes', '0.5', '--candidates', '1'];
    const args = ['compose', ...short, '--seed', '7', '--out', out, '--data', data, '--json'];
    expect(JSON.parse((await inProcess(args)).stdout).modelSha256).toBe(packaged);
  });
});
