import { describe, expect, test } from '@jest/globals';
import { seededRandom } from '../../../src/music/random.ts';
import { BlockContext } from '../../../src/rendering/graph/context.ts';
import { ConvolverNode } from '../../../src/rendering/graph/convolver.ts';
import {
  BiquadFilterNode,
  GainNode,
  StereoPannerNode,
  WaveShaperNode,
} from '../../../src/rendering/graph/effects.ts';
import { BLOCK } from '../../../src/rendering/graph/node.ts';
import { Param } from '../../../src/rendering/graph/param.ts';
import { AudioBuffer, AudioBufferSourceNode } from '../../../src/rendering/graph/source.ts';

const RATE = 44_100;

function buffer(...channels: readonly number[][]): AudioBuffer {
  const made = new AudioBuffer({
    length: channels[0]!.length,
    numberOfChannels: channels.length,
    sampleRate: RATE,
  });
  channels.forEach((channel, c) => {
    made.copyToChannel(Float32Array.from(channel), c);
  });
  return made;
}
/** A recording at one of a world's destinations, by way of what is made of it. */
function heard(
  blocks: number,
  recording: AudioBuffer,
  through: (context: BlockContext, source: AudioBufferSourceNode) => void,
): readonly [number[], number[]] {
  const context = new BlockContext(RATE);
  const source = new AudioBufferSourceNode(context, { buffer: recording });
  source.start(0);
  through(context, source);
  const [left, right]: [number[], number[]] = [[], []];
  for (let i = 0; i < blocks; i++) {
    const [l, r] = context.next();
    left.push(...l);
    right.push(...r);
  }
  return [left, right];
}
const noise = (length: number, seed: number): number[] => {
  const random = seededRandom(seed);
  return Array.from({ length }, () => 2 * random() - 1);
};

describe('a value that moves', () => {
  test('goes to its target by 63 % in a time constant, from the instant it was told', () => {
    const param = new Param(1, 1_000);
    param.setTargetAtTime(0, 0.1, 0.05);
    const values = param.over(0, 400) as Float32Array;
    expect(values[99]).toBe(1);
    expect(values[150]).toBeCloseTo(Math.exp(-1), 2);
    expect(values[300]).toBeCloseTo(Math.exp(-4), 2);
  });

  test('is one number where it stands, and again when it has come where it was to go', () => {
    const param = new Param(0.5, 1_000);
    expect(param.over(0, 100)).toBe(0.5);
    param.setTargetAtTime(0, 0.1, 0.001);
    expect(param.over(100, 100)).toBeInstanceOf(Float32Array);
    expect(param.over(200, 100)).toBe(0);
  });

  test('forgets what was to come from an instant on, and goes on with what has begun', () => {
    const param = new Param(0, 1_000);
    param.setTargetAtTime(1, 0, 0.01).setTargetAtTime(0, 0.2, 0.01);
    param.over(0, 100);
    param.cancelScheduledValues(0.2);
    expect((param.over(100, 400) as Float32Array)[399]).toBeCloseTo(1, 5);
  });
});

describe('a recording', () => {
  test('begins between two frames where it is told to, and is drawn straight from sample to sample', () => {
    const context = new BlockContext(RATE);
    const source = new AudioBufferSourceNode(context, { buffer: buffer([0, 1, 2, 3, 4]), playbackRate: 0.5 });
    source.connect(context.destination);
    source.start(2.5 / RATE);
    const [left] = context.next();
    expect([...left.subarray(0, 8)].map((value) => Math.round(100 * value) / 100)).toEqual([
      0, 0, 0, 0.25, 0.75, 1.25, 1.75, 2.25,
    ]);
  });

  test('that is stopped, or over, says so once, when its last block is rendered', () => {
    const context = new BlockContext(RATE);
    const ended: string[] = [];
    const [short, long] = [[1, 1, 1], new Array(3 * BLOCK).fill(1)].map((signal, i) => {
      const source = new AudioBufferSourceNode(context, { buffer: buffer(signal) });
      source.connect(context.destination);
      source.onended = () => ended.push(`${i} at ${context.frame / BLOCK}`);
      source.start(0);
      return source;
    }) as [AudioBufferSourceNode, AudioBufferSourceNode];
    expect(short).not.toBe(long);
    long.stop((BLOCK + 10) / RATE);
    const blocks = [context.next(), context.next(), context.next()];
    expect(ended).toEqual(['0 at 1', '1 at 2']);
    expect([blocks[1]![0][9], blocks[1]![0][10], blocks[2]![0][0]]).toEqual([1, 0, 0]);
  });

  test('that goes round never ends, and its end meets its beginning', () => {
    const context = new BlockContext(RATE);
    const source = new AudioBufferSourceNode(context, { buffer: buffer([1, 2, 3]), loop: true });
    source.connect(context.destination);
    source.start(0);
    expect([...context.next()[0].subarray(0, 7)]).toEqual([1, 2, 3, 1, 2, 3, 1]);
  });
});

