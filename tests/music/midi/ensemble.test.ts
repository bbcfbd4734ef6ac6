/** What a synthesiser is sent: every channel, in order, with nothing that would cut another note short. */
import { expect, test } from '@jest/globals';
import { type Ensemble, ensembleOf } from '../../../src/music/midi/ensemble.ts';
import { readSmf } from '../../../src/music/midi/walk.ts';
import { bandFile, CHANNELS, PROGRAMS, strikesOf } from '../../support/band-file.ts';
import { END_OF_TRACK, smf } from '../../support/smf.ts';

const ensemble = (bytes: Uint8Array): Ensemble => {
  const reading = readSmf(bytes);
  if ('problem' in reading) throw new Error(reading.problem);
  return ensembleOf(reading);
};
const messages = ({ times, bytes }: Ensemble) =>
  [...times].map((seconds, i) => [Number(seconds.toFixed(4)), ...bytes.subarray(3 * i, 3 * i + 3)]);
/** 480 ticks are half a second. */
const track = (...body: number[]) => smf({ tracks: [[...body, ...END_OF_TRACK]] });
const HALF = [0x83, 0x60];

test('at one instant releases come first, then what sounds change by, then strikes', () => {
  const bytes = track(
    ...[0, 0x90, 60, 90, ...HALF, 0x90, 62, 91, 0, 0x80, 60, 0, 0, 0xe0, 0, 64, 0, 0xc0, 40, 0, 0xb0, 10, 20],
    ...[...HALF, 0x80, 62, 0],
  );
  expect(messages(ensemble(bytes))).toEqual([
    [0, 0x90, 60, 90],
    [0.5, 0x80, 60, 0],
    [0.5, 0xc0, 40, 0],
    [0.5, 0xb0, 10, 20],
    [0.5, 0xe0, 0, 64],
    [0.5, 0x90, 62, 91],
    [1, 0x80, 62, 0],
  ]);
});

test('a key that is struck while it is held is released and struck again, and ends with its last release', () => {
  const bytes = track(
    ...[0, 0x90, 60, 90, ...HALF, 0x90, 60, 80, ...HALF, 0x80, 60, 0, ...HALF, 0x80, 60, 0],
  );
  expect(messages(ensemble(bytes))).toEqual([
    [0, 0x90, 60, 90],
    [0.5, 0x80, 60, 0],
    [0.5, 0x90, 60, 80],
    [1.5, 0x80, 60, 0],
  ]);
});

test('a note of no length lasts a millisecond; what moves after the last note is left out', () => {
  const bytes = track(0, 0x90, 60, 90, 0, 0x80, 60, 0, ...HALF, 0xb0, 64, 127);
  const song = ensemble(bytes);
  expect(messages(song)).toEqual([
    [0, 0x90, 60, 90],
    [0.001, 0x80, 60, 0],
  ]);
  expect(song.seconds).toBe(0.001);
});

test('programs are those that sound, whichever track sets them; percussion is told, and has none', () => {
  const band = ensemble(bandFile());
  expect(band.programs).toEqual([...PROGRAMS.values()].sort((a, b) => a - b));
  expect(band.hasPercussion).toBe(true);
  const strikes = messages(band).filter(([, status]) => (status! & 0xf0) === 0x90);
  for (const channel of CHANNELS)
    expect(strikes.filter(([, status]) => status === (0x90 | channel)).map(([at]) => at)).toEqual(
      strikesOf(channel),
    );
  // The program is set in a track without notes, and another one is never played.
  const apart = smf({
    format: 1,
    tracks: [
      [0, 0xc0, 19, 0, 0xc1, 33, ...END_OF_TRACK],
      [0, 0x90, 60, 90, ...HALF, 0x80, 60, 0, ...END_OF_TRACK],
    ],
  });
  expect(ensemble(apart)).toMatchObject({ programs: [19], hasPercussion: false });
});
