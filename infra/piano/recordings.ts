import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { MPEGDecoder } from 'mpg123-decoder';
import { highPass } from '../../bench/sound/high-pass.ts';

/** The recorded keys bear the names of a minor third each, A0 to C8 (MIDI 21 to 108). */
const NAMES = ['C', 'D#', 'F#', 'A'] as const;

/** One key, struck once: one channel of it. */
export type Recording = {
  readonly pitch: number;
  readonly sampleRate: number;
  readonly signal: Float32Array;
};

/** The keys of one of the sixteen velocities that the Salamander Grand Piano was recorded in, 1 (softest) to 16. */
export async function readStereo(velocity: number, pitches: readonly number[]) {
  const packageFile = `@audio-samples/piano-mp3-velocity${velocity}/package.json`;
  const directory = join(dirname(createRequire(import.meta.url).resolve(packageFile)), 'audio');
  const decoder = new MPEGDecoder({ enableGapless: true });
  await decoder.ready;
  const decoded = [];
  for (const pitch of pitches) {
    const name = `${NAMES[(pitch % 12) / 3]}${Math.floor(pitch / 12) - 1}v${velocity}.mp3`;
    await decoder.reset();
    const { channelData, sampleRate, errors } = decoder.decode(await readFile(join(directory, name)));
    if (errors.length > 0 || channelData.length !== 2) throw new Error(`${name} cannot be decoded as stereo`);
    decoded.push({ pitch, sampleRate, channels: channelData.map((channel) => channel.slice()) });
  }
  decoder.free();
  return decoded;
}

type Stereo = Awaited<ReturnType<typeof readStereo>>[number];

/**
 * One microphone of the two for each key, the same in all layers: the one nearer to its strings. Their sum would
 * cancel: over the first half second the channels correlate by −0.83 (C5) to 0.76.
 */
export function nearerMicrophone(layers: readonly (readonly Stereo[])[]): Recording[][] {
  const loudest = layers[0]!.map((_, key) => {
    const powers = [0, 1].map((c) => layers.reduce((sum, keys) => sum + meanPower(keys[key]!, c), 0));
    return powers[0]! >= powers[1]! ? 0 : 1;
  });
  return layers.map((keys) =>
    keys.map(({ pitch, sampleRate, channels }, key) => ({
      pitch,
      sampleRate,
      signal: withoutRumble(channels[loudest[key]!]!, sampleRate, pitch),
    })),
  );
}

/** Of half a second, as a part of what both channels have, so that a loud layer does not outvote a soft one. */
function meanPower({ channels, sampleRate }: Stereo, channel: number): number {
  const power = channels.map((signal) =>
    signal.subarray(0, sampleRate / 2).reduce((sum, value) => sum + value ** 2, 0),
  );
  return power[channel]! / (power[0]! + power[1]!);
}

/** Of its fundamental, below which a key has nothing of its own: the floor and the air, heard 64 strings at a time. */
const RUMBLE = 0.4;

function withoutRumble(signal: Float32Array, sampleRate: number, pitch: number): Float32Array {
  const hertz = RUMBLE * 440 * 2 ** ((pitch - 69) / 12);
  return Float32Array.from(highPass(highPass(signal, sampleRate, hertz), sampleRate, hertz));
}
