/** Long impulse responses, block by block: uniformly partitioned overlap-save (T. G. Stockham; J. S. Soo and K. K. Pang). */
import { type Fourier, fourier, type Spectrum, spectrum } from './fourier.ts';
import { BLOCK, type Block, bothOf, Node, type World } from './node.ts';
import type { AudioBuffer } from './source.ts';

const SIZE = 2 * BLOCK;

export class ConvolverNode extends Node {
  private readonly ears: readonly Convolution[];
  private readonly parts: number;
  private silentFor = Number.POSITIVE_INFINITY;

  constructor(world: World, { buffer }: { buffer: AudioBuffer; disableNormalization: true }) {
    super(world);
    const transform = fourier(SIZE);
    this.parts = Math.ceil(buffer.length / BLOCK);
    this.ears = Array.from({ length: buffer.numberOfChannels }, (_, c) =>
      convolution(buffer.getChannelData(c), transform),
    );
  }

  protected render(): Block {
    const input = this.heard();
    this.silentFor = input ? 0 : this.silentFor + 1;
    // All that was heard has died away.
    if (this.silentFor > this.parts) return null;
    const [left, right] = input ? bothOf(input) : [SILENCE, SILENCE];
    if (this.ears.length === 1 && input?.length === 2) throw new Error('what has one channel takes one');
    return this.ears.map((ear, c) => ear(c === 0 ? left : right));
  }
}

const SILENCE = new Float32Array(BLOCK);

type Convolution = (block: Float32Array) => Float32Array;

function convolution(impulse: Float32Array, { forward, back }: Fourier): Convolution {
  const parts = Array.from({ length: Math.ceil(impulse.length / BLOCK) }, (_, p) => {
    const part = spectrum(SIZE);
    part.re.set(impulse.subarray(p * BLOCK, (p + 1) * BLOCK));
    forward(part);
    return part;
  });
  /** Spectra of what came before, newest first. */
  const heard = parts.map(() => spectrum(SIZE));
  const sum = spectrum(SIZE);
  let before: Float32Array = SILENCE;
  return (block) => {
    const newest = heard.pop()!;
    heard.unshift(newest);
    newest.re.set(before);
    newest.re.set(block, BLOCK);
    newest.im.fill(0);
    forward(newest);
    before = block;
    sum.re.fill(0);
    sum.im.fill(0);
    parts.forEach((part, p) => {
      addProduct(sum, part, heard[p]!);
    });
    back(sum);
    return Float32Array.from(sum.re.subarray(BLOCK));
  };
}

/** Adds what two spectra are together. */
function addProduct({ re, im }: Spectrum, a: Spectrum, b: Spectrum): void {
  for (let k = 0; k < SIZE; k++) {
    re[k]! += a.re[k]! * b.re[k]! - a.im[k]! * b.im[k]!;
    im[k]! += a.re[k]! * b.im[k]! + a.im[k]! * b.re[k]!;
  }
}
