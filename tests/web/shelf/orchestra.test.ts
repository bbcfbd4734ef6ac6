/** A General MIDI file is heard with all that is in it: rendered here as on the page, but for the audio thread. */
import { expect, test } from '@jest/globals';
import { type Ensemble, ensembleOf } from '../../../src/music/midi/ensemble.ts';
import type { Reading } from '../../../src/music/midi/reading.ts';
import { BLOCK } from '../../../web/shelf/words.ts';
import { bandFile, CHANNELS, PROGRAMS, STEP_S, strikesOf } from '../../support/band-file.ts';
import { ensembleIn, loudest, RATE, ready, renderApart, rms } from '../../support/orchestra.ts';

/** Instruments take their time: strings are at a tenth of their loudest after some 70 ms, a piano after 15. */
const SLOWEST_S = 0.08;
/** A tenth of the loudest is where a note begins to be heard. */
const HEARD = 0.1;

/** When a signal becomes loud after having been quiet for 0.4 s, seconds. */
function onsets(signal: Float32Array): number[] {
  const most = loudest(signal);
  const found: number[] = [];
  let last = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < signal.length; i++) {
    if (Math.abs(signal[i]!) <= HEARD * most) continue;
    if (i - last > 0.4 * RATE) found.push(i / RATE);
    last = i;
  }
  return found;
}
const decibels = (value: number) => 20 * Math.log10(value);

test('twelve programs and drums: each channel sounds at its strikes, about as loud as the others, and no other does', async () => {
  const piece = ensembleIn(bandFile());
  const band = await ready(piece);
  band.play();
  const channels = renderApart(band, piece.seconds + 1);
  const levels = CHANNELS.map((channel) => decibels(rms(channels[channel]!)));
  for (const channel of CHANNELS) {
    const found = onsets(channels[channel]!);
    expect([channel, found.length]).toEqual([channel, strikesOf(channel).length]);
    for (const [i, strike] of strikesOf(channel).entries()) {
      const late = found[i]! - strike;
      expect([channel, late > -BLOCK / RATE && late < SLOWEST_S]).toEqual([channel, true]);
    }
  }
  expect(CHANNELS.filter((channel) => channel !== 9)).toEqual([...PROGRAMS.keys()]);
  for (const [i, level] of levels.entries())
    expect([CHANNELS[i], level > -58 && level < -34]).toEqual([CHANNELS[i], true]);
  for (const channel of [13, 14, 15]) expect(rms(channels[channel]!)).toBe(0);
});

test('it is over two seconds after the last release, and then silent', async () => {
  const piece = ensembleIn(bandFile());
  const band = await ready(piece, 2);
  band.play();
  renderApart(band, piece.seconds + 1.9);
  expect(band.isPlaying).toBe(true);
  renderApart(band, 0.2);
  expect(band.isPlaying).toBe(false);
  for (const signal of renderApart(band, 1)) expect(rms(signal)).toBeLessThan(1e-4);
});

test('from the middle it sounds as it does there, with the programs that were set before', async () => {
  const piece = ensembleIn(bandFile());
  const whole = await ready(piece);
  whole.play();
  const all = renderApart(whole, piece.seconds);
  const later = await ready(piece);
  const from = STEP_S * CHANNELS.length - 0.05;
  later.seek(from);
  later.play();
  const part = renderApart(later, 1);
  const violin = CHANNELS[1]!;
  const expected = all[violin]!.subarray(Math.round(from * RATE), Math.round((from + 1) * RATE));
  expect(Math.abs(decibels(rms(part[violin]!)) - decibels(rms(expected)))).toBeLessThan(1);
  expect(onsets(part[violin]!)[0]).toBeCloseTo(STEP_S + 0.05, 1);
  later.pause();
  renderApart(later, 2);
  for (const signal of renderApart(later, 0.5)) expect(rms(signal)).toBeLessThan(1e-4);
});

test('bends bend: a whole tone up is heard as one, in the range that is set, and ends with a reset', async () => {
  const note = { ticks: 480, pitch: 69, velocity: 100, channel: 0 };
  const bare = { name: '', programs: [{ tick: 0, channel: 0, program: 80 }], controllers: [], texts: [] };
  const pitchOf = async (bend: number, controllers: [number, number][] = []) => {
    const piece = ensembleOf({
      ...{ ppq: 480, tempos: [{ tick: 0, microsecondsPerQuarter: 500_000 }] },
      tracks: [
        {
          ...bare,
          notes: [{ ...note, tick: 0 }],
          controllers: controllers.map(([controller, value]) => ({ tick: 0, channel: 0, controller, value })),
          bends: [{ tick: 0, channel: 0, value: bend }],
        },
      ],
    } as unknown as Reading);
    const band = await ready(piece);
    band.play();
    const signal = renderApart(band, 0.45)[0]!.subarray(0.1 * RATE);
    let rising = 0;
    const middle: number[] = [];
    for (let i = 1; i < signal.length; i++)
      if (signal[i - 1]! < 0 && signal[i]! >= 0) {
        rising++;
        middle.push(i);
      }
    return ((rising - 1) * RATE) / (middle.at(-1)! - middle[0]!);
  };
  const straight = await pitchOf(8_192);
  expect((await pitchOf(16_383)) / straight).toBeCloseTo(2 ** (2 / 12), 1);
  const octave: [number, number][] = [
    [101, 0],
    [100, 0],
    [6, 12],
  ];
  expect((await pitchOf(16_383, octave)) / straight).toBeCloseTo(2, 1);
});

test('every one of the 128 programs has a sound of its own file, neither silent nor louder than the others', async () => {
  const NOTE_S = 0.25;
  const all = Array.from({ length: 128 }, (_, program) => program);
  // One after the other on one channel, which is silenced in between.
  const piece: Ensemble = {
    times: Float64Array.from(all.flatMap((i) => [0, 0, 0.8, 0.9].map((part) => NOTE_S * (i + part)))),
    bytes: Uint8Array.from(
      all.flatMap((program) => [0xc0, program, 0, 0x90, 60, 100, 0x80, 60, 0, 0xb0, 120, 0]),
    ),
    ...{ seconds: NOTE_S * all.length, programs: all, hasPercussion: false },
  };
  const band = await ready(piece);
  band.play();
  const sound = renderApart(band, piece.seconds)[0]!;
  const odd = all
    .map((i) => decibels(rms(sound.subarray(i * NOTE_S * RATE, (i + 0.8) * NOTE_S * RATE))))
    .map((level, program) => [program, Math.round(level)] as const)
    .filter(([, level]) => !(level > -60 && level < -18));
  expect(odd).toEqual([]);
});
