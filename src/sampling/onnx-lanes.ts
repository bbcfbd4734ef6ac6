import type { ModelRecord } from '../adapters/model-record.ts';
import { type InferenceSession, Tensor } from './runtime.ts';

/** What a decoder has heard: its cache, an array a layer and kind, the first `length` rows of each filled. */
export type Memory = { readonly arrays: readonly Float32Array[]; length: number };
/** What a decoder is to hear next. */
export type Call = { readonly tokens: readonly number[]; readonly memory: Memory };

/**
 * Serves several decoders by one run of the graph, a lane each: the weights are read once for all, and no lane's answer
 * depends on another's. Each memory is extended by what was heard. Candidates of one phrase begin alike: that is taken
 * in for one of them, and copied to the others.
 * @returns of calls, at most as many as there are lanes, the logits of what follows the last token of each; those of
 * calls that begin alike are one array
 */
export function lanesOf(session: InferenceSession, record: ModelRecord) {
  return async (calls: readonly Call[]): Promise<Float32Array[]> => {
    const first = calls.map((call) => calls.findIndex((other) => other === call || beginAlike(other, call)));
    const served = [...new Set(first)];
    const logits = await run(
      session,
      record,
      served.map((i) => calls[i]!),
    );
    return calls.map((call, i) => {
      if (first[i] !== i) copy(calls[first[i]!]!.memory, call.memory, record.headDim);
      return logits[served.indexOf(first[i]!)]!;
    });
  };
}

/**
 * Of a cache only the filled part is handed in, without copying, and the graph gives back the new rows alone. (Copying
 * the whole cache out of every call would cost several times the rest.)
 */
async function run(
  session: InferenceSession,
  { layers, headDim, lanes, vocabularySize }: ModelRecord,
  calls: readonly Call[],
): Promise<Float32Array[]> {
  const tokens = calls.flatMap((call) => call.tokens);
  const counts = Array.from({ length: lanes }, (_, lane) => calls[lane]?.tokens.length ?? 0);
  const feeds: Record<string, Tensor> = { tokens: integers(tokens), counts: integers(counts) };
  for (let lane = 0; lane < lanes; lane++) {
    const { arrays, length } = calls[lane]?.memory ?? { arrays: [], length: 0 };
    const cached = (i: number) =>
      new Tensor('float32', arrays[i]?.subarray(0, length * headDim) ?? NOTHING, [length, headDim]);
    for (let layer = 0; layer < layers; layer++) {
      feeds[`key_${layer}_${lane}`] = cached(2 * layer);
      feeds[`value_${layer}_${lane}`] = cached(2 * layer + 1);
    }
  }
  const results = await session.run(feeds);
  const rows = results.rows!.data as Float32Array;
  const logits = results.logits!.data as Float32Array;
  let from = 0;
  return calls.map(({ tokens: own, memory }, lane) => {
    memory.arrays.forEach((array, i) => {
      const start = (i * tokens.length + from) * headDim;
      array.set(rows.subarray(start, start + own.length * headDim), memory.length * headDim);
    });
    from += own.length;
    memory.length += own.length;
    return logits.subarray(lane * vocabularySize, (lane + 1) * vocabularySize);
  });
}

const NOTHING = new Float32Array();

const integers = (values: readonly number[]): Tensor =>
  new Tensor('int64', BigInt64Array.from(values, BigInt), [values.length]);

const beginAlike = (a: Call, b: Call): boolean =>
  a.memory.length === 0 &&
  b.memory.length === 0 &&
  a.tokens.length === b.tokens.length &&
  a.tokens.every((token, i) => token === b.tokens[i]);

function copy(from: Memory, to: Memory, headDim: number): void {
  for (const [i, array] of to.arrays.entries()) array.set(from.arrays[i]!.subarray(0, from.length * headDim));
  to.length = from.length;
}
