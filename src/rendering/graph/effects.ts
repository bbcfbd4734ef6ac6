/** What sound is made louder, darker, placed and bent by: the W3C's Web Audio API says how, at each name. */
import { BLOCK, type Block, bothOf, Node, type World } from './node.ts';
import { Param } from './param.ts';

export class GainNode extends Node {
  readonly gain: Param;
  private readonly mono: boolean;

  constructor(
    world: World,
    { gain = 1, channelCount = 2 }: { gain?: number; channelCount?: number; channelCountMode?: string } = {},
  ) {
    super(world);
    this.gain = new Param(gain, world.sampleRate);
    this.mono = channelCount === 1;
  }

  protected render(): Block {
    const input = this.heard();
    const gain = this.gain.over(this.world.frame, BLOCK);
    if (!input || gain === 0) return null;
    const channels = this.mono && input.length === 2 ? [middleOf(input)] : input;
    if (gain === 1) return channels;
    return channels.map((channel) =>
      typeof gain === 'number'
        ? channel.map((value) => value * gain)
        : channel.map((value, i) => value * gain[i]!),
    );
  }
}

/** 0.5 × (L + R): https://www.w3.org/TR/webaudio-1.1/#down-mix */
const middleOf = ([left, right]: readonly Float32Array[]): Float32Array =>
  left!.map((value, i) => (value + right![i]!) / 2);

/** One channel into two, by equal power: https://www.w3.org/TR/webaudio-1.1/#stereopanner-algorithm */
export class StereoPannerNode extends Node {
  private readonly gains: readonly [number, number];

  constructor(world: World, { pan }: { pan: number }) {
    super(world);
    const angle = ((pan + 1) / 2) * (Math.PI / 2);
    this.gains = [Math.cos(angle), Math.sin(angle)];
  }

  protected render(): Block {
    const input = this.heard();
    if (!input) return null;
    if (input.length !== 1) throw new Error('strings have one channel');
    return this.gains.map((gain) => input[0]!.map((value) => value * gain));
  }
}

/** A curve from −1 to 1, straight between its points: https://www.w3.org/TR/webaudio-1.1/#WaveShaperNode */
export class WaveShaperNode extends Node {
  private readonly curve: Float32Array;

  constructor(world: World, { curve }: { curve: Float32Array; oversample: 'none' }) {
    super(world);
    this.curve = curve;
  }

  protected render(): Block {
    const { curve } = this;
    const last = curve.length - 1;
    return (
      this.heard()?.map((channel) =>
        channel.map((value) => {
          const at = Math.min(last, Math.max(0, (last / 2) * (value + 1)));
          const below = Math.min(last - 1, Math.floor(at));
          return curve[below]! + (at - below) * (curve[below + 1]! - curve[below]!);
        }),
      ) ?? null
    );
  }
}

/** A low-pass whose Q is in decibels, of one channel: https://www.w3.org/TR/webaudio-1.1/#filters-characteristics */
export class BiquadFilterNode extends Node {
  private readonly b: readonly [number, number, number];
  private readonly a: readonly [number, number];
  private readonly before = [0, 0, 0, 0];

  constructor(world: World, { frequency, Q }: { type: 'lowpass'; frequency: number; Q: number }) {
    super(world);
    const angle = (2 * Math.PI * frequency) / world.sampleRate;
    const alpha = Math.sin(angle) / (2 * 10 ** (Q / 20));
    const cosine = Math.cos(angle);
    const norm = 1 + alpha;
    this.b = [(1 - cosine) / 2 / norm, (1 - cosine) / norm, (1 - cosine) / 2 / norm];
    this.a = [(-2 * cosine) / norm, (1 - alpha) / norm];
  }

  protected render(): Block {
    const input = this.heard();
    if (!input) return null;
    if (input.length !== 1) throw new Error('strings have one channel');
    const [b0, b1, b2] = this.b;
    const [a1, a2] = this.a;
    let [x1, x2, y1, y2] = this.before as [number, number, number, number];
    const output = new Float32Array(BLOCK);
    for (let i = 0; i < BLOCK; i++) {
      const x = input[0]![i]!;
      const y = b0 * x + b1 * x1 + b2 * x2 - a1 * y1 - a2 * y2;
      x2 = x1;
      x1 = x;
      y2 = y1;
      y1 = y;
      output[i] = y;
    }
    this.before.splice(0, 4, x1, x2, y1, y2);
    return [output];
  }
}

/** What all is connected to in the end. */
export class Destination extends Node {
  protected render(): Block {
    return this.heard();
  }

  /** This block for two ears. */
  ears(): readonly [Float32Array, Float32Array] {
    const block = this.block();
    return block ? bothOf(block) : [new Float32Array(BLOCK), new Float32Array(BLOCK)];
  }
}
