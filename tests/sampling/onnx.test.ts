import { cp, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { PASSAGE } from '../../src/compose/budget.ts';
import { seededRandom } from '../../src/music/random.ts';
import { grammar } from '../../src/music/tokens/grammar.ts';
import { sampleToken } from '../../src/music/tokens/sampling.ts';
import { EMPTY_BAR, PITCH, VOCABULARY_SIZE } from '../../src/music/tokens/vocabulary.ts';
import { type OpenModel, openModel } from '../../src/sampling/onnx.ts';

const PACKAGED = join(import.meta.dirname, '../../model');
const PREFIX = PASSAGE.tokens;

describe('the packaged model', () => {
  let model: OpenModel;
  beforeAll(async () => {
    model = await openModel(PACKAGED);
  });
  afterAll(() => model.release());

  async function sample(seed: number, count: number): Promise<number[]> {
    const decoder = model.newDecoder();
    const random = seededRandom(seed);
    const rules = grammar({ ...PASSAGE, bars: 100 });
    const tokens: number[] = [];
    let logits = await decoder.append(PREFIX);
    while (tokens.length < count) {
      const token = sampleToken(logits, rules.allowed(), { temperature: 1, minP: 0.03 }, random);
      rules.push(token);
      tokens.push(token);
      logits = await decoder.append([token]);
    }
    return tokens;
  }

  test('gives a logit for every token, from an empty cache on', async () => {
    const decoder = model.newDecoder();
    const logits = await decoder.append(PREFIX);
    expect(logits.length).toBeGreaterThanOrEqual(VOCABULARY_SIZE);
    expect(logits.every(Number.isFinite)).toBe(true);
    expect(decoder.length).toBe(PREFIX.length);
  });

  test('the same seed samples the same tokens, another seed others', async () => {
    const first = await sample(7, 150);
    expect(await sample(7, 150)).toEqual(first);
    expect(await sample(8, 150)).not.toEqual(first);
  });

  test('taking tokens in one by one says nearly what taking them in at once says', async () => {
    const tokens = [...PREFIX, ...(await sample(1, 90))];
    const stepwise = model.newDecoder();
    let slow: Float32Array = new Float32Array();
    for (const token of tokens) slow = await stepwise.append([token]);
    const fast = await model.newDecoder().append(tokens);
    // Sums are added up in another order, and what lies between two int8 steps may then be rounded the other way.
    const worst = slow.reduce((most, value, i) => Math.max(most, Math.abs(value - fast[i]!)), 0);
    expect(worst).toBeLessThan(0.01 * Math.max(...slow.map(Math.abs)));
  });

  test('what it has heard changes what it expects, and reset forgets it', async () => {
    const decoder = model.newDecoder();
    const fresh = Array.from(await decoder.append(PREFIX));
    const later = Array.from(await decoder.append(await sample(2, 30)));
    expect(later).not.toEqual(fresh);
    decoder.reset();
    expect(decoder.length).toBe(0);
    expect(Array.from(await decoder.append(PREFIX))).toEqual(fresh);
  });

  test('two decoders do not hear each other', async () => {
    const [a, b] = [model.newDecoder(), model.newDecoder()];
    const alone = Array.from(await a.append(PREFIX));
    await a.append(await sample(3, 30));
    expect(Array.from(await b.append(PREFIX))).toEqual(alone);
  });

  test('what a decoder is told does not depend on who is served with it, however many there are', async () => {
    const parts = Array.from({ length: model.lanes + 2 }, (_, i) => [
      [...PREFIX, i],
      [10 + i],
      [PITCH + 40, EMPTY_BAR + i, 5],
    ]);
    const hear = async (part: readonly number[][]) => {
      const decoder = model.newDecoder();
      const heard: number[][] = [];
      for (const tokens of part) heard.push(Array.from(await decoder.append(tokens)));
      return heard;
    };
    const together = await Promise.all(parts.map(hear));
    for (const [i, part] of parts.entries()) expect(await hear(part)).toEqual(together[i]);
    expect(together[0]).not.toEqual(together[1]);
  });

  test('decoders that begin alike, and go on differently, hear what each would hear alone', async () => {
    const go = async (next: number) => {
      const decoder = model.newDecoder();
      const first = Array.from(await decoder.append(PREFIX));
      const second = Array.from(await decoder.append([next]));
      return { first, second, third: Array.from(await decoder.append([PITCH + 40])), length: decoder.length };
    };
    const together = await Promise.all([1, 2, 3].map(go));
    expect(together[1]!.first).toEqual(together[0]!.first);
    expect(together[1]!.third).not.toEqual(together[0]!.third);
    for (const [i, heard] of together.entries()) expect(await go(i + 1)).toEqual(heard);
  });

  test('refuses tokens beyond its context, unknown ids, none at all, and a call within a call', async () => {
    const decoder = model.newDecoder();
    const tooMany = new Array<number>(model.contextLength + 1).fill(0);
    await expect(decoder.append(tooMany)).rejects.toThrow('exceed the context');
    await expect(decoder.append([99_999])).rejects.toThrow('not a token id');
    await expect(decoder.append([])).rejects.toThrow('at least one');
    const first = decoder.append(PREFIX);
    await expect(decoder.append(PREFIX)).rejects.toThrow('before the last call');
    expect(() => decoder.reset()).toThrow('before the last append');
    await first;
    expect(decoder.length).toBe(PREFIX.length);
  });
});

describe('a model that cannot be used is refused with the reason', () => {
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'pianola-model-'));
  });
  afterAll(() => rm(directory, { recursive: true }));
  afterEach(() => rm(join(directory, 'm'), { recursive: true, force: true }));

  /** A copy of the packaged model with something wrong; resolves with the refusal. */
  async function refusal(spoil: (folder: string) => Promise<unknown>): Promise<Error & { code: string }> {
    const folder = join(directory, 'm');
    for (const file of ['model.json', 'pianola.onnx'])
      await cp(join(PACKAGED, file), join(folder, file), { recursive: true });
    await spoil(folder);
    const error = await openModel(folder).then(
      async (model) => {
        await model.release();
        throw new Error('it was opened');
      },
      (error: Error & { code: string }) => error,
    );
    expect(error).toMatchObject({ name: 'BadModelError', code: 'bad_model' });
    return error;
  }
  const edit = (change: Record<string, unknown>) => async (folder: string) => {
    const path = join(folder, 'model.json');
    await writeFile(path, JSON.stringify({ ...JSON.parse(await readFile(path, 'utf8')), ...change }));
  };

  test('no directory', async () => {
    await expect(openModel(join(directory, 'none'))).rejects.toThrow(/no model in .*none/);
  });
  test('weights missing', async () => {
    expect((await refusal((m) => rm(join(m, 'pianola.onnx')))).message).toContain('cannot be read');
  });
  test('weights truncated', async () => {
    const { message } = await refusal((m) => truncate(join(m, 'pianola.onnx'), 100_000));
    expect(message).toMatch(/100000 bytes instead of \d+.*sha256/);
  });
  test('weights of the right length, changed', async () => {
    const { message } = await refusal(async (m) => {
      const bytes = await readFile(join(m, 'pianola.onnx'));
      bytes[50_000]! ^= 1;
      await writeFile(join(m, 'pianola.onnx'), bytes);
    });
    expect(message).toContain('sha256');
  });
  test('another vocabulary', async () => {
    expect((await refusal(edit({ vocabularyHash: '0'.repeat(64) }))).message).toContain('token vocabulary');
  });
  test('an opset too new', async () => {
    expect((await refusal(edit({ opset: 99 }))).message).toContain('opset 99');
  });
  test('a graph of other lanes than the record says', async () => {
    expect((await refusal(edit({ lanes: 2 }))).message).toMatch(
      /has 34 inputs, where 4 layers of 2 lanes have 18/,
    );
  });
  test('a record that is no JSON, of another schema, or points elsewhere', async () => {
    const noJson = await refusal((m) => writeFile(join(m, 'model.json'), '{'));
    expect(noJson.message).toContain('not JSON');
    expect((await refusal(edit({ schema: 1 }))).message).toContain('schema');
    expect((await refusal(edit({ file: '../secret.onnx' }))).message).toContain('"file"');
  });
});