describe('effects', () => {
  test('a place between the ears keeps the power', () => {
    const [left, right] = heard(1, buffer([1, 1, 0]), (context, source) => {
      source.connect(new StereoPannerNode(context, { pan: -0.4 })).connect(context.destination);
    });
    expect(left[0]! ** 2 + right[0]! ** 2).toBeCloseTo(1, 6);
    // cos(0.3 × 90°)
    expect(left[0]).toBeCloseTo(0.891, 3);
  });

  test('two channels into one are their mean', () => {
    const [left] = heard(1, buffer([1, 1, 0], [0.5, 0.5, 0]), (context, source) => {
      source.connect(new GainNode(context, { gain: 2, channelCount: 1 })).connect(context.destination);
    });
    expect(left[0]).toBeCloseTo(1.5, 6);
  });

  test('a low-pass lets pass what is low: 3 dB softer at its frequency with a Q of −3 dB, 24 two octaves above', () => {
    const levelOf = (hertz: number) => {
      const sine = Array.from({ length: BLOCK }, (_, i) => Math.sin((2 * Math.PI * hertz * i) / RATE));
      const [left] = heard(1, buffer(sine), (context, source) => {
        source
          .connect(new BiquadFilterNode(context, { type: 'lowpass', frequency: 1_000, Q: -3 }))
          .connect(context.destination);
      });
      const late = left.slice(BLOCK / 2);
      return 10 * Math.log10((2 * late.reduce((sum, value) => sum + value ** 2, 0)) / late.length);
    };
    expect(levelOf(50)).toBeCloseTo(0, 0);
    expect(levelOf(1_000)).toBeCloseTo(-3, 0);
    expect(levelOf(4_000)).toBeLessThan(-23);
  });

  test('a curve is straight between its points, and holds beyond its ends', () => {
    const [left] = heard(1, buffer([-2, -0.5, 0.25, 3, 0]), (context, source) => {
      source
        .connect(new WaveShaperNode(context, { curve: Float32Array.of(-1, 0, 0.5), oversample: 'none' }))
        .connect(context.destination);
    });
    expect(left.slice(0, 4)).toEqual([-1, -0.5, 0.125, 0.5]);
  });

  test('a long impulse response, in parts, is what it is summed up by hand, to the end of its tail', () => {
    const [signal, impulse] = [noise(BLOCK + 700, 1), noise(2 * BLOCK + 77, 2)];
    const [left, right] = heard(
      5,
      buffer(
        signal,
        signal.map((value) => -value),
      ),
      (context, source) => {
        const room = new ConvolverNode(context, {
          buffer: buffer(
            impulse,
            impulse.map((value) => value / 2),
          ),
          disableNormalization: true,
        });
        source.connect(room).connect(context.destination);
      },
    );
    // The last sample of a recording is what the one before it is drawn towards.
    const given = signal.slice(0, -1);
    const byHand = (at: number) => given.reduce((sum, value, i) => sum + value * (impulse[at - i] ?? 0), 0);
    for (const at of [0, 5, BLOCK - 1, BLOCK, 2 * BLOCK + 3, 3 * BLOCK + 600]) {
      expect(left[at]).toBeCloseTo(byHand(at), 2);
      expect(right[at]).toBeCloseTo(-byHand(at) / 2, 2);
    }
    expect(left.slice(given.length + impulse.length).every((value) => Math.abs(value) < 1e-4)).toBe(true);
  });
});
