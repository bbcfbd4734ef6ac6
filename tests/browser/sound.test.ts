import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { type BrowserPiano, browserPiano, type Rendered } from '../../bench/sound/browser-piano.ts';
import { LEAD_S } from '../../bench/sound/job.ts';
import { integratedLoudness, kWeighted, meanSquare, truePeak } from '../../bench/sound/loudness.ts';
import { matched, onsets } from '../../bench/sound/onsets.ts';
import { lengthS } from '../../infra/piano/shape.ts';
import { readMidiFile } from '../../src/music/midi/file.ts';
import { type Note, toMusic } from '../../src/music/note.ts';
import { attackFrame } from '../../web/instrument/attack.ts';
import { note } from '../support/music.ts';
import { aBrowser } from './suite.ts';

const manifest = JSON.parse(
  readFileSync(new URL('../../web/piano/manifest.json', import.meta.url), 'utf8'),
) as {
  bytes: number;
  layers: { name: 'soft' | 'forte'; notes: { pitch: number; levelDb: number }[] }[];
};

const browser = aBrowser();
let piano: BrowserPiano;
beforeAll(async () => {
  piano = await browserPiano(browser());
});

const db = (power: number): number => 10 * Math.log10(power);
/** K-weighted level of both channels together over a part of the music, dB; seconds from its start. */
function levelAt({ channels, sampleRate }: Rendered, fromS: number, toS: number): number {
  const [from, to] = [fromS, toS].map((s) => Math.round((LEAD_S + s) * sampleRate)) as [number, number];
  // The filters need a moment; what was before is heard by them as well.
  const before = Math.max(0, from - sampleRate);
  const powers = channels.map((channel) =>
    meanSquare(kWeighted(channel.subarray(before, to), sampleRate), from - before, to - before),
  );
  return db(powers.reduce((sum, power) => sum + power, 0));
}
const mono = ({ channels }: Rendered): Float32Array =>
  channels[0]!.map((value, i) => (value + channels[1]![i]!) / 2);

describe('the recordings, as this browser decodes them', () => {
  test('the two layers weigh at most 2 MB', () => {
    expect(manifest.bytes).toBeLessThanOrEqual(2_000_000);
    expect(manifest.layers.map(({ notes }) => notes.length)).toEqual([22, 22]);
  });

  test.each(['soft', 'forte'] as const)(
    'each attack of the %s layer lies within 1 ms of where notes begin, its level on a smooth curve, its end in silence',
    async (name) => {
      const { notes } = manifest.layers.find((layer) => layer.name === name)!;
      const levels: number[] = [];
      for (const { pitch, levelDb } of notes) {
        const { onsetS, sampleRate, signal } = await piano.key(name, pitch);
        const attackS = attackFrame(signal, sampleRate) / sampleRate;
        expect(Math.abs(attackS - onsetS)).toBeLessThan(0.001);
        const from = Math.round(onsetS * sampleRate);
        const heard = kWeighted(signal.subarray(0, from + sampleRate / 2), sampleRate);
        levels.push(db(meanSquare(heard, from, heard.length)));
        expect(Math.abs(levels.at(-1)! - levelDb)).toBeLessThan(0.3);
        const lasts = signal.length / sampleRate - onsetS;
        expect(Math.abs(lasts - lengthS(pitch))).toBeLessThan(0.1);
        expect(db(meanSquare(signal, signal.length - 2_400, signal.length))).toBeLessThan(-70);
      }
      levels.slice(1).forEach((level, i) => {
        const semitones = notes[i + 1]!.pitch - notes[i]!.pitch;
        expect(Math.abs(level - levels[i]!) / semitones).toBeLessThan(0.5);
      });
    },
    120_000,
  );
});

describe('single notes', () => {
  const PITCHES = [39, 48, 60, 72, 84];
  const STEP_S = 1.5;
  const VELOCITIES = [31, 44, 52, 60, 68, 76, 86];
  let rendered: Rendered;
  beforeAll(async () => {
    const notes = PITCHES.flatMap((pitch, p) =>
      VELOCITIES.map((velocity, v) =>
        note((p * VELOCITIES.length + v) * STEP_S * 1_000, 700, pitch, velocity),
      ),
    );
    rendered = await piano.render(toMusic(notes));
  });

  test('from velocity 31 to 86 loudness grows by 19 to 24 dB, and steadily where one recording fades into the other', () => {
    PITCHES.forEach((_, p) => {
      const levels = VELOCITIES.map((_, v) => {
        const at = (p * VELOCITIES.length + v) * STEP_S;
        return levelAt(rendered, at, at + 0.5);
      });
      const range = levels.at(-1)! - levels[0]!;
      expect(range).toBeGreaterThanOrEqual(19);
      expect(range).toBeLessThanOrEqual(24);
      for (let v = 1; v < levels.length; v++) expect(levels[v]! - levels[v - 1]!).toBeGreaterThan(0);
    });
  });

  test('each begins where the score has it, within 5 ms', () => {
    const times = PITCHES.flatMap((_, p) =>
      VELOCITIES.map((_, v) => LEAD_S + (p * VELOCITIES.length + v) * STEP_S),
    );
    const found = matched(times, onsets(mono(rendered), rendered.sampleRate), 0.05);
    found.forEach((time, i) => {
      expect(Math.abs(time! - times[i]!)).toBeLessThan(0.005);
    });
  });
});

