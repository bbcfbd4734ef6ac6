import { getMaxListeners } from 'node:events';
import { cp, mkdtemp, rm, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { PASSAGE } from '../../src/compose/budget.ts';
import type { PhraseRequest } from '../../src/compose/sample-phrase.ts';
import { samplerOf } from '../../src/compose/sampler.ts';
import { openModel } from '../../src/sampling/onnx.ts';
import { openSamplers, type SamplerPool } from '../../src/sampling/pool.ts';

const PACKAGED = resolve(import.meta.dirname, '../../model');
const REQUEST: PhraseRequest = { ...PASSAGE, bars: 2 };
/** More than the network's memory holds: sampled until that is full. */
const ENDLESS: PhraseRequest = { ...PASSAGE, bars: 10_000 };
let pool: SamplerPool;
beforeAll(async () => {
  pool = await openSamplers(PACKAGED, { threads: 2 });
});
afterAll(() => pool.release());

test('threads sample what this thread would: more phrases than lanes, each as if it were alone', async () => {
  const model = await openModel(PACKAGED);
  const here = samplerOf(model);
  const seeds = Array.from({ length: 2 * model.lanes + 1 }, (_, i) => i);
  const there = await Promise.all(seeds.map((seed) => pool.sample(REQUEST, seed)));
  for (const [i, seed] of seeds.entries()) expect(there[i]).toEqual(await here.sample(REQUEST, seed));
  const { sha256, contextLength, usualNats, lanes } = model;
  expect(pool).toMatchObject({ sha256, contextLength, usualNats, threads: 2, width: 2 * lanes });
  expect(usualNats).toBeGreaterThan(1);
  await model.release();
});

test('as many phrases as there are lanes in all threads are sampled at once; the next one waits', async () => {
  const begunBeforeAnEnd = new Set<number>();
  let ends = 0;
  const sample = async (i: number) => {
    const onProgress = () => void (ends === 0 && begunBeforeAnEnd.add(i));
    await pool.sample({ ...PASSAGE, bars: 6 }, i, { onProgress });
    ends++;
  };
  await Promise.all(Array.from({ length: pool.width + 1 }, (_, i) => sample(i)));
  expect([...begunBeforeAnEnd].sort((a, b) => a - b)).toEqual(
    Array.from({ length: pool.width }, (_, i) => i),
  );
});

test('one of several in a thread is stopped alone, and that many listen to one signal is no leak', async () => {
  const other = await openSamplers(PACKAGED, { threads: 1 });
  const [stop, never] = [new AbortController(), new AbortController()];
  const stopped = other.sample(ENDLESS, 1, {
    signal: stop.signal,
    onProgress: (tokens) => tokens > 60 && stop.abort(),
  });
  const whole = await other.sample(REQUEST, 2, { signal: never.signal });
  expect((await stopped).tokens.length).toBeLessThan(700);
  expect(whole).toEqual(await other.sample(REQUEST, 2));
  // Node warns of a leak at the eleventh.
  expect(getMaxListeners(never.signal)).toBeGreaterThan(100);
  await other.release();
});

test('the event loop runs on while threads sample, and hears how far they are', async () => {
  let turns = 0;
  const ticking = setInterval(() => turns++, 1);
  const told: number[] = [];
  const { tokens } = await pool.sample({ ...PASSAGE, bars: 6 }, 4, {
    onProgress: (sampled) => void told.push(sampled),
  });
  clearInterval(ticking);
  expect(turns).toBeGreaterThan(5);
  expect(told.length).toBeGreaterThan(2);
  expect(told).toEqual([...told].sort((a, b) => a - b));
  expect(told.at(-1)).toBeLessThanOrEqual(tokens.length);
});

test('a phrase that is stopped is what there is until then, and the thread goes on with the next', async () => {
  const stop = new AbortController();
  const { tokens } = await pool.sample(ENDLESS, 5, {
    signal: stop.signal,
    onProgress: (tokens) => tokens > 60 && stop.abort(),
  });
  expect(tokens.length).toBeGreaterThanOrEqual(60);
  expect(tokens.length).toBeLessThan(700);
  const before = await pool.sample(REQUEST, 1, { signal: stop.signal });
  expect(before.tokens.length).toBeLessThanOrEqual(3);
  expect((await pool.sample(REQUEST, 1)).tokens.length).toBeGreaterThan(10);
});

test('a request that is nonsense fails alone', async () => {
  const nonsense = { ...REQUEST, tokens: [] };
  await expect(pool.sample(nonsense, 1)).rejects.toThrow('at least one token');
  expect((await pool.sample(REQUEST, 2)).tokens.length).toBeGreaterThan(10);
});

test('once released it samples no more: what runs and what waits fails alike', async () => {
  const other = await openSamplers(PACKAGED, { threads: 1 });
  const sampling = Array.from({ length: other.width + 2 }, (_, i) => other.sample(ENDLESS, i));
  const refused = sampling.map((one) => expect(one).rejects.toThrow('has ended'));
  await other.release();
  await Promise.all(refused);
  await expect(other.sample(REQUEST, 1)).rejects.toThrow('has ended');
});

test('a thread is never ended within a run of the network, which would end the process: ten times, at any instant', async () => {
  for (let i = 0; i < 10; i++) {
    const other = await openSamplers(PACKAGED, { threads: 1 });
    const refused = expect(other.sample(ENDLESS, i)).rejects.toThrow('has ended');
    await new Promise((resolve) => setTimeout(resolve, 13 * i));
    await other.release();
    await refused;
  }
});

test('a model that cannot be used is refused as it is without threads: by name, code and reason', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'pianola-pool-'));
  try {
    await cp(join(PACKAGED, 'model.json'), join(directory, 'model.json'));
    await cp(join(PACKAGED, 'pianola.onnx'), join(directory, 'pianola.onnx'));
    await truncate(join(directory, 'pianola.onnx'), 100_000);
    await expect(openSamplers(directory, { threads: 2 })).rejects.toMatchObject({
      name: 'BadModelError',
      code: 'bad_model',
      message: expect.stringContaining('100000 bytes instead of'),
    });
  } finally {
    await rm(directory, { recursive: true });
  }
});
