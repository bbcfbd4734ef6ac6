import manifest from './piano/manifest.json' with { type: 'json' };
import { type Grand, loadGrand } from './samples.ts';

/** The rate of most devices: recordings that are played as they are need no second conversion there. */
const SAMPLE_RATE = 48_000;

/** The page's piano, 1.4 MB: music must not wait for it. Null where it cannot be had. */
export function fetchGrand(): Promise<Grand | null> {
  const decoder = new OfflineAudioContext(1, 1, SAMPLE_RATE);
  return loadGrand(
    manifest,
    async (path) => {
      const response = await fetch(path);
      if (!response.ok) throw new Error(`${path}: ${response.status}`);
      return response.arrayBuffer();
    },
    (bytes) => decoder.decodeAudioData(bytes),
  );
}
