/** Recordings, and where they are played: https://www.w3.org/TR/webaudio-1.1/#AudioBufferSourceNode */
import { BLOCK, type Block, Node, type World } from './node.ts';

export class AudioBuffer {
  readonly length: number;
  readonly sampleRate: number;
  readonly numberOfChannels: number;
  private readonly channels: readonly Float32Array[];

  constructor({
    length,
    numberOfChannels = 1,
    sampleRate,
  }: {
    length: number;
    numberOfChannels?: number;
    sampleRate: number;
  }) {
    this.length = length;
    this.sampleRate = sampleRate;
    this.numberOfChannels = numberOfChannels;
    this.channels = Array.from({ length: numberOfChannels }, () => new Float32Array(length));
  }

  get duration(): number {
    return this.length / this.sampleRate;
  }
  getChannelData(channel: number): Float32Array {
    return this.channels[channel]!;
  }
  copyToChannel(signal: Float32Array, channel: number): void {
    this.channels[channel]!.set(signal.subarray(0, this.length));
  }
}

export class AudioBufferSourceNode extends Node {
  onended: (() => void) | null = null;
  private readonly buffer: AudioBuffer;
  private readonly playbackRate: number;
  private readonly loop: boolean;
  private startS = Number.POSITIVE_INFINITY;
  private endS = Number.POSITIVE_INFINITY;
  private offsetS = 0;
  private over = false;

  constructor(
    world: World,
    {
      buffer,
      playbackRate = 1,
      loop = false,
    }: { buffer: AudioBuffer; playbackRate?: number; loop?: boolean },
  ) {
    super(world);
    this.buffer = buffer;
    this.playbackRate = playbackRate;
    this.loop = loop;
  }

  /** @param offsetS of the recording that sounds first */
  start(atS: number, offsetS = 0): void {
    this.startS = atS;
    this.offsetS = offsetS;
  }
  stop(atS: number): void {
    this.endS = atS;
  }

  protected render(): Block {
    const { sampleRate, frame } = this.world;
    const { buffer } = this;
    const [start, end] = [this.startS * sampleRate, this.endS * sampleRate];
    if (this.over || start >= frame + BLOCK) return null;
    const rate = (this.playbackRate * buffer.sampleRate) / sampleRate;
    const first = Math.max(0, Math.ceil(start) - frame);
    const until = Math.max(first, Math.min(BLOCK, Math.ceil(end) - frame));
    // Of the recording, frames: where the block's frame 0 would lie.
    const zero = this.offsetS * buffer.sampleRate + (frame - start) * rate;
    const last = buffer.length - 1;
    const inside = this.loop ? until : Math.min(until, Math.ceil((last - zero) / rate));
    const block = Array.from({ length: buffer.numberOfChannels }, (_, c) => {
      const [recorded, output] = [buffer.getChannelData(c), new Float32Array(BLOCK)];
      for (let i = first; i < inside; i++) {
        const at = zero + i * rate;
        const below = Math.floor(at);
        const [a, b] = this.loop
          ? [recorded[below % buffer.length]!, recorded[(below + 1) % buffer.length]!]
          : [recorded[below]!, recorded[below + 1]!];
        output[i] = a + (at - below) * (b - a);
      }
      return output;
    });
    if (inside < BLOCK) {
      this.over = true;
      this.world.later(() => this.onended?.());
    }
    return block;
  }
}
