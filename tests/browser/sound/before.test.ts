import { beforeAll, expect, test } from '@jest/globals';
import { type BrowserPiano, browserPiano, type Rendered } from '../../../bench/sound/browser-piano.ts';
import { highPass } from '../../../bench/sound/high-pass.ts';
import { meanSquare } from '../../../bench/sound/loudness.ts';
import { onsets } from '../../../bench/sound/onsets.ts';
import { STROKES, TUNING } from '../../../web/sound/before.ts';
import { aBrowser } from '../suite.ts';

const browser = aBrowser();
let piano: BrowserPiano;
/** What is heard by who waits from twelve seconds before T0 to two after it. */
let rendered: Rendered;
const JOINS_MS = -12_000;
beforeAll(async () => {
  piano = await browserPiano(browser());
  rendered = await piano.wait({ joinsMs: JOINS_MS, untilMs: 2_000 });
}, 120_000);

const db = (power: number): number => 10 * Math.log10(power);
/** Mean level of an ear from a position to another, milliseconds from T0, dB against full scale. */
function level({ channels, sampleRate }: Rendered, fromMs: number, toMs: number, joinsMs = JOINS_MS): number {
  const [from, to] = [fromMs, toMs].map((ms) => Math.round(((ms - joinsMs) / 1_000) * sampleRate)) as [
    number,
    number,
  ];
  const powers = channels.map((channel) => meanSquare(channel, from, to));
  return db(powers.reduce((sum, power) => sum + power, 0) / channels.length);
}
const isSilent = ({ channels }: Rendered) => channels.every((ear) => ear.every((value) => value === 0));
const mono = ({ channels }: Rendered) => channels[0]!.map((value, i) => (value + channels[1]![i]!) / 2);

test('the bellows are soft, breathe stroke by stroke, and differ from ear to ear; before them there is nothing', () => {
  expect(level(rendered, -12_000, -9_600)).toBe(Number.NEGATIVE_INFINITY);
  const [first] = STROKES.filter(({ ms }) => ms > JOINS_MS);
  const height = first!.ms + 0.4 * first!.lengthMs;
  expect(level(rendered, height - 150, height + 150)).toBeGreaterThan(-49);
  expect(level(rendered, height - 150, height + 150)).toBeLessThan(-43);
  // Where two strokes meet there is hardly anything.
  const meeting = first!.ms + 1_650 + 125;
  expect(
    level(rendered, height - 150, height + 150) - level(rendered, meeting - 60, meeting + 60),
  ).toBeGreaterThan(8);
  const [from, to] = [2.7, 3.5].map((s) => s * rendered.sampleRate) as [number, number];
  const [left, right] = rendered.channels.map((channel) => channel.subarray(from, to)) as [
    Float32Array,
    Float32Array,
  ];
  const both = left.reduce((sum, value, i) => sum + value * right[i]!, 0);
  expect(
    Math.abs(both) / Math.sqrt(left.reduce((s, v) => s + v * v, 0) * right.reduce((s, v) => s + v * v, 0)),
  ).toBeLessThan(0.2);
});

test('one note sounds, six seconds before T0 to the millisecond and a half, well above the bellows', async () => {
  // Where the first stroke rises out of nothing is no note.
  const heard = onsets(mono(rendered), rendered.sampleRate)
    .map((s) => JOINS_MS + 1_000 * s)
    .filter((ms) => ms > -9_000);
  expect(heard).toHaveLength(1);
  expect(Math.abs(heard[0]! - TUNING.onsetMs)).toBeLessThan(5);
  // Of whoever joined at another moment it is the same.
  const later = await piano.wait({ joinsMs: -8_137, untilMs: 0 });
  const again = onsets(mono(later), later.sampleRate)
    .map((s) => -8_137 + 1_000 * s)
    .filter((ms) => ms > -7_000);
  expect(again).toHaveLength(1);
  expect(Math.abs(again[0]! - heard[0]!)).toBeLessThan(1.5);
  expect(level(rendered, -5_900, -5_000) - level(rendered, -4_200, -3_800)).toBeGreaterThan(0);
  expect(level(rendered, -5_900, -5_000)).toBeGreaterThan(-42);
  expect(level(rendered, -5_900, -5_000)).toBeLessThan(-22);
});

test('when the music begins no more is left of it than the air of the room', () => {
  // That is -75 dB an ear, and mostly below 500 Hz.
  expect(level(rendered, -250, 0)).toBeLessThan(-70);
  const high = rendered.channels.map((ear) => Float32Array.from(highPass(ear, rendered.sampleRate, 350)));
  expect(level({ ...rendered, channels: high }, -250, 0)).toBeLessThan(-74);
});

test('muted it is silent; at half the volume it is 12 dB softer; called off it falls silent at once', async () => {
  const muted = await piano.wait({ joinsMs: JOINS_MS, untilMs: 0, muted: true });
  // The volume glides there from where it was in the first hundred milliseconds, in which nothing sounds.
  expect(level(muted, -9_600, 0)).toBeLessThan(-150);
  const half = await piano.wait({ joinsMs: JOINS_MS, untilMs: 0, volume: 0.5 });
  expect(Math.abs(level(rendered, -9_400, -3_000) - level(half, -9_400, -3_000) - 12.04)).toBeLessThan(0.1);
  const stopped = await piano.wait({ joinsMs: JOINS_MS, untilMs: 0, stoppedMs: -8_500 });
  expect(level(stopped, -9_000, -8_600)).toBeGreaterThan(-52);
  expect(level(stopped, -8_400, 0)).toBe(Number.NEGATIVE_INFINITY);
});

test('who comes when it is over, or after T0, hears nothing', async () => {
  for (const joinsMs of [-2_900, 0])
    expect(isSilent(await piano.wait({ joinsMs, untilMs: joinsMs + 3_000 }))).toBe(true);
});
