import type { Page } from 'playwright-core';

/** One sound that the page scheduled, in true epoch milliseconds: by the machine's clock, not the page's. */
export type Struck = {
  /** When its attack leaves the loudspeaker, or would have, where it is begun inside its sound. */
  readonly attackAt: number;
  /** When it begins to be heard. */
  readonly soundsAt: number;
  /** Playback rate of a recording; 0 for the synthesised tone. */
  readonly rate: number;
  /** Whether an end is set, and when. */
  readonly stopsAt: number | null;
};

type Recorder = {
  struck: { attackAt: number; soundsAt: number; rate: number; stopsAt: number | null }[];
  decoded: number;
  trueNow: () => number;
};
type Recorded = Window & { recorder: Recorder };

/**
 * Before the page's own scripts: sets all its clocks wrong by `shiftMs`, and notes every sound that it schedules
 * with the unshifted clock, by the audio graph alone; nothing here knows how the page estimates the time.
 */
export async function record(page: Page, shiftMs: number): Promise<void> {
  await page.addInitScript((shift: number) => {
    const now = performance.now.bind(performance);
    const origin = performance.timeOrigin;
    const dateNow = Date.now.bind(Date);
    const outputTimestamp = AudioContext.prototype.getOutputTimestamp;
    const recorder: Recorder = { struck: [], decoded: 0, trueNow: () => origin + now() };
    (window as unknown as Recorded).recorder = recorder;

    performance.now = () => now() + shift;
    Object.defineProperty(performance, 'timeOrigin', { value: origin + shift });
    Date.now = () => dateNow() + shift;
    AudioContext.prototype.getOutputTimestamp = function () {
      const { contextTime = 0, performanceTime = 0 } = outputTimestamp.call(this);
      return { contextTime, performanceTime: performanceTime + shift };
    };

    const epochOf = (context: BaseAudioContext, at: number): number => {
      const { contextTime = 0, performanceTime = 0 } = outputTimestamp.call(context as AudioContext);
      return origin + performanceTime + (at - contextTime) * 1000;
    };
    const attacks = new WeakMap<AudioBuffer, number>();
    /** The first value of a fifth of the peak of the first 150 ms, seconds. */
    const attackOf = (buffer: AudioBuffer): number => {
      const known = attacks.get(buffer);
      if (known !== undefined) return known;
      const channels = Array.from({ length: buffer.numberOfChannels }, (_, c) =>
        buffer.getChannelData(c).subarray(0, buffer.sampleRate * 0.15),
      );
      const peak = Math.max(
        ...channels.map((values) => values.reduce((a, b) => Math.max(a, Math.abs(b)), 0)),
      );
      const found = channels.map((values) => values.findIndex((value) => Math.abs(value) >= peak / 5));
      const attack = Math.min(...found.filter((i) => i >= 0)) / buffer.sampleRate;
      attacks.set(buffer, attack);
      return attack;
    };
    const entries = new WeakMap<AudioScheduledSourceNode, Recorder['struck'][number]>();
    const note = (node: AudioScheduledSourceNode, when: number, attack: number, rate: number) => {
      const at = Math.max(when, node.context.currentTime);
      const entry = {
        attackAt: epochOf(node.context, attack),
        soundsAt: epochOf(node.context, at),
        rate,
        stopsAt: null,
      };
      entries.set(node, entry);
      recorder.struck.push(entry);
    };
    const startBuffer = AudioBufferSourceNode.prototype.start;
    AudioBufferSourceNode.prototype.start = function (when = 0, offset = 0, ...rest: number[]) {
      const rate = this.playbackRate.value;
      const attack = this.buffer ? when + (attackOf(this.buffer) - offset) / rate : when;
      note(this, when, attack, rate);
      startBuffer.call(this, when, offset, ...rest);
    };
    const startTone = OscillatorNode.prototype.start;
    OscillatorNode.prototype.start = function (when = 0) {
      note(this, when, when, 0);
      startTone.call(this, when);
    };
    for (const kind of [AudioBufferSourceNode, OscillatorNode]) {
      const stop = AudioScheduledSourceNode.prototype.stop;
      kind.prototype.stop = function (when = 0) {
        const entry = entries.get(this);
        if (entry) entry.stopsAt = epochOf(this.context, when);
        stop.call(this, when);
      };
    }
    const decode = BaseAudioContext.prototype.decodeAudioData;
    BaseAudioContext.prototype.decodeAudioData = async function (...args) {
      const buffer = await decode.apply(this, args);
      recorder.decoded++;
      return buffer;
    };
  }, shiftMs);
}

export const struckBy = (page: Page): Promise<Struck[]> =>
  page.evaluate(() => (window as unknown as Recorded).recorder.struck);

/** All 30 recordings are there, so that every attack can be told to the sample. */
export async function samplesReady(page: Page): Promise<void> {
  await page.waitForFunction(() => (window as unknown as Recorded).recorder.decoded === 30, null, {
    timeout: 60_000,
    polling: 100,
  });
}
