/** A day's music played by the page's own piano, without a browser: the same voices, room and level. */
import { readFile } from 'node:fs/promises';
import { MPEGDecoder } from 'mpg123-decoder';
import { mixer } from '../../web/instrument/mixer.ts';
import { piano } from '../../web/instrument/piano.ts';
import { type Grand, loadGrand, type Manifest } from '../../web/instrument/samples.ts';
import { replayScore } from '../../web/score/day-score.ts';
import { scheduler } from '../../web/score/scheduler.ts';
import { levelDb } from '../music/loudness.ts';
import type { Music } from '../music/note.ts';
import { BlockContext, WEB_AUDIO } from './graph/context.ts';
import { BLOCK } from './graph/node.ts';

/** As the piano was recorded, so that no recording is converted. */
export const SAMPLE_RATE = 44_100;
/** The music begins so long after the rendering does: a recording starts before its attack. Seconds. */
export const LEAD_S = 0.25;
/** What rings after the music's end, and how long it takes to go at last; seconds. */
export const TAIL_S = 3;
const GONE_S = 0.5;

/** Left and right, of equal length, full scale ±1. */
export type Ears = readonly [Float32Array, Float32Array];

// The page's modules take them from its window.
Object.assign(globalThis, WEB_AUDIO);

/**
 * The recordings, decoded.
 * @param directory web/piano, with a slash at its end
 * @throws Error where they cannot be read: a day in the synthesised tone would be kept for ever
 */
export async function openGrand(directory: URL): Promise<Grand> {
  const decoder = new MPEGDecoder({ enableGapless: true });
  await decoder.ready;
  const manifest = JSON.parse(await readFile(new URL('manifest.json', directory), 'utf8')) as Manifest;
  try {
    const grand = await loadGrand(
      manifest,
      async (path) => {
        const bytes = await readFile(new URL(path.split('/').at(-1)!, directory));
        return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer;
      },
      async (bytes) => {
        await decoder.reset();
        const { channelData, sampleRate } = decoder.decode(new Uint8Array(bytes));
        const [signal] = channelData;
        if (!signal?.length) throw new Error('nothing could be decoded');
        const buffer = new AudioBuffer({ length: signal.length, sampleRate });
        buffer.copyToChannel(signal as Float32Array<ArrayBuffer>, 0);
        return buffer;
      },
    );
    for (const { name, notes } of manifest.layers)
      if (grand?.[name as keyof Grand].length !== notes.length)
        throw new Error(`the piano's ${name} layer in ${directory.pathname} is not whole`);
    return grand!;
  } finally {
    decoder.free();
  }
}

/** How long it sounds, frames. @param leadS before the music begins, seconds */
export const framesOf = ({ durationMs }: Pick<Music, 'durationMs'>, leadS: number): number =>
  Math.ceil((leadS + durationMs / 1000 + TAIL_S) * SAMPLE_RATE);

/** The sound, in blocks. The same music gives the same sound, to the last bit. @param leadS before the music begins, seconds */
export function* playedBy(grand: Grand, music: Music, leadS = LEAD_S): Generator<Ears> {
  const context = new BlockContext(SAMPLE_RATE);
  const mix = mixer(context as unknown as BaseAudioContext);
  const keys = piano(mix);
  keys.use(grand, Number.NEGATIVE_INFINITY);
  mix.setLevel(levelDb(music));
  const plan = scheduler({
    score: replayScore(music),
    position: () => (context.currentTime - leadS) * 1000,
    audioTime: (ms) => leadS + ms / 1000,
    instrument: keys,
  });
  const frames = framesOf(music, leadS);
  for (let from = 0; from < frames; from += BLOCK) {
    plan.tick();
    const ears = context.next();
    const cut = ears.map((ear) => goneAt(ear.subarray(0, Math.min(BLOCK, frames - from)), frames - from));
    yield cut as unknown as Ears;
  }
}

/** Goes to nothing over the last GONE_S. @param left frames from the block's first to the end */
function goneAt(ear: Float32Array, left: number): Float32Array {
  const over = GONE_S * SAMPLE_RATE;
  return left - ear.length >= over ? ear : ear.map((value, i) => value * Math.min(1, (left - i) / over));
}
