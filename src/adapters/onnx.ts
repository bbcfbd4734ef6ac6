import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { Decoder, Model } from '../ports.ts';
import { BadModelError, REMEDY, readModel } from './model-files.ts';
import type { ModelRecord } from './model-record.ts';

/**
 * Opens the model in a directory: `model.json` and the ONNX file that it names. Everything is checked before the
 * runtime sees a byte. @throws BadModelError; see model-files.ts
 */
export async function openModel(directory: string): Promise<Model & { release(): Promise<void> }> {
  const { record, path, bytes } = await readModel(directory);
  // One thread: two seldom help at this size, and one gives the same bytes on every run.
  const session = await InferenceSession.create(bytes, {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    logSeverityLevel: 3,
  }).catch((cause: unknown) => {
    throw new BadModelError(`onnxruntime refuses ${path}: ${String(cause)}; ${REMEDY}`, { cause });
  });
  return {
    sha256: record.sha256,
    contextLength: record.contextLength,
    newDecoder: () => newDecoder(session, record),
    release: () => session.release(),
  };
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
