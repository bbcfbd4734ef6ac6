import { ROOT } from '../site/root.ts';
import { attackFrame } from './attack.ts';

/** A recorded key: where it is to sound at an instant, it begins `onsetS` earlier. */
export type Sample = {
  /** MIDI pitch as recorded. */
  readonly pitch: number;
  readonly buffer: AudioBuffer;
  /** From the start of the buffer to where the hammer is heard to fall, seconds. */
  readonly onsetS: number;
};

/** Keys by ascending pitch, as loud as one another (a piano's own curve over the keys remains). */
export type Layer = readonly Sample[];
export type Grand = { readonly soft: Layer; readonly forte: Layer };

/** What the page needs of web/piano/manifest.json. */
export type Manifest = {
  readonly layers: readonly {
    readonly name: string;
    readonly file: string;
    readonly bytes: number;
    readonly notes: readonly ManifestNote[];
  }[];
};

/** A key is an mp3 of its own, `bytes` long from `at` on. */
export type ManifestNote = {
  readonly pitch: number;
  readonly at: number;
  readonly bytes: number;
  /** What is to sound at a note's onset, and where `attackFrame` finds the attack (a little beside it); milliseconds. */
  readonly onsetMs: number;
  readonly attackMs: number;
};

type Fetch = (path: string) => Promise<ArrayBuffer>;
type Decode = (bytes: ArrayBuffer) => Promise<AudioBuffer>;

/**
 * Fetches and decodes the piano; null where nothing of it can be had. A key that fails is done without, its
 * neighbours stand in, and so does one layer for the other.
 */
export async function loadGrand(
  manifest: Manifest,
  fetchBytes: Fetch,
  decode: Decode,
): Promise<Grand | null> {
  const load = async (name: string): Promise<Layer> => {
    const layer = manifest.layers.find((one) => one.name === name);
    if (!layer) return [];
    try {
      return await decoded(layer, await fetchBytes(`${ROOT}/piano/${layer.file}`), decode);
    } catch (error) {
      console.warn(`the piano's ${name} layer is missing`, error);
      return [];
    }
  };
  const [soft, forte] = (await Promise.all([load('soft'), load('forte')])) as [Layer, Layer];
  if (soft.length + forte.length === 0) return null;
  return { soft: soft.length > 0 ? soft : forte, forte: forte.length > 0 ? forte : soft };
}

async function decoded(
  { name, bytes, notes }: Manifest['layers'][number],
  body: ArrayBuffer,
  decode: Decode,
): Promise<Layer> {
  if (body.byteLength !== bytes) throw new Error(`${body.byteLength} bytes instead of ${bytes}`);
  const keys: { note: ManifestNote; buffer: AudioBuffer; laterMs: number }[] = [];
  // One after the other: a phone is not to hold twenty decoders at once, nor to look for twenty attacks in one go.
  for (const note of notes) {
    try {
      const buffer = await decode(body.slice(note.at, note.at + note.bytes));
      keys.push({ note, buffer, laterMs: delayMs(note, buffer) });
    } catch (error) {
      console.warn(`the piano's ${name} key ${note.pitch} is missing`, error);
    }
  }
  // Browsers differ in how much of a coder's delay they cut off, and in that alone: it is the same of all keys.
  const laterMs = keys.map((key) => key.laterMs).sort((a, b) => a - b)[keys.length >> 1] ?? 0;
  return keys.map(({ note, buffer }) => ({
    pitch: note.pitch,
    buffer,
    onsetS: (note.onsetMs + laterMs) / 1000,
  }));
}

/** By how much later a key's attack lies than is told, milliseconds. */
function delayMs({ attackMs }: ManifestNote, buffer: AudioBuffer): number {
  const { sampleRate } = buffer;
  return (1000 * attackFrame(buffer.getChannelData(0), sampleRate)) / sampleRate - attackMs;
}
