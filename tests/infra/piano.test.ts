import { hash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { aligned, correlation } from '../../infra/piano/align.ts';
import { nearerMicrophone, type Recording } from '../../infra/piano/recordings.ts';
import { cut, lengthS, levelled, levelOf, parabola } from '../../infra/piano/shape.ts';

const RATE = 44_100;
const DIRECTORY = new URL('../../web/piano/', import.meta.url);

/** A string struck at `atS`: loud, and with more or less of its second partial. */
function struck(pitch: number, atS: number, loud: number, bright: number, seconds = 1.2): Recording {
  const frequency = 440 * 2 ** ((pitch - 69) / 12);
  const signal = new Float32Array(seconds * RATE).map((_, i) => {
    const s = i / RATE - atS;
    if (s < 0) return 0;
    const tone = Math.sin(2 * Math.PI * frequency * s) + bright * Math.sin(4 * Math.PI * frequency * s);
    return loud * (1 - Math.exp(-s / 0.003)) * Math.exp(-s / 2) * tone;
  });
  return { pitch, sampleRate: RATE, signal };
}

test('the committed piano is what its manifest says', () => {
  const manifest = JSON.parse(readFileSync(new URL('manifest.json', DIRECTORY), 'utf8')) as {
    bytes: number;
    layers: {
      name: string;
      file: string;
      bytes: number;
      sha256: string;
      notes: { at: number; bytes: number }[];
    }[];
  };
  let bytes = 0;
  for (const { name, file, bytes: length, sha256, notes } of manifest.layers) {
    const body = readFileSync(new URL(file, DIRECTORY));
    expect(hash('sha256', body)).toBe(sha256);
    expect([file, body.byteLength]).toEqual([`${name}-${sha256.slice(0, 8)}.mp3`, length]);
    let at = 0;
    for (const note of notes) {
      expect(note.at).toBe(at);
      // Each key begins with the header of an mp3 frame of its own.
      expect([body[at], body[at + 1]! & 0xe0]).toEqual([0xff, 0xe0]);
      at += note.bytes;
    }
    expect(at).toBe(length);
    bytes += length;
  }
  expect(manifest.bytes).toBe(bytes);
  const files = readdirSync(DIRECTORY).filter((name) => name.endsWith('.mp3'));
  expect(files.sort()).toEqual(manifest.layers.map(({ file }) => file).sort());
});

test('a soft and a loud recording are laid over one another so that they do not cancel', () => {
  const [soft, forte] = [struck(60, 0.021, 0.1, 0.1), struck(60, 0.0153, 0.5, 0.8)];
  const [a, b] = aligned(soft, forte);
  expect(Math.abs(a - b - 0.0057 * RATE)).toBeLessThan(3);
  expect(correlation(soft, a, forte, b)).toBeGreaterThan(0.75);
  expect(correlation(soft, a, forte, b + 80)).toBeLessThan(0);
});

test('a key is cut to 20 ms before its onset, and fades to nothing at its length', () => {
  const { signal, onset } = cut(struck(60, 0.5, 0.5, 0, 12), Math.round(0.5 * RATE));
  expect(onset).toBe(882);
  expect(signal).toHaveLength(882 + lengthS(60) * RATE);
  expect([47, 48, 72, 86].map(lengthS)).toEqual([12, 11, 5, 3]);
  expect(Math.abs(signal.at(-1)!)).toBeLessThan(1e-6);
  // A string falls by 4.3 dB a second here; in the last 3.3 s by 30 dB more, evenly, and nowhere is it cut off.
  const level = (s: number) => {
    const part = signal.subarray(882 + s * RATE, 882 + (s + 0.2) * RATE);
    return 10 * Math.log10(part.reduce((sum, value) => sum + value ** 2, 0) / part.length);
  };
  expect(level(5) - level(7)).toBeCloseTo(8.7, 0);
  expect(level(8) - level(10)).toBeCloseTo(8.7 + 60 / 3.3, 0);
  const early = cut(struck(60, 0.005, 0.5, 0), 220);
  expect(Math.max(...early.signal.subarray(0, 600).map(Math.abs))).toBe(0);
});

test('layers and keys are brought to one curve of loudness: one that is 9 dB softer is not, afterwards', () => {
  const pitches = Array.from({ length: 9 }, (_, i) => 72 + 3 * i);
  const layers = [0.05, 0.4].map((loud) =>
    pitches.map((pitch) => cut(struck(pitch, 0.5, pitch === 84 ? loud / 2.8 : loud, 0.3), RATE / 2)),
  );
  const levels = levelled(layers).map((keys) => keys.map(levelOf));
  pitches.forEach((_, i) => {
    expect(levels[0]![i]).toBeCloseTo(levels[1]![i]!, 3);
    if (i > 0) expect(Math.abs(levels[0]![i]! - levels[0]![i - 1]!)).toBeLessThan(2.5);
  });
});

test('a parabola is found again through its own points', () => {
  const xs = [21, 40, 60, 84, 105];
  const curve = parabola(
    xs,
    xs.map((x) => 3 - 0.2 * x + 0.01 * x ** 2),
  );
  for (const x of [21, 50, 108]) expect(curve(x)).toBeCloseTo(3 - 0.2 * x + 0.01 * x ** 2, 6);
});

test('of two microphones the nearer one is kept, the same in both layers, without the rumble below the key', () => {
  const stereo = (left: number, right: number) => {
    const hum = new Float32Array(RATE).map((_, i) => 0.1 * Math.sin((2 * Math.PI * 20 * i) / RATE));
    const tone = struck(69, 0.01, 1, 0).signal.subarray(0, RATE);
    return {
      pitch: 69,
      sampleRate: RATE,
      channels: [left, right].map((gain) => hum.map((value, i) => value + gain * tone[i]!)),
    };
  };
  const [[soft], [forte]] = nearerMicrophone([[stereo(0.3, 0.1)], [stereo(0.4, 0.5)]]) as [
    Recording[],
    Recording[],
  ];
  const peak = ({ signal }: Recording) => signal.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  expect(peak(forte!) / peak(soft!)).toBeCloseTo(4 / 3, 1);
  // 20 Hz lies three octaves below the filter's 176: two times 18 dB down.
  const before = soft!.signal.subarray(0, 400).reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  expect(before).toBeLessThan(0.01);
});
