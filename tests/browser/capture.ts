import type { Page } from 'playwright-core';
import type { Asset } from '../../src/adapters/net/http.ts';

/** Runs on the audio thread: hands on what it hears, with the audio clock's count of frames. */
const WORKLET = `
registerProcessor('capture', class extends AudioWorkletProcessor {
  constructor() {
    super();
    this.held = new Float32Array(8192);
    this.length = 0;
  }
  process([input]) {
    if (this.length === 0) this.frame = currentFrame;
    const [left, right = left] = input;
    for (let i = 0; i < 128; i++) this.held[this.length + i] = left ? (left[i] + right[i]) / 2 : 0;
    this.length += 128;
    if (this.length === this.held.length) {
      this.port.postMessage({ frame: this.frame, signal: this.held.slice() });
      this.length = 0;
    }
    return true;
  }
});
`;
const PATH = '/capture-worklet.js';

/** To be served beside the page, whose own content security policy allows scripts from its own host alone. */
export const captureAsset: readonly [string, Asset] = [
  PATH,
  { body: new TextEncoder().encode(WORKLET), type: 'text/javascript; charset=utf-8' },
];

type Piece = { frame: number; signal: Float32Array };
type Stamp = { contextMs: number; epochMs: number };
type Captured = Window & { captured: { pieces: Piece[]; stamps: Stamp[]; sampleRate: number } };

/** What left the page's audio graph, and when by the machine's own clock. */
export type Capture = {
  readonly signal: Float32Array;
  readonly sampleRate: number;
  /** True epoch milliseconds at which a moment of the signal (seconds) left the loudspeaker. */
  epochOf(s: number): number;
};

/**
 * Before the page's own scripts, and before `record` sets the clocks wrong: everything that is connected to the
 * loudspeaker is connected to a recorder as well, and the audio clock is compared with the machine's five times a second.
 */
export async function capture(page: Page): Promise<void> {
  await page.addInitScript((path: string) => {
    const outputTimestamp = AudioContext.prototype.getOutputTimestamp;
    const origin = performance.timeOrigin;
    const captured: Captured['captured'] = { pieces: [], stamps: [], sampleRate: 0 };
    (window as unknown as Captured).captured = captured;
    const listen = async (node: AudioNode, context: AudioContext) => {
      captured.sampleRate = context.sampleRate;
      await context.audioWorklet.addModule(path);
      const recorder = new AudioWorkletNode(context, 'capture', { numberOfOutputs: 0 });
      recorder.port.onmessage = ({ data }) => captured.pieces.push(data as Piece);
      connect.call(node, recorder);
      setInterval(() => {
        const { contextTime = 0, performanceTime = 0 } = outputTimestamp.call(context);
        if (contextTime > 0.005)
          captured.stamps.push({ contextMs: contextTime * 1000, epochMs: origin + performanceTime });
      }, 200);
    };
    const connect = AudioNode.prototype.connect as (this: AudioNode, to: AudioNode) => AudioNode;
    AudioNode.prototype.connect = function (this: AudioNode, to: AudioNode, ...rest: number[]) {
      if (to instanceof AudioDestinationNode && this.context instanceof AudioContext)
        void listen(this, this.context);
      return (connect as (...args: unknown[]) => AudioNode).call(this, to, ...rest);
    } as typeof AudioNode.prototype.connect;
  }, PATH);
}

export async function capturedBy(page: Page): Promise<Capture> {
  const { firstFrame, text, stamps, sampleRate } = await page.evaluate(() => {
    const { pieces, stamps, sampleRate } = (window as unknown as Captured).captured;
    const [first] = pieces;
    const last = pieces[pieces.length - 1];
    if (!first || !last) throw new Error('nothing was captured');
    const whole = new Float32Array(last.frame + last.signal.length - first.frame);
    for (const { frame, signal } of pieces) whole.set(signal, frame - first.frame);
    const bytes = new Uint8Array(whole.buffer);
    let binary = '';
    for (let i = 0; i < bytes.length; i += 32_768)
      binary += String.fromCharCode(...bytes.subarray(i, i + 32_768));
    return { firstFrame: first.frame, text: btoa(binary), stamps, sampleRate };
  });
  const bytes = Buffer.from(text, 'base64');
  const signal = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
  return {
    signal,
    sampleRate,
    epochOf(s) {
      const contextMs = 1000 * (s + firstFrame / sampleRate);
      // The nearest nine: an output that ran dry moves the audio clock, and single stamps waver.
      const near = [...stamps]
        .sort((a, b) => Math.abs(a.contextMs - contextMs) - Math.abs(b.contextMs - contextMs))
        .slice(0, 9)
        .map((stamp) => stamp.epochMs - stamp.contextMs)
        .sort((a, b) => a - b);
      return contextMs + near[near.length >> 1]!;
    },
  };
}
