/** Staves for scores out of a reading. */
import { expect, test } from '@jest/globals';
import { stavesOf } from '../../../src/music/midi/staves.ts';
import { readSmf } from '../../../src/music/midi/walk.ts';
import type { Staves } from '../../../src/music/score/lay-out.ts';
import { END_OF_TRACK, ONE_NOTE, smf } from '../../support/smf.ts';

const staves = (tracks: readonly (readonly number[])[], song = false): Staves => {
  const reading = readSmf(smf({ tracks: tracks.map((track) => [...track, ...END_OF_TRACK]), format: 1 }));
  if ('problem' in reading) throw new Error(reading.problem);
  return stavesOf(reading, song);
};
const noteOn = (channel: number, pitch: number): number[] => [
  0,
  0x90 | channel,
  pitch,
  64,
  0x83,
  0x60,
  0x80 | channel,
  pitch,
  0,
];
const signature = (beats: number, power: number, delta: readonly number[] = [0]): number[] => [
  ...delta,
  0xff,
  0x58,
  4,
  beats,
  power,
  24,
  8,
];

test('tracks are staves with their programs, in ticks; tracks without notes and percussion are none', () => {
  const [tempo, voice, drums] = [[0, 0xff, 0x51, 3, 7, 161, 32], [0, 0xc0, 52, ...ONE_NOTE], noteOn(9, 38)];
  expect(staves([tempo, voice, drums, noteOn(1, 48)], true)).toEqual({
    ppq: 480,
    song: true,
    signatures: [],
    staves: [
      { program: 52, notes: [{ tick: 0, ticks: 480, pitch: 60 }] },
      { program: 0, notes: [{ tick: 0, ticks: 480, pitch: 48 }] },
    ],
  });
});

test('channels and programs of one track are staves of their own', () => {
  const track = [...noteOn(0, 60), ...noteOn(1, 48), 0, 0xc0, 68, ...noteOn(0, 62), ...noteOn(1, 50)];
  expect(
    staves([track]).staves.map(({ program, notes }) => [program, notes.map(({ pitch }) => pitch)]),
  ).toEqual([
    [0, [60]],
    [0, [48, 50]],
    [68, [62]],
  ]);
});

test('of several time signatures in one tick the last counts, and what follows the music is left out', () => {
  const days = [0xff, 0xff, 0xff, 0x7f];
  const track = [
    ...signature(4, 2),
    ...signature(3, 2),
    ...ONE_NOTE,
    ...signature(2, 2),
    ...noteOn(0, 62),
    ...signature(6, 3, days),
  ];
  expect(staves([track]).signatures).toEqual([
    { tick: 0, metre: { beats: 3, unit: 4 } },
    { tick: 480, metre: { beats: 2, unit: 4 } },
  ]);
});
