import { expect, test } from '@jest/globals';
import { type Call, lanesOf, type Memory } from '../../src/sampling/onnx-lanes.ts';
import type { InferenceSession, Tensor } from '../../src/sampling/runtime.ts';

const [LAYERS, HEAD_DIM, LANES, VOCABULARY] = [2, 2, 3, 5];
const RECORD = { layers: LAYERS, headDim: HEAD_DIM, lanes: LANES, vocabularySize: VOCABULARY };

/** A graph whose new rows are all 100 times the token plus the place in the cache of layer and kind. */
function fakeGraph() {
  const runs: { tokens: number[]; counts: number[]; lengths: number[] }[] = [];
  const run = async (feeds: Record<string, Tensor>) => {
    const ints = (name: string) => Array.from(feeds[name]!.data as BigInt64Array, Number);
    const tokens = ints('tokens');
    const lengths = Array.from({ length: LANES }, (_, lane) => feeds[`value_1_${lane}`]!.dims[0]!);
    runs.push({ tokens, counts: ints('counts'), lengths });
    const rows = Array.from({ length: 2 * LAYERS }, (_, i) =>
      tokens.flatMap((token) => Array.from({ length: HEAD_DIM }, () => 100 * token + i)),
    ).flat();
    const logits = Array.from({ length: LANES }, (_, lane) =>
      new Array<number>(VOCABULARY).fill(lane),
    ).flat();
    return { rows: { data: Float32Array.from(rows) }, logits: { data: Float32Array.from(logits) } };
  };
  const serve = lanesOf(
    { run } as unknown as InferenceSession,
    RECORD as unknown as Parameters<typeof lanesOf>[1],
  );
  return { runs, serve };
}
const memory = (): Memory => ({
  arrays: Array.from({ length: 2 * LAYERS }, () => new Float32Array(8 * HEAD_DIM)),
  length: 0,
});
const call = (tokens: readonly number[], own = memory()): Call => ({ tokens, memory: own });
/** The first number of each row that is filled, by layer and kind. */
const rowsOf = ({ memory: { arrays, length } }: Call) =>
  arrays.map((array) => Array.from({ length }, (_, row) => array[row * HEAD_DIM]));

test('every caller gets its own rows and logits, and goes on where it was', async () => {
  const { runs, serve } = fakeGraph();
  const [a, b] = [call([1, 2]), call([3])];
  expect((await serve([a, b])).map(([first]) => first)).toEqual([0, 1]);
  expect(runs[0]).toEqual({ tokens: [1, 2, 3], counts: [2, 1, 0], lengths: [0, 0, 0] });
  const next = call([4], b.memory);
  await serve([next, call([5], a.memory)]);
  expect(runs[1]).toEqual({ tokens: [4, 5], counts: [1, 1, 0], lengths: [1, 2, 0] });
  expect(rowsOf(next)).toEqual([0, 1, 2, 3].map((i) => [300 + i, 400 + i]));
  expect(rowsOf(a)).toEqual([0, 1, 2, 3].map((i) => [100 + i, 200 + i, 500 + i]));
});

test('those who begin alike are taken in once; those who hear the same later on are not', async () => {
  const { runs, serve } = fakeGraph();
  const [a, b, c] = [call([1, 2]), call([1, 2]), call([1, 3])];
  expect((await serve([a, b, c])).map(([first]) => first)).toEqual([0, 0, 1]);
  expect(runs[0]).toMatchObject({ tokens: [1, 2, 1, 3], counts: [2, 2, 0] });
  expect(rowsOf(b)).toEqual(rowsOf(a));
  expect(rowsOf(c)).not.toEqual(rowsOf(a));
  await serve([call([7], a.memory), call([7]), call([7], c.memory)]);
  expect(runs[1]).toMatchObject({ counts: [1, 1, 1], lengths: [2, 0, 2] });
});
