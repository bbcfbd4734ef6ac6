/** Decoding with a graph whose cache is joined in it, and goes in and out whole; bench/compose/whole_cache.py makes it. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { InferenceSession, Tensor } from '../../src/sampling/runtime.ts';

export type Decoding = { append(tokens: readonly number[]): Promise<void>; release(): Promise<void> };

/** @param headDim numbers a row of its cache */
export async function openWholeCache(headDim: number): Promise<Decoding & { reset(): void }> {
  const graph = gunzipSync(await readFile(join(import.meta.dirname, 'whole_cache.onnx.gz')));
  const session = await InferenceSession.create(graph, {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    enableMemPattern: false,
  });
  const kinds = session.inputNames.filter((name) => name !== 'tokens');
  let cache: Record<string, Tensor> = {};
  const reset = () => {
    for (const kind of kinds) cache[kind] = new Tensor('float32', new Float32Array(), [0, headDim]);
  };
  reset();
  return {
    reset,
    async append(tokens) {
      const ids = new Tensor('int64', BigInt64Array.from(tokens, BigInt), [tokens.length]);
      const results = await session.run({ ...cache, tokens: ids });
      // key_0_0 comes out as whole_key_0
      cache = Object.fromEntries(kinds.map((kind) => [kind, results[`whole_${kind.slice(0, -2)}`]!]));
    },
    release: () => session.release(),
  };
}
