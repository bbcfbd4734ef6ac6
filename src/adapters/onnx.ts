import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { VOCABULARY_SIZE } from '../music/tokens.ts';
import type { Decoder, Model } from '../ports.ts';
import { type ModelRecord, parseModelRecord } from './model-record.ts';
import { vocabularyHash } from './vocabulary-hash.ts';

/** The highest opset that the onnxruntime we ship can run. */
const NEWEST_OPSET = 23;

/** The model cannot be used. The message says which part of it was wrong and what to do. */
export class BadModelError extends Error {
  override readonly name = 'BadModelError';
  readonly code = 'bad_model';
}

const REMEDY = 'restore it from the repository, or write it anew with model/export.py';

/**
 * Opens the model in a directory: `model.json` and the ONNX file that it names. Everything is checked before the
 * runtime sees a byte. @throws BadModelError
 */
export async function openModel(directory: string): Promise<Model & { release(): Promise<void> }> {
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
  // One thread: two seldom help at this size, and one gives the same bytes on every run.
  const session = await InferenceSession.create(bytes, {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    logSeverityLevel: 3,
  }).catch((cause: unknown) => {
    throw new BadModelError(`onnxruntime refuses ${path}: ${String(cause)}; ${REMEDY}`, { cause });
  });
  return {
    sha256,
    contextLength: record.contextLength,
    newDecoder: () => newDecoder(session, record),
    release: () => session.release(),
  };
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

/**
 * The cache lives here, in one array a layer and kind, and only its filled part is handed in, without copying; the
 * graph gives back the new rows alone. (Copying the whole cache out of every call would cost several times the rest.)
 */
function newDecoder(session: InferenceSession, record: ModelRecord): Decoder {
  const { layers, headDim, contextLength, vocabularySize } = record;
  const names = Array.from({ length: layers }, (_, i) => [`key_${i}`, `value_${i}`]).flat();
  const cache = names.map(() => new Float32Array(contextLength * headDim));
  let length = 0;
  let busy = false;

  async function append(tokens: readonly number[]): Promise<Float32Array> {
    if (busy) throw new Error('append was called before the last call had ended');
    if (tokens.length === 0) throw new RangeError('append needs at least one token');
    if (length + tokens.length > contextLength) {
      throw new RangeError(
        `${length} + ${tokens.length} tokens exceed the context of ${contextLength}: reset first`,
      );
    }
    const odd = tokens.find((token) => !(Number.isInteger(token) && token >= 0 && token < vocabularySize));
    if (odd !== undefined) throw new RangeError(`${odd} is not a token id`);
    busy = true;
    try {
      const feeds: Record<string, Tensor> = {
        tokens: new Tensor('int64', BigInt64Array.from(tokens, BigInt), [tokens.length]),
      };
      names.forEach((name, i) => {
        feeds[name] = new Tensor('float32', cache[i]!.subarray(0, length * headDim), [length, headDim]);
      });
      const results = await session.run(feeds);
      const rows = results.rows!.data as Float32Array;
      const block = tokens.length * headDim;
      cache.forEach((array, i) => {
        array.set(rows.subarray(i * block, (i + 1) * block), length * headDim);
      });
      length += tokens.length;
      return results.logits!.data as Float32Array;
    } finally {
      busy = false;
    }
  }

  return {
    get length() {
      return length;
    },
    append,
    reset() {
      length = 0;
    },
  };
}
