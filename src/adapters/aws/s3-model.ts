import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { replaceFile } from '../disk/atomic-file.ts';
import { parseModelRecord } from '../model-record.ts';
import { type Bucket, readObject } from './s3-object.ts';

/** Which versions were promoted, newest last: the one in force; written by `pianola models promote`. */
export const PROMOTED_KEY = 'models/promoted.json';
const Promoted = v.object({
  schema: v.literal(1),
  promoted: v.array(v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/))),
});

/**
 * Brings the promoted model, `models/<sha256>/`, into `scratch` and returns its directory; null: none is promoted.
 * What it is worth, whoever opens it must check: sha256, opset and vocabulary are those of its record.
 */
export async function s3Model(bucket: Bucket, scratch: string): Promise<string | null> {
  const promoted = await readObject(bucket, PROMOTED_KEY);
  if (promoted === null) return null;
  const sha256 = v.parse(Promoted, JSON.parse(new TextDecoder().decode(promoted))).promoted.at(-1);
  if (!sha256) return null;
  const directory = join(scratch, 'models', sha256);
  await mkdir(directory, { recursive: true });
  const recordText = new TextDecoder().decode(await needed(bucket, `models/${sha256}/model.json`));
  const record = parseModelRecord(recordText);
  if ('problem' in record) throw new Error(`models/${sha256}/model.json: ${record.problem}`);
  if (record.sha256 !== sha256)
    throw new Error(`models/${sha256}/model.json is of another model, ${record.sha256}`);
  const weights = join(directory, record.file);
  const present = await stat(weights).catch(() => null);
  // An instance that composed yesterday may have it still.
  if (present?.size !== record.bytes) {
    await replaceFile(weights, await needed(bucket, `models/${sha256}/${record.file}`));
  }
  await replaceFile(join(directory, 'model.json'), recordText);
  return directory;
}

async function needed(bucket: Bucket, key: string): Promise<Uint8Array> {
  const bytes = await readObject(bucket, key);
  if (bytes === null) throw new Error(`s3://${bucket.bucket}/${key} is missing`);
  return bytes;
}
