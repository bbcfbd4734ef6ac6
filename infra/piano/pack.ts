import { hash } from 'node:crypto';
import { MPEGDecoder } from 'mpg123-decoder';
import { createMp3Encoder } from 'wasm-media-encoders';
import { attackFrame } from '../../web/instrument/attack.ts';
import { type Cut, levelOf } from './shape.ts';

/** LAME's variable bit rate, 0 (best) to 9; mono. */
const VBR_QUALITY = 4.3;
/** LAME's own delay and a decoder's, in frames; its files tell of neither. */
const CODER_DELAY = 576 + 529;

/**
 * One file a layer, in which each key is an mp3 of its own, end to end: one request, and a key can be decoded
 * without the others. What the manifest says of a key was measured after decoding, the coder's delay included.
 */
export async function pack(layer: string, keys: readonly Cut[]) {
  const decoder = new MPEGDecoder({ enableGapless: true });
  await decoder.ready;
  const parts: Uint8Array[] = [];
  const ms = (key: Cut, frames: number) => round((1000 * frames) / key.sampleRate);
  const notes = [];
  let at = 0;
  for (const key of keys) {
    const mp3 = await encode(key);
    await decoder.reset();
    const signal = decoder.decode(mp3).channelData[0]!;
    // What the coder puts before the sound is silence of a known length.
    const onset = key.onset + CODER_DELAY;
    notes.push({
      pitch: key.pitch,
      at,
      bytes: mp3.byteLength,
      onsetMs: ms(key, onset),
      attackMs: ms(key, attackFrame(signal, key.sampleRate)),
      levelDb: round(levelOf({ signal, sampleRate: key.sampleRate, onset })),
    });
    parts.push(mp3);
    at += mp3.byteLength;
  }
  decoder.free();
  const body = Buffer.concat(parts);
  const sha256 = hash('sha256', body);
  // The name changes with the content, so that it can be kept for ever.
  return {
    body,
    layer: { name: layer, file: `${layer}-${sha256.slice(0, 8)}.mp3`, bytes: at, sha256, notes },
  };
}

async function encode({ signal, sampleRate }: Cut): Promise<Uint8Array> {
  const encoder = await createMp3Encoder();
  encoder.configure({
    sampleRate,
    outputSampleRate: sampleRate as 44_100,
    channels: 1,
    vbrQuality: VBR_QUALITY,
  });
  // The encoder gives views of its memory, which it uses again.
  const [body, end] = [encoder.encode([signal]).slice(), encoder.finalize().slice()];
  return Buffer.concat([body, end]);
}

const round = (value: number): number => Math.round(value * 100) / 100;
