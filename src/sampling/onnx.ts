import type { ModelRecord } from '../adapters/model-record.ts';
import type { Decoder, Model } from '../ports.ts';
import { gather } from './gather.ts';
import { BadModelError, REMEDY, readModel } from './model-files.ts';
import { type Call, lanesOf, type Memory } from './onnx-lanes.ts';
import { InferenceSession } from './runtime.ts';

export type OpenModel = Model & {
  /** Decoders that are served by one run where they are asked at once, which costs far less than a run each. */
  readonly lanes: number;
  release(): Promise<void>;
};

/**
 * Opens the model in a directory: `model.json` and the ONNX file that it names. Everything is checked before the
 * runtime sees a byte. @throws BadModelError; see model-files.ts
 */
export async function openModel(directory: string): Promise<OpenModel> {
  const { record, path, bytes } = await readModel(directory);
  // One thread: two seldom help at this size, and one gives the same bytes on every run.
  const session = await InferenceSession.create(bytes, {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    // Lengths differ in every call: a plan of memory for one would never be used again, and kept for ever.
    enableMemPattern: false,
    logSeverityLevel: 3,
  }).catch((cause: unknown) => {
    throw new BadModelError(`onnxruntime refuses ${path}: ${String(cause)}; ${REMEDY}`, { cause });
  });
  const inputs = 2 + 2 * record.layers * record.lanes;
  if (session.inputNames.length !== inputs) {
    await session.release();
    throw new BadModelError(
      `${path} has ${session.inputNames.length} inputs, where ${record.layers} layers of ${record.lanes} lanes have ${inputs}: ${REMEDY}`,
    );
  }
  const serve = gather(record.lanes, lanesOf(session, record));
  return {
    sha256: record.sha256,
    contextLength: record.contextLength,
    usualNats: record.usualNats,
    lanes: record.lanes,
    newDecoder: () => newDecoder(record, serve),
    release: () => session.release(),
  };
}

function newDecoder(
  { layers, headDim, contextLength, vocabularySize }: ModelRecord,
  serve: (call: Call) => Promise<Float32Array>,
): Decoder {
  const arrays = Array.from({ length: 2 * layers }, () => new Float32Array(contextLength * headDim));
  const memory: Memory = { arrays, length: 0 };
  let busy = false;

  async function append(tokens: readonly number[]): Promise<Float32Array> {
    if (busy) throw new Error('append was called before the last call had ended');
    if (tokens.length === 0) throw new RangeError('append needs at least one token');
    if (memory.length + tokens.length > contextLength) {
      throw new RangeError(
        `${memory.length} + ${tokens.length} tokens exceed the context of ${contextLength}: reset first`,
      );
    }
    const odd = tokens.find((token) => !(Number.isInteger(token) && token >= 0 && token < vocabularySize));
    if (odd !== undefined) throw new RangeError(`${odd} is not a token id`);
    busy = true;
    try {
      return await serve({ tokens, memory });
    } finally {
      busy = false;
    }
  }

  return {
    get length() {
      return memory.length;
    },
    append,
    reset() {
      if (busy) throw new Error('reset was called before the last append had ended');
      memory.length = 0;
    },
  };
}
