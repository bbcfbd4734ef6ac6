/**
 * So much of the Web Audio API as the page's piano is built of, without a browser: it plays what the page plays, by the page's
 * own modules. What the piano does not ask for is not there.
 */
import { ConvolverNode } from './convolver.ts';
import { BiquadFilterNode, Destination, GainNode, StereoPannerNode, WaveShaperNode } from './effects.ts';
import { BLOCK, type World } from './node.ts';
import { AudioBuffer, AudioBufferSourceNode } from './source.ts';

/** What the page finds as globals. */
export const WEB_AUDIO = {
  AudioBuffer,
  AudioBufferSourceNode,
  BiquadFilterNode,
  ConvolverNode,
  GainNode,
  StereoPannerNode,
  WaveShaperNode,
};

/** A graph that is rendered block by block, as fast as it can be. */
export class BlockContext implements World {
  readonly sampleRate: number;
  readonly destination: Destination;
  frame = 0;
  private afterwards: (() => void)[] = [];

  constructor(sampleRate: number) {
    this.sampleRate = sampleRate;
    this.destination = new Destination(this);
  }

  /** Of the block that comes next, seconds. */
  get currentTime(): number {
    return this.frame / this.sampleRate;
  }

  later(what: () => void): void {
    this.afterwards.push(what);
  }

  /** The next block, for two ears. */
  next(): readonly [Float32Array, Float32Array] {
    const ears = this.destination.ears();
    this.frame += BLOCK;
    for (const what of this.afterwards.splice(0)) what();
    return ears;
  }
}
