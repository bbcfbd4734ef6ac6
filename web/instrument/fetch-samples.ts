import manifest from '../piano/manifest.json' with { type: 'json' };
import { type Grand, loadGrand } from './samples.ts';

/** The rate of most devices: recordings that are played as they are need no second conversion there. */
const SAMPLE_RATE = 48_000;
/** A file that cannot be had is asked for again after so long each time; milliseconds. */
const AGAIN_MS: readonly number[] = [2_000, 10_000, 30_000];

/** The page's piano, 2 MB: music must not wait for it. Null where it cannot be had. */
export function fetchGrand(): Promise<Grand | null> {
  const decoder = new OfflineAudioContext(1, 1, SAMPLE_RATE);
  return loadGrand(
    manifest,
    (path) => fetchBytes(path, AGAIN_MS),
    (bytes) => decoder.decodeAudioData(bytes),
  );
}

async function fetchBytes(path: string, [wait, ...waits]: readonly number[]): Promise<ArrayBuffer> {
  try {
    const response = await fetch(path);
    if (!response.ok) throw new Error(`${path}: ${response.status}`);
    return await response.arrayBuffer();
  } catch (error) {
    if (wait === undefined) throw error;
    await new Promise((resolve) => window.setTimeout(resolve, wait));
    return fetchBytes(path, waits);
  }
}
