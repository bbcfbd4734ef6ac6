import { InferenceSession, Tensor } from 'onnxruntime-node';
import { gather } from '../gather.ts';
import type { Decoder, Model } from '../ports.ts';
import { BadModelError, REMEDY, readModel } from './model-files.ts';
import type { ModelRecord } from './model-record.ts';

export type OpenModel = Model & {
  /** Decoders that are served by one run where they are asked at once, which costs little more than one does. */
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
  const append = gather(record.lanes, running(session, record));
  return {
    sha256: record.sha256,
    contextLength: record.contextLength,
    lanes: record.lanes,
    newDecoder: () => newDecoder(record, append),
    release: () => session.release(),
  };
}

/** What a decoder has heard: its cache, an array a layer and kind, the first `length` rows of each filled. */
type Memory = { readonly arrays: readonly Float32Array[]; length: number };
type Call = { readonly tokens: readonly number[]; readonly memory: Memory };

/**
 * Runs the graph for several decoders, a lane each: the weights, most of what a token costs, are read once for all, and
 * no lane's answer depends on another's. Of a cache only the filled part is handed in, without copying, and the graph
 * gives back the new rows alone. (Copying the whole cache out of every call would cost several times the rest.)
 */
function running(session: InferenceSession, { layers, headDim, lanes, vocabularySize }: ModelRecord) {
  const kinds = Array.from({ length: layers }, (_, i) => [`key_${i}`, `value_${i}`]).flat();
  const idle = new Tensor('float32', new Float32Array(), [0, headDim]);
  return async (calls: readonly Call[]): Promise<Float32Array[]> => {
    const tokens = calls.flatMap((call) => call.tokens);
    const counts = Array.from({ length: lanes }, (_, lane) => calls[lane]?.tokens.length ?? 0);
    const feeds: Record<string, Tensor> = { tokens: integers(tokens), counts: integers(counts) };
    for (let lane = 0; lane < lanes; lane++) {
      const memory = calls[lane]?.memory;
      kinds.forEach((kind, i) => {
        feeds[`${kind}_${lane}`] = memory
          ? new Tensor('float32', memory.arrays[i]!.subarray(0, memory.length * headDim), [
              memory.length,
              headDim,
            ])
          : idle;
      });
    }
    const results = await session.run(feeds);
    const rows = results.rows!.data as Float32Array;
    const logits = results.logits!.data as Float32Array;
    let from = 0;
    return calls.map(({ tokens: own, memory }, lane) => {
      memory.arrays.forEach((array, i) => {
        const first = (i * tokens.length + from) * headDim;
        array.set(rows.subarray(first, first + own.length * headDim), memory.length * headDim);
      });
      from += own.length;
      memory.length += own.length;
      return logits.subarray(lane * vocabularySize, (lane + 1) * vocabularySize);
    });
  };
}

const integers = (values: readonly number[]): Tensor =>
  new Tensor('int64', BigInt64Array.from(values, BigInt), [values.length]);

function newDecoder(
  { layers, headDim, contextLength, vocabularySize }: ModelRecord,
  run: (call: Call) => Promise<Float32Array>,
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
      return await run({ tokens, memory });
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
      memory.length = 0;
    },
  };
}
