/** A value that moves by the audio clock: what Web Audio's AudioParam does, as far as the piano asks for it. */

type Event = { readonly atS: number; readonly target: number; readonly timeConstantS: number };

/** Nearer to its target than this (−140 dB of full scale) it has come there. */
const THERE = 1e-7;

export class Param {
  /** What comes, by time. */
  private coming: Event[] = [];
  private moving: Event | null = null;
  private readonly sampleRate: number;
  private current: number;
  private values = new Float32Array(0);

  constructor(value: number, sampleRate: number) {
    this.current = value;
    this.sampleRate = sampleRate;
  }

  get value(): number {
    return this.current;
  }
  set value(value: number) {
    this.current = value;
    this.moving = null;
  }

  /** From an audio time on, seconds, the value goes to `target` by 63 % in each time constant. */
  setTargetAtTime(target: number, atS: number, timeConstantS: number): this {
    const after = this.coming.findIndex((event) => event.atS > atS);
    this.coming.splice(after < 0 ? this.coming.length : after, 0, { atS, target, timeConstantS });
    return this;
  }

  /** What was to come at an audio time, seconds, or later, does not. */
  cancelScheduledValues(fromS: number): this {
    this.coming = this.coming.filter(({ atS }) => atS < fromS);
    return this;
  }

  /** The values of so many frames from a frame on: one where it does not move. The array is used again. */
  over(from: number, frames: number): number | Float32Array {
    if (!this.moving && (this.coming[0]?.atS ?? Number.POSITIVE_INFINITY) * this.sampleRate >= from + frames)
      return this.current;
    if (this.values.length < frames) this.values = new Float32Array(frames);
    for (let i = 0; i < frames; ) {
      while (this.coming[0] && this.coming[0].atS * this.sampleRate <= from + i)
        this.moving = this.coming.shift()!;
      const next = this.coming[0];
      const until = next ? Math.min(frames, Math.ceil(next.atS * this.sampleRate) - from) : frames;
      i = this.moving ? this.move(this.moving, i, until) : this.stand(i, until);
    }
    return this.values;
  }

  private stand(from: number, until: number): number {
    this.values.fill(this.current, from, until);
    return until;
  }

  private move({ target, timeConstantS }: Event, from: number, until: number): number {
    const step = 1 - Math.exp(-1 / (timeConstantS * this.sampleRate));
    let value = this.current;
    for (let i = from; i < until; i++) {
      this.values[i] = value;
      value += (target - value) * step;
    }
    this.current = value;
    if (Math.abs(target - value) < THERE) {
      this.current = target;
      this.moving = null;
    }
    return until;
  }
}
