import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ModelRecord, parseModelRecord } from '../adapters/model-record.ts';
import { VOCABULARY_SIZE } from '../music/tokens/vocabulary.ts';
import { vocabularyHash } from './vocabulary-hash.ts';

/** The highest opset that the onnxruntime we ship can run. */
const NEWEST_OPSET = 23;

/** The model cannot be used. The message says which part of it was wrong and what to do. */
export class BadModelError extends Error {
  override readonly name = 'BadModelError';
  readonly code = 'bad_model';
}

export const REMEDY = 'restore it from the repository, or write it anew with model/export.py';

/** A model whose files are what its record says, and that speaks our vocabulary. */
export type ModelFiles = {
  readonly record: ModelRecord;
  /** Where the weights lie, and their bytes. */
  readonly path: string;
  readonly bytes: Buffer;
};

/**
 * Reads the model in a directory, `model.json` and the ONNX file that it names, and checks all that can be checked
 * without the runtime, which is slow to load. @throws BadModelError
 */
export async function readModel(directory: string): Promise<ModelFiles> {
  const record = await readRecord(directory);
  const path = join(directory, record.file);
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw new BadModelError(`the weights ${path} cannot be read: ${REMEDY}`, { cause });
  });
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  if (sha256 !== record.sha256) {
    const why = bytes.length === record.bytes ? '' : ` (${bytes.length} bytes instead of ${record.bytes})`;
    throw new BadModelError(
      `the weights ${path} are damaged or not those of model.json${why}: sha256 ${sha256}, expected ${record.sha256}; ${REMEDY}`,
    );
  }
  return { record, path, bytes };
}

async function readRecord(directory: string): Promise<ModelRecord> {
  const path = join(directory, 'model.json');
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new BadModelError(`there is no model in ${directory}: ${path} cannot be read; ${REMEDY}`, {
      cause,
    });
  });
  const record = parseModelRecord(text);
  if ('problem' in record) throw new BadModelError(`${path}: ${record.problem}; ${REMEDY}`);
  if (record.opset > NEWEST_OPSET) {
    throw new BadModelError(
      `the weights need ONNX opset ${record.opset}, this version runs up to ${NEWEST_OPSET}: update Pianola`,
    );
  }
  if (record.vocabularyHash !== vocabularyHash() || record.vocabularySize < VOCABULARY_SIZE) {
    throw new BadModelError(
      `the model in ${directory} was trained on another token vocabulary (${record.vocabularyHash.slice(0, 12)}, ` +
        `not ${vocabularyHash().slice(0, 12)}): train it anew, or use the version of Pianola that it came with`,
    );
  }
  return record;
}
