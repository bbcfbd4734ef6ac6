import { beforeAll, expect, test } from '@jest/globals';
import { type BrowserPiano, browserPiano, type Rendered } from '../../../bench/sound/browser-piano.ts';
import { highPass } from '../../../bench/sound/high-pass.ts';
import { LEAD_S } from '../../../bench/sound/job.ts';
import { kWeighted, meanSquare } from '../../../bench/sound/loudness.ts';
import { interauralCorrelation, reverberationS } from '../../../bench/sound/room.ts';
import { toMusic } from '../../../src/music/note.ts';
import { attackFrame } from '../../../web/instrument/attack.ts';
import { note } from '../../support/music.ts';
import { aBrowser } from '../suite.ts';

const browser = aBrowser();
let piano: BrowserPiano;
beforeAll(async () => {
  piano = await browserPiano(browser());
});

const db = (power: number): number => 10 * Math.log10(power);
/** Of both ears together, over a part of the music, seconds from its start; dB against full scale, or as the ear weighs it. */
const stretch = ({ channels, sampleRate }: Rendered, fromS: number, toS: number) =>
  channels.map((channel) =>
    channel.subarray(
      Math.max(0, Math.round((LEAD_S + fromS) * sampleRate)),
      Math.round((LEAD_S + toS) * sampleRate),
    ),
  );
const level = (rendered: Rendered, fromS: number, toS: number): number =>
  db(stretch(rendered, fromS, toS).reduce((sum, part) => sum + meanSquare(part, 0, part.length), 0));
const heard = (rendered: Rendered, fromS: number, toS: number): number =>
  db(
    stretch(rendered, fromS - 0.5, toS).reduce(
      (sum, part) => sum + meanSquare(kWeighted(part, rendered.sampleRate), 24_000, part.length),
      0,
    ),
  );

test('the room rings for 1.2 s, less where it is high, and hardly at once', async () => {
  const { channels, sampleRate } = await piano.clap(3);
  // The sound itself, and its breadth, are not the room.
  const walls = channels.map((channel) => channel.subarray(Math.round(0.06 * sampleRate)));
  const all = reverberationS(walls, sampleRate);
  expect(all).toBeGreaterThan(1);
  expect(all).toBeLessThan(1.4);
  const high = walls.map((wall) => Float32Array.from(highPass(wall, sampleRate, 4_000)));
  expect(reverberationS(high, sampleRate)).toBeLessThan(all);
  const power = (fromS: number, toS: number) =>
    channels.reduce((sum, channel) => {
      const [from, to] = [fromS * sampleRate, toS * sampleRate].map(Math.round) as [number, number];
      return sum + meanSquare(channel, from, to) * (to - from);
    }, 0);
  // A comb would show: with the room at −4 dB neighbouring notes differed by as much (docs/decisions.md).
  const share = db(power(0.06, 3) / power(0, 0.001));
  expect(share).toBeGreaterThan(-21);
  expect(share).toBeLessThan(-14);
});

test('one loudspeaker that plays both ears hears the string as it was, not what spreads it', async () => {
  const { channels, sampleRate } = await piano.clap(1);
  const [left, right] = channels as [Float32Array, Float32Array];
  const [from, to] = [Math.round(0.001 * sampleRate), Math.round(0.014 * sampleRate)];
  const sum = left.map((value, i) => value + right[i]!);
  expect(meanSquare(left, from, to)).toBeGreaterThan(1e-5);
  // What is left is the air of the room.
  expect(db(meanSquare(sum, from, to) / meanSquare(left, from, to))).toBeLessThan(-60);
});

test('each ear hears a note of the middle in its own way, and the room in quite another', async () => {
  const { channels, sampleRate } = await piano.clap(1);
  const ears = (fromS: number, toS: number) =>
    channels.map((channel) => channel.subarray(Math.round(fromS * sampleRate), Math.round(toS * sampleRate)));
  // ISO 3382's early and late parts. Without what spreads it the early one is 0.99.
  const early = interauralCorrelation(ears(0, 0.08), sampleRate);
  expect(early).toBeGreaterThan(0.6);
  expect(early).toBeLessThan(0.8);
  expect(interauralCorrelation(ears(0.08, 0.5), sampleRate)).toBeLessThan(0.2);
});

test('C3 that is held for eleven seconds is still there at ten, above the air of the room, and dies away evenly', async () => {
  const rendered = await piano.render(toMusic([note(0, 11_500, 48, 80)]));
  const levels = [1, 2, 4, 6, 8].map((s) => level(rendered, s, s + 0.5));
  levels.slice(1).forEach((one, i) => {
    expect(levels[i]! - one).toBeGreaterThan(0);
    expect(levels[i]! - one).toBeLessThan(14);
  });
  const string = rendered.channels.map((channel) =>
    Float32Array.from(highPass(channel, rendered.sampleRate, 500)),
  );
  const rings = level({ ...rendered, channels: string }, 10, 10.5);
  expect(rings - level({ ...rendered, channels: string }, 13, 13.5)).toBeGreaterThan(3);
});

test('a rest is air, softer than programme loudness counts; twelve seconds after the last note it goes, and before the first there is none', async () => {
  const rendered = await piano.render(toMusic([note(1_000, 100, 84, 70), note(5_000, 100, 84, 70)]), {
    tailS: 23,
  });
  const before = stretch(rendered, 0, 0.9);
  expect(before.every((ear) => ear.every((value) => value === 0))).toBe(true);
  const air = level(rendered, 4, 4.8);
  // −75 dB an ear, whatever the performance is made louder or softer by: this one, by nine decibels.
  expect(Math.abs(air + 72)).toBeLessThan(1);
  expect(heard(rendered, 4, 4.8)).toBeLessThan(-72);
  expect(level(rendered, 4, 4.8) - level(rendered, 9, 10)).toBeLessThan(1.5);
  const after = stretch(rendered, 26, 28);
  expect(after.every((ear) => ear.every((value) => value === 0))).toBe(true);
});

test('attacks are where they were: within a millisecond and a half of the score, at each ear', async () => {
  const pitches = [40, 52, 65, 77, 89];
  const rendered = await piano.render(toMusic(pitches.map((pitch, i) => note(i * 3_000, 300, pitch, 80))));
  pitches.forEach((_, i) => {
    const ears = stretch(rendered, i * 3 - 0.03, i * 3 + 0.15);
    for (const ear of ears) {
      const at = attackFrame(ear, rendered.sampleRate) / rendered.sampleRate - 0.03;
      expect(Math.abs(at)).toBeLessThan(0.0015);
    }
  });
});
