import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { loadGrand, type Manifest } from '../../../web/instrument/samples.ts';

const RATE = 48_000;
const key = (pitch: number, at: number) => ({ pitch, at, bytes: 2, onsetMs: 45, attackMs: 45.5 });
const MANIFEST: Manifest = {
  layers: [
    { name: 'soft', file: 'soft-1.mp3', bytes: 6, notes: [key(48, 0), key(60, 2), key(72, 4)] },
    { name: 'forte', file: 'forte-1.mp3', bytes: 4, notes: [key(48, 0), key(60, 2)] },
  ],
};
const FILES: Readonly<Record<string, number[]>> = {
  '/piano/soft-1.mp3': [1, 1, 2, 2, 3, 3],
  '/piano/forte-1.mp3': [4, 4, 5, 5],
};
/** A browser whose decoder leaves `delayMs` of silence more before the sound than the manifest tells. */
const browser = (delayMs: number, broken: readonly number[] = []) => ({
  fetch: async (path: string) => Uint8Array.from(FILES[path] ?? []).buffer,
  decode: async (bytes: ArrayBuffer) => {
    const [first = 0] = new Uint8Array(bytes);
    if (bytes.byteLength !== 2 || broken.includes(first)) throw new Error('not an mp3');
    const attack = Math.round(((45.5 + delayMs) / 1000) * RATE);
    // Eight frames of a step are a fifth, as a root mean square, of the 192 (4 ms) that `attackFrame` takes together.
    const signal = Float32Array.from({ length: RATE }, (_, i) => (i > attack - 8 ? 0.5 : 0));
    return { sampleRate: RATE, getChannelData: () => signal, key: first } as unknown as AudioBuffer;
  },
});
const load = (world: ReturnType<typeof browser>) => loadGrand(MANIFEST, world.fetch, world.decode);

let warned: unknown[][] = [];
beforeEach(() => {
  warned = [];
  jest.spyOn(console, 'warn').mockImplementation((...words) => {
    warned.push(words);
  });
});
afterEach(() => {
  jest.restoreAllMocks();
});

test('each key is cut out of its layer’s file and decoded by itself', async () => {
  const grand = await load(browser(0));
  const keysOf = (layer: 'soft' | 'forte') =>
    grand![layer].map(({ pitch, buffer }) => [pitch, (buffer as unknown as { key: number }).key]);
  expect(keysOf('soft')).toEqual([
    [48, 1],
    [60, 2],
    [72, 3],
  ]);
  expect(keysOf('forte')).toEqual([
    [48, 4],
    [60, 5],
  ]);
  expect(warned).toEqual([]);
});

test('a browser that keeps more or less of the coder’s delay is found out, to a tenth of a millisecond', async () => {
  for (const delayMs of [-25, 0, 11]) {
    const grand = await load(browser(delayMs));
    const onsets = [...grand!.soft, ...grand!.forte].map(({ onsetS }) => 1000 * onsetS - 45 - delayMs);
    for (const off of onsets) expect(Math.abs(off)).toBeLessThan(0.1);
  }
});

test('a key that cannot be decoded is done without, and so is a layer that cannot be had', async () => {
  const oneKey = await load(browser(0, [2]));
  expect(oneKey!.soft.map(({ pitch }) => pitch)).toEqual([48, 72]);
  const world = browser(0);
  const lost = async (path: string) => {
    if (path.includes('forte')) throw new TypeError('network');
    return world.fetch(path);
  };
  const oneLayer = await loadGrand(MANIFEST, lost, world.decode);
  expect(oneLayer!.forte).toBe(oneLayer!.soft);
  expect(warned.map(([words]) => words)).toEqual([
    'the piano’s soft key 60 is missing'.replace('’', "'"),
    'the piano’s forte layer is missing'.replace('’', "'"),
  ]);
});

test('a file of another length than the manifest’s is not cut into pieces; with none there is no piano', async () => {
  const world = browser(0);
  const short = async (path: string) => (await world.fetch(path)).slice(1);
  expect(await loadGrand(MANIFEST, short, world.decode)).toBeNull();
});
