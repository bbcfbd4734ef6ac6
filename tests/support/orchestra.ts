/** The shelf's synthesiser without a page: rendered as fast as it goes, the channels apart. */
import { readFileSync } from 'node:fs';
import { type Ensemble, ensembleOf } from '../../src/music/midi/ensemble.ts';
import { readSmf } from '../../src/music/midi/walk.ts';
import { type Orchestra, orchestra } from '../../web/shelf/orchestra.ts';
import { BLOCK } from '../../web/shelf/words.ts';

export const RATE = 44_100;
export const SOUNDS = new URL('../../web/sounds/', import.meta.url);
export type Sound = { readonly name: string; readonly file: string; readonly bytes: number };
export const manifest = JSON.parse(readFileSync(new URL('manifest.json', SOUNDS), 'utf8')) as {
  readonly bytes: number;
  readonly programs: readonly Sound[];
  readonly drums: Sound;
};

export const ensembleIn = (midi: Uint8Array): Ensemble => {
  const reading = readSmf(midi);
  if ('problem' in reading) throw new Error(reading.problem);
  return ensembleOf(reading);
};

function addSounds(band: Orchestra, { programs, hasPercussion }: Ensemble): void {
  const files = programs.map((program) => manifest.programs[program]!.file);
  for (const file of hasPercussion ? [...files, manifest.drums.file] : files)
    band.addSounds(file, new Uint8Array(readFileSync(new URL(file, SOUNDS))).buffer);
}

/** With the piece loaded, at its beginning. */
export async function ready(piece: Ensemble, tail = 1): Promise<Orchestra> {
  const band = orchestra(RATE);
  await band.ready;
  addSounds(band, piece);
  band.load({ ...piece, tail });
  return band;
}

/** @returns the left side of each channel */
export function renderApart(band: Orchestra, seconds: number): Float32Array[] {
  const frames = BLOCK * Math.ceil((seconds * RATE) / BLOCK);
  const pair = () => [new Float32Array(frames), new Float32Array(frames)] as const;
  const channels = Array.from({ length: 16 }, pair);
  const effects = pair();
  for (let at = 0; at < frames; at += BLOCK) {
    const part = (signal: Float32Array) => signal.subarray(at, at + BLOCK);
    band.renderApart(
      channels.map((each) => each.map(part)),
      [part(effects[0]), part(effects[1])],
    );
  }
  return channels.map(([left]) => left);
}

/** Loops, not callbacks: there are millions of them. */
export function rms(signal: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < signal.length; i++) sum += signal[i]! * signal[i]!;
  return Math.sqrt(sum / Math.max(1, signal.length));
}
export function loudest(signal: Float32Array): number {
  let most = 0;
  for (let i = 0; i < signal.length; i++) most = Math.max(most, Math.abs(signal[i]!));
  return most;
}