test('dampers silence a bass string in 300 ms and a treble one in 80; the top keys ring on', async () => {
  const rendered = await piano.render(
    toMusic([note(0, 1_000, 28, 70), note(3_000, 500, 84, 70), note(6_000, 300, 96, 70)]),
  );
  const fall = (releaseS: number, afterS: number) =>
    levelAt(rendered, releaseS - 0.05, releaseS) -
    levelAt(rendered, releaseS + afterS, releaseS + afterS + 0.05);
  expect(fall(1, 0.1)).toBeLessThan(20);
  expect(fall(1, 0.45)).toBeGreaterThan(20);
  expect(fall(3.5, 0.2)).toBeGreaterThan(15);
  expect(fall(6.3, 0.2)).toBeLessThan(15);
});

test('with the pedal down other strings take up what is struck, and fall silent when it rises', async () => {
  const struck = [note(0, 1_000, 48, 80), note(0, 1_000, 55, 80)];
  const plain = await piano.render(toMusic(struck, [{ ms: 5_000, value: 0 }]));
  const pedalled = await piano.render(
    toMusic(struck, [
      { ms: 0, value: 127 },
      { ms: 1_000, value: 0 },
      { ms: 5_000, value: 0 },
    ]),
  );
  // As long as the keys are held, what differs are the other strings alone.
  const others: Rendered = {
    sampleRate: plain.sampleRate,
    channels: plain.channels.map((channel, c) =>
      pedalled.channels[c]!.map((value, i) => value - channel[i]!),
    ),
  };
  const share = levelAt(others, 0.5, 1) - levelAt(plain, 0.5, 1);
  expect(share).toBeGreaterThan(-35);
  expect(share).toBeLessThan(-10);
  expect(levelAt(others, 0.5, 1) - levelAt(others, 2, 2.5)).toBeGreaterThan(30);
});

describe('music', () => {
  const file = readMidiFile(readFileSync(new URL('../fixtures/performance.mid', import.meta.url)));
  if ('problem' in file) throw new Error(file.problem);
  const { music } = file;

  test('a performance is at −20 ± 2 LUFS, below −1 dB between the samples too; its tone is as loud within 2 dB', async () => {
    const grand = await piano.render(music);
    const tone = await piano.render(music, { grandFromMs: null });
    const loudness = integratedLoudness(grand.channels, grand.sampleRate);
    expect(Math.abs(loudness + 20)).toBeLessThanOrEqual(2);
    expect(truePeak(grand.channels)).toBeLessThanOrEqual(-1);
    expect(truePeak(tone.channels)).toBeLessThanOrEqual(-1);
    expect(Math.abs(integratedLoudness(tone.channels, tone.sampleRate) - loudness)).toBeLessThanOrEqual(2);
  });

  test('thirty loud notes a second, out of a soft performance, do not clip', async () => {
    const soft: Note[] = Array.from({ length: 40 }, (_, i) => note(i * 250, 400, 50 + (i % 20), 50));
    const storm: Note[] = Array.from({ length: 90 }, (_, i) =>
      note(10_000 + Math.round((i * 1_000) / 30), 600, 30 + ((i * 17) % 60), 110),
    );
    const rendered = await piano.render(toMusic([...soft, ...storm]));
    const highest = Math.max(
      ...rendered.channels.map((channel) =>
        channel.reduce((most, value) => Math.max(most, Math.abs(value)), 0),
      ),
    );
    expect(highest).toBeGreaterThan(0.5);
    expect(highest).toBeLessThanOrEqual(0.79);
    expect(truePeak(rendered.channels)).toBeLessThanOrEqual(-1);
  });

  test('everybody hears the same: rendered twice it is the same to the last bit, though no two strokes are', async () => {
    const repeated = toMusic(Array.from({ length: 6 }, (_, i) => note(i * 1_000, 600, 61, 70)));
    const [once, again] = [await piano.render(repeated), await piano.render(repeated)];
    expect(Buffer.from(once.channels[0]!.buffer).equals(Buffer.from(again.channels[0]!.buffer))).toBe(true);
    const levels = Array.from({ length: 6 }, (_, i) => levelAt(once, i, i + 0.4));
    expect(new Set(levels.map((level) => level.toFixed(2))).size).toBeGreaterThanOrEqual(5);
    expect(Math.max(...levels) - Math.min(...levels)).toBeLessThan(3);
  });

  test('pianos are exchanged from one note to the next, without a click', async () => {
    const notes = Array.from({ length: 12 }, (_, i) => note(i * 400, 700, 50 + ((i * 5) % 24), 60));
    const fromMs = 2_400;
    const tone = await piano.render(toMusic(notes), { grandFromMs: null });
    const grand = await piano.render(toMusic(notes));
    const both = await piano.render(toMusic(notes), { grandFromMs: fromMs });
    const { sampleRate } = both;
    // A recording begins 45 ms before its onset, with silence.
    const before = Math.round((LEAD_S + fromMs / 1000 - 0.05) * sampleRate);
    const difference = both.channels[0]!.map((value, i) => Math.abs(value - tone.channels[0]![i]!));
    expect(Math.max(...difference.subarray(before - 4_800, before))).toBeLessThan(1e-6);
    const jump = (one: Rendered) => {
      const [from, to] = [before, Math.round((LEAD_S + fromMs / 1000 + 0.2) * sampleRate)];
      const [left] = one.channels as [Float32Array];
      return left
        .subarray(from, to)
        .reduce((most, value, i) => Math.max(most, Math.abs(value - left[from + i - 1]!)), 0);
    };
    expect(jump(both)).toBeLessThan(1.2 * (jump(tone) + jump(grand)));
    expect(Math.abs(levelAt(both, 3.6, 4.8) - levelAt(grand, 3.6, 4.8))).toBeLessThan(1);
  });
});
