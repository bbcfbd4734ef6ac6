import type { Page } from 'playwright-core';

/** One sound that the page scheduled, in true epoch milliseconds: by the machine's clock, not the page's. */
export type Struck = {
  /** When its attack leaves the loudspeaker, or would have, where it is begun inside its sound. */
  readonly attackAt: number;
  /** The same by the audio clock, seconds: to compare what one context plays before its clock is settled. */
  readonly attackS: number;
  /** When it begins to be heard. */
  readonly soundsAt: number;
  /** Playback rate of a recording; 0 for the synthesised tone. */
  readonly rate: number;
  /** Whether an end is set, and when. */
  readonly stopsAt: number | null;
};

/** The audio clock is compared with the machine's so often, milliseconds. */
const READ_EVERY_MS = 50;
const NEAREST = 9;

/** As it was scheduled, at an epoch ms, by the audio clock, in seconds. */
type Entry = { at: number; attackS: number; soundsS: number; rate: number; stopsS: number | null };
/** What was read of the beginning of the audio clock, at an epoch ms: epoch ms. */
type Reading = { at: number; beganAt: number };
type Recorder = { struck: Entry[]; readings: Reading[]; decoded: number };
type Recorded = Window & { recorder: Recorder };

/**
 * Before the page's own scripts: sets all its clocks wrong by `shiftMs`, and notes every sound that it schedules
 * with the unshifted clock, by the audio graph alone; nothing here knows how the page estimates the time.
 */
export async function record(page: Page, shiftMs: number): Promise<void> {
  await page.addInitScript(
    ({ shift, readEveryMs }) => {
      const now = performance.now.bind(performance);
      const origin = performance.timeOrigin;
      const dateNow = Date.now.bind(Date);
      const outputTimestamp = AudioContext.prototype.getOutputTimestamp;
      const recorder: Recorder = { struck: [], readings: [], decoded: 0 };
      (window as unknown as Recorded).recorder = recorder;

      performance.now = () => now() + shift;
      Object.defineProperty(performance, 'timeOrigin', { value: origin + shift });
      Date.now = () => dateNow() + shift;
      AudioContext.prototype.getOutputTimestamp = function () {
        const { contextTime = 0, performanceTime = 0 } = outputTimestamp.call(this);
        return { contextTime, performanceTime: performanceTime + shift };
      };

      const read = (context: AudioContext) => {
        const { contextTime = 0, performanceTime = 0 } = outputTimestamp.call(context);
        // Until the first sample is out, contextTime stands still at about zero; so it does while it is suspended.
        if (context.state !== 'running' || contextTime <= 0.005) return;
        recorder.readings.push({
          at: origin + now(),
          beganAt: origin + performanceTime - contextTime * 1000,
        });
      };
      const watched = new WeakSet<BaseAudioContext>();
      const watch = (context: AudioContext) => {
        if (!watched.has(context)) setInterval(read, readEveryMs, context);
        watched.add(context);
      };
      const attacks = new WeakMap<AudioBuffer, number>();
      /** Where four milliseconds first have a fifth of the most that any four of the first 150 have, as their RMS; seconds. */
      const attackOf = (buffer: AudioBuffer): number => {
        const known = attacks.get(buffer);
        if (known !== undefined) return known;
        const signal = buffer.getChannelData(0).subarray(0, buffer.sampleRate * 0.15);
        const window = Math.round(buffer.sampleRate * 0.004);
        let sum = 0;
        const powers = signal.map((value, i) => {
          sum += value ** 2 - (i < window ? 0 : signal[i - window]! ** 2);
          return sum;
        });
        const fifth = powers.reduce((most, power) => Math.max(most, power), 0) / 25;
        const attack = powers.findIndex((power) => power >= fifth) / buffer.sampleRate;
        attacks.set(buffer, attack);
        return attack;
      };
      const entries = new WeakMap<AudioScheduledSourceNode, Entry>();
      /** Two recordings of one key, a soft and a loud one, sound as one note; the same one twice would be two. */
      const buffersOf = new WeakMap<Entry, AudioBuffer[]>();
      const isPartOf = (last: Entry | undefined, buffer: AudioBuffer, attackS: number, rate: number) =>
        last?.rate === rate &&
        Math.abs(last.attackS - attackS) < 0.002 &&
        buffersOf.get(last)?.includes(buffer) === false;
      const note = (node: AudioScheduledSourceNode, when: number, attackS: number, rate: number) => {
        const soundsS = Math.max(when, node.context.currentTime);
        watch(node.context as AudioContext);
        const entry: Entry = { at: origin + now(), attackS, soundsS, rate, stopsS: null };
        entries.set(node, entry);
        recorder.struck.push(entry);
      };
      const startBuffer = AudioBufferSourceNode.prototype.start;
      AudioBufferSourceNode.prototype.start = function (when = 0, offset = 0, ...rest: number[]) {
        // What goes round is the air of the room, and no note.
        if (this.loop) return startBuffer.call(this, when, offset, ...rest);
        const rate = this.playbackRate.value;
        const buffer = this.buffer!;
        const attack = when + (attackOf(buffer) - offset) / rate;
        const last = recorder.struck.at(-1);
        if (last && isPartOf(last, buffer, attack, rate)) {
          buffersOf.get(last)!.push(buffer);
          entries.set(this, last);
        } else {
          note(this, when, attack, rate);
          buffersOf.set(entries.get(this)!, [buffer]);
        }
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
          if (entry) entry.stopsS = when;
          stop.call(this, when);
        };
      }
      const decode = BaseAudioContext.prototype.decodeAudioData;
      BaseAudioContext.prototype.decodeAudioData = async function (...args) {
        const buffer = await decode.apply(this, args);
        recorder.decoded++;
        return buffer;
      };
    },
    { shift: shiftMs, readEveryMs: READ_EVERY_MS },
  );
}

/**
 * What the page has scheduled so far, each sound by the audio clock as it was when it was scheduled. A busy machine's clock
 * of the output is now and then read some milliseconds wrong, and an output that runs dry loses time for good: the
 * median of the nine nearest readings passes over the former and follows the latter.
 */
export async function struckBy(page: Page): Promise<Struck[]> {
  const { struck, readings } = await page.evaluate(() => (window as unknown as Recorded).recorder);
  return struck.map(({ at: scheduledAt, attackS, soundsS, rate, stopsS }) => {
    const near = [...readings]
      .sort((a, b) => Math.abs(a.at - scheduledAt) - Math.abs(b.at - scheduledAt))
      .slice(0, NEAREST)
      .map(({ beganAt }) => beganAt)
      .sort((a, b) => a - b);
    const beganAt = near[near.length >> 1] ?? Number.NaN;
    const at = (seconds: number) => beganAt + seconds * 1000;
    return {
      attackAt: at(attackS),
      attackS,
      soundsAt: at(soundsS),
      rate,
      stopsAt: stopsS === null ? null : at(stopsS),
    };
  });
}

/** All 44 recordings are there, so that every attack can be told to the sample. */
export async function samplesReady(page: Page): Promise<void> {
  await page.waitForFunction(() => (window as unknown as Recorded).recorder.decoded === 44, null, {
    timeout: 60_000,
    polling: 100,
  });
}
