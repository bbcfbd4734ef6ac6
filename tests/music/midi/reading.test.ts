/** The whole of what a file says: names, texts, signatures, programs and controllers beside the notes. */
import { expect, test } from '@jest/globals';
import * as toneMidi from '@tonejs/midi';
import fc from 'fast-check';
import { musicOf } from '../../../src/music/midi/file.ts';
import type { Reading } from '../../../src/music/midi/reading.ts';
import { readSmf } from '../../../src/music/midi/walk.ts';
import { writeMidiFile } from '../../../src/music/midi/write.ts';
import { anyMusic } from '../../support/music.ts';
import { ascii, END_OF_TRACK, ONE_NOTE, smf } from '../../support/smf.ts';

const { Midi } = (toneMidi as unknown as { default: typeof toneMidi }).default ?? toneMidi;

const read = (bytes: Uint8Array): Reading => {
  const reading = readSmf(bytes);
  if ('problem' in reading) throw new Error(reading.problem);
  return reading;
};
const meta = (type: number, ...body: number[]): number[] => [0, 0xff, type, body.length, ...body];
const named = (...name: number[]): Uint8Array =>
  smf({ tracks: [[...meta(3, ...name), ...ONE_NOTE, ...END_OF_TRACK]] });
const utf8 = (text: string): number[] => [...new TextEncoder().encode(text)];

test('a whole reading', () => {
  const first = [
    ...meta(3, ...ascii('Song')),
    ...meta(0x58, 6, 3, 36, 8),
    ...meta(0x59, 0xfd, 1),
    ...meta(0x51, 0x0f, 0x42, 0x40),
    ...meta(6, ...ascii('A')),
    ...END_OF_TRACK,
  ];
  const second = [
    ...meta(3, ...ascii('Voice')),
    ...[0, 0xc0, 52, 0, 0xb0, 64, 127, 0, 0xb0, 0, 90, 0, 0xb0, 1, 90, 0, 0xb0, 7, 100, 0, 0xe0, 1, 65],
    ...meta(5, ...ascii('la ')),
    ...[...ONE_NOTE, 0, 0xb0, 64, 0],
    ...END_OF_TRACK,
  ];
  expect(read(smf({ tracks: [first, second], format: 1 }))).toEqual({
    verdict: 'accepted',
    format: 1,
    ppq: 480,
    title: 'Song',
    tempos: [{ tick: 0, microsecondsPerQuarter: 1_000_000 }],
    timeSignatures: [{ tick: 0, beats: 6, unit: 8 }],
    keySignatures: [{ tick: 0, fifths: -3, major: false }],
    tracks: [
      {
        name: 'Song',
        programs: [],
        notes: [],
        controllers: [],
        bends: [],
        texts: [{ tick: 0, kind: 'marker', text: 'A' }],
      },
      {
        name: 'Voice',
        programs: [{ tick: 0, channel: 0, program: 52 }],
        notes: [{ tick: 0, ticks: 480, pitch: 60, velocity: 64, channel: 0 }],
        controllers: [
          { tick: 0, channel: 0, controller: 64, value: 127 },
          { tick: 0, channel: 0, controller: 1, value: 90 },
          { tick: 0, channel: 0, controller: 7, value: 100 },
          { tick: 480, channel: 0, controller: 64, value: 0 },
        ],
        bends: [{ tick: 0, channel: 0, value: 8321 }],
        texts: [{ tick: 0, kind: 'lyric', text: 'la ' }],
      },
    ],
    repairs: [],
    warnings: [],
  });
});

test('text is UTF-8 where it is valid UTF-8, else Latin-1', () => {
  expect(read(named(...utf8('Dvořák'))).title).toBe('Dvořák');
  expect(read(named(0x66, 0xfc, 0x72)).title).toBe('für');
});

test('a long name is cut between two characters, not inside one', () => {
  const long = [0, 0xff, 3, 0x81, 0x49, ...utf8('ř'.repeat(100)), 97];
  const { title } = read(smf({ tracks: [[...long, ...ONE_NOTE, ...END_OF_TRACK]] }));
  expect(title).toBe('ř'.repeat(60));
  const odd = [0, 0xff, 3, 0x81, 0x49, 97, ...utf8('ř'.repeat(100))];
  expect(read(smf({ tracks: [[...odd, ...ONE_NOTE, ...END_OF_TRACK]] })).title).toBe(`a${'ř'.repeat(59)}`);
});

test('the title is the first name of the first track', () => {
  const track = [...meta(3, 65), ...meta(3, 66), ...ONE_NOTE, ...END_OF_TRACK];
  expect(read(smf({ tracks: [track] })).title).toBe('A');
});

test('the pedal is kept where the first track, or the first program, has no notes', () => {
  const pedal = [0, 0xb0, 64, 127, 0x87, 0x40, 0xb0, 64, 0];
  const apart = smf({
    tracks: [
      [...pedal, ...END_OF_TRACK],
      [...ONE_NOTE, ...END_OF_TRACK],
    ],
    format: 1,
  });
  const before = [0, 0xb0, 64, 127, 0, 0xc0, 1, ...ONE_NOTE, 0x83, 0x60, 0xb0, 64, 0, ...END_OF_TRACK];
  for (const bytes of [apart, smf({ tracks: [before], format: 1 })])
    expect(musicOf(read(bytes)).music.pedal).toEqual([
      { ms: 0, value: 127 },
      { ms: 1000, value: 0 },
    ]);
});

test('markers keep their time where the first track has several channels and programs', () => {
  const track = [
    ...ONE_NOTE,
    0,
    0xc1,
    5,
    0,
    0x91,
    60,
    64,
    0x83,
    0x60,
    0x81,
    60,
    0,
    ...meta(6, 65),
    ...END_OF_TRACK,
  ];
  expect(musicOf(read(smf({ tracks: [track] }))).markers).toEqual([{ ms: 1000, text: 'A' }]);
});

test('of what we write, @tonejs/midi reads the same notes', () => {
  fc.assert(
    fc.property(anyMusic(60_000), (music) => {
      const bytes = writeMidiFile({ title: 't', music, markers: [] });
      const theirs = new Midi(bytes).tracks.flatMap(({ notes }) =>
        notes.map(({ ticks, durationTicks, midi, velocity }) => [ticks, durationTicks, midi, velocity * 127]),
      );
      const ours = read(bytes).tracks.flatMap(({ notes }) =>
        notes.map(({ tick, ticks, pitch, velocity }) => [tick, ticks, pitch, velocity]),
      );
      const byTime = (a: number[], b: number[]): number => a[0]! - b[0]! || a[2]! - b[2]!;
      expect(ours.sort(byTime)).toEqual(theirs.sort(byTime));
    }),
    { numRuns: 50 },
  );
});
