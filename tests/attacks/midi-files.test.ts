/** MIDI files that attack their reader: each is read in bounded time, with what can be told of it, or refused with a reason. */
import { expect, test } from '@jest/globals';
import { readMidiFile } from '../../src/music/midi/file.ts';
import { stavesOf } from '../../src/music/midi/staves.ts';
import { readSmf } from '../../src/music/midi/walk.ts';
import { ascii, END_OF_TRACK, ONE_NOTE, smf, u16, u32 } from '../support/smf.ts';

const whole = [...ONE_NOTE, ...END_OF_TRACK];
/** The verdict of a file, with its reason or its repairs, and how many notes a piano plays of it. */
const verdict = (bytes: Uint8Array): string => {
  const file = readMidiFile(bytes);
  if ('problem' in file) return `refused: ${file.reason}`;
  return [file.verdict, ...file.repairs.map(({ code }) => code), `${file.music.notes.length} notes`].join(
    ', ',
  );
};
const track = (...body: number[]): Uint8Array => smf({ tracks: [[...body, ...END_OF_TRACK]] });
/** Many times the same events, without a list of arguments that no engine takes. */
const many = (times: number, events: readonly number[]): Uint8Array => {
  const body = new Uint8Array(times * events.length + END_OF_TRACK.length);
  for (let i = 0; i < times; i++) body.set(events, i * events.length);
  body.set(END_OF_TRACK, times * events.length);
  const head = [...ascii('MThd'), ...u32(6), ...u16(0), ...u16(1), ...u16(480)];
  return Uint8Array.from([...head, ...ascii('MTrk'), ...u32(body.length), ...body]);
};
/** Processor time of reading, the least of three, milliseconds. */
const cost = (bytes: Uint8Array): number =>
  Math.min(
    ...[1, 2, 3].map(() => {
      const before = process.cpuUsage();
      readMidiFile(bytes);
      const { user, system } = process.cpuUsage(before);
      return (user + system) / 1000;
    }),
  );
/** What is quadratic costs sixteen times as much where there is four times as much of it. */
const LINEAR = 10;

test('case 25: no bytes, a header alone and a file without tracks are refused, each with its reason', () => {
  expect(verdict(new Uint8Array(0))).toBe('refused: empty');
  expect(verdict(Uint8Array.from(ascii('MThd')))).toBe('refused: header');
  expect(verdict(smf({ tracks: [], declared: 0 }))).toBe('refused: no_tracks');
});

test('case 26: HTML, XML, gzip, UTF-16, other RIFF files and SMF2 are refused as what they are: no MIDI files', () => {
  const others = [
    '<!doctype html>',
    '<?xml version="1.0"?>',
    'RIFF\x24\0\0\0WAVEfmt ',
    'RIFF\x04\0\0\0RMID',
    'SM2F',
  ];
  const bytes = [...others.map(ascii), [0x1f, 0x8b, 8, 0, 0], [0xff, 0xfe, ...ascii('M\0T\0h\0d\0')]];
  for (const file of bytes)
    expect(verdict(Uint8Array.from([...file, ...Array(64).fill(0)]))).toBe('refused: not_midi');
});

test('case 27: 0 ticks a quarter are refused', () =>
  expect(verdict(smf({ tracks: [whole], division: 0 }))).toBe('refused: no_time'));

test('case 28: SMPTE time is refused', () =>
  expect(verdict(smf({ tracks: [whole], division: 0xe728 }))).toBe('refused: smpte_time'));

test('case 29: tempi of 0 and 1 µs are brought to 1000 quarters a minute, and that is told', () => {
  for (const us of [0, 1]) {
    const file = readMidiFile(track(0, 0xff, 0x51, 3, 0, 0, us, ...ONE_NOTE));
    expect(file).toMatchObject({
      verdict: 'accepted with repairs',
      repairs: [{ code: 'tempo', count: 1 }],
      music: { durationMs: 60 },
    });
  }
});

test('case 30: more than 10,000 tempo changes are refused', () => {
  expect(verdict(many(100_000, [0, 0xff, 0x51, 3, 7, 161, 32]))).toBe('refused: too_many_tempos');
  expect(verdict(many(10_001, [0, 0xff, 0x51, 3, 7, 161, 32]))).toBe('refused: too_many_tempos');
});

test('case 31: music of more than two hours is refused; an end of track days after the music is not music', () => {
  const days = [0xff, 0xff, 0xff, 0x7f];
  expect(verdict(track(...days, ...ONE_NOTE.slice(1)))).toBe('refused: too_long');
  expect(verdict(smf({ tracks: [[...ONE_NOTE, ...days, 0xff, 0x2f, 0]] }))).toBe('accepted, 1 notes');
});

test('case 32: a quantity of more than 4 bytes is refused', () =>
  expect(verdict(track(0xff, 0xff, 0xff, 0xff, 0x7f, 0x90, 60, 64))).toBe('refused: quantity'));

test('case 33: a delta that would overflow is refused, also one that a signature smuggles past the reader', () => {
  const overflow = [0x88, 0x80, 0x80, 0x80, 0, 0x90, 70, 100, 96, 0x80, 70, 0];
  expect(verdict(track(...ONE_NOTE, ...overflow))).toBe('refused: quantity');
  const smuggled = [
    0,
    0xff,
    0x58,
    0x82,
    4,
    4,
    2,
    24,
    8,
    ...overflow,
    ...Array(260 - 4 - overflow.length).fill(0),
  ];
  expect(verdict(track(...ONE_NOTE, ...smuggled))).toBe('accepted with repairs, signature, 1 notes');
});

test('case 34: a quantity of nearly a megabyte is refused', () =>
  expect(verdict(many(900_000, [0x80]))).toBe('refused: quantity'));

test('case 35: a million strikes are refused; 99,000 that nobody releases are read in linear time', () => {
  expect(verdict(many(1_000_000, [0, 0x90, 60, 64]))).toBe('refused: too_large');
  expect(verdict(many(240_000, [0, 0x90, 60, 64]))).toBe('refused: too_many_events');
  const open = (n: number): Uint8Array => many(n, [0, 0x90, 60, 64]);
  expect(verdict(open(99_000))).toBe('accepted with repairs, unclosed, 99000 notes');
  expect(cost(open(96_000)) / cost(open(24_000))).toBeLessThan(LINEAR);
});

test('case 36: notes and stray releases of one key by the ten thousand are read in linear time', () => {
  const strays = (n: number): Uint8Array =>
    many(n, [1, 0x80, 60, 0, 0, 0x80, 60, 0, 1, 0x90, 60, 64, 0, 0x80, 60, 0]);
  const held = (n: number): Uint8Array => {
    const bytes = many(2 * n, [1, 0x90, 60, 64]);
    // The second half are releases: every strike is still held when the last one comes.
    for (let i = 22 + 4 * n; i < bytes.length - END_OF_TRACK.length; i += 4) bytes[i + 1] = 0x80;
    return bytes;
  };
  expect(verdict(many(400_000, [0, 0x90, 60, 64]))).toBe('refused: too_large');
  expect(verdict(held(49_900))).toBe('accepted with repairs, overlap, 49900 notes');
  expect(verdict(strays(24_000))).toBe('accepted with repairs, stray_off, 24000 notes');
  expect(cost(held(48_000)) / cost(held(12_000))).toBeLessThan(LINEAR);
  expect(cost(strays(24_000)) / cost(strays(6_000))).toBeLessThan(LINEAR);
});

test('case 37: two million controllers are refused by their size, a hundred thousand by their number', () => {
  expect(verdict(many(1_500_000, [0, 0xb0, 1, 1]))).toBe('refused: too_large');
  expect(verdict(many(100_001, [0, 0xb0, 1, 1]))).toBe('refused: too_many_events');
});

test('case 38: a track that is cut short is read up to the cut, and that is told', () => {
  const two = track(...ONE_NOTE, 0, 0x90, 62, 64, 0x83, 0x60, 0x80, 62, 0);
  expect(verdict(two.subarray(0, -5))).toBe('accepted with repairs, unclosed, track_cut, 2 notes');
  expect(verdict(two.subarray(0, 22))).toBe('refused: no_notes');
});

test('case 39: impossible lengths of header and track are refused, a track of none is an empty one', () => {
  expect(verdict(smf({ tracks: [whole], headerLength: 0 }))).toBe('refused: header');
  expect(verdict(smf({ tracks: [whole], headerLength: 2 ** 31 }))).toBe('refused: header');
  const huge = [...smf({ tracks: [], declared: 1 }), ...ascii('MTrk'), 255, 255, 255, 255, ...whole];
  expect(verdict(Uint8Array.from(huge))).toBe('refused: track_length');
  expect(verdict(smf({ tracks: [[]] }))).toBe('refused: no_notes');
});

test('case 40: 65,535 declared tracks cost nothing: what is there is read, and the wrong number told', () => {
  const lie = smf({ tracks: [whole], format: 1, declared: 65_535 });
  expect(verdict(lie)).toBe('accepted with repairs, track_count, 1 notes');
});

test('case 41: several songs in one file are refused, not played on top of each other', () =>
  expect(verdict(smf({ tracks: [whole, whole], format: 2 }))).toBe('refused: several_songs'));

test('case 42: format 9 is refused', () =>
  expect(verdict(smf({ tracks: [whole], format: 9 }))).toBe('refused: format_unknown'));

test('case 43: running status with no status is refused; after system exclusive and meta events it goes on', () => {
  expect(verdict(track(0, 60, 64))).toBe('refused: running_status');
  const goesOn = track(0, 0x90, 60, 64, 0, 0xf0, 2, 1, 0xf7, 0, 0xff, 1, 1, 65, 0x83, 0x60, 60, 0);
  expect(verdict(goesOn)).toBe('accepted, 1 notes');
});

test('case 44: alien chunks before and between tracks are skipped, and told', () => {
  const alien = [...ascii('XFIH'), ...u32(3), 1, 2, 3];
  const file = smf({
    tracks: [whole],
    format: 1,
    declared: 2,
    before: [...alien, ...ascii('MTrk'), ...u32(4), ...END_OF_TRACK, ...alien],
  });
  expect(verdict(file)).toBe('accepted with repairs, alien_chunk, 1 notes');
});

test('case 45: real-time bytes in a track are skipped, other system statuses refused', () => {
  expect(verdict(track(...ONE_NOTE, 0, 0xf8, 0, 0xfe))).toBe('accepted with repairs, real_time, 1 notes');
  for (const status of [0xf1, 0xf2, 0xf3, 0xf4, 0xf5, 0xf6])
    expect(verdict(track(...ONE_NOTE, 0, status, 0, 0))).toBe('refused: status');
});

test('case 46: pitch and velocity over 127 are taken for 127, and told', () => {
  const file = readMidiFile(track(0, 0x90, 200, 200, 0x83, 0x60, 0x80, 200, 0));
  expect(file).toMatchObject({
    verdict: 'accepted with repairs',
    repairs: [{ code: 'data_byte', count: 2 }],
    music: { notes: [{ pitch: 127, velocity: 127, durationMs: 500 }] },
  });
});

test('case 47: a note that nobody releases ends with its track, and is counted', () => {
  const file = readMidiFile(smf({ tracks: [[0, 0x90, 60, 64, 0x83, 0x60, 0xff, 0x2f, 0]] }));
  expect(file).toMatchObject({ repairs: [{ code: 'unclosed', count: 1 }], music: { durationMs: 500 } });
});

test('case 48: a note of no length lasts a millisecond', () =>
  expect(readMidiFile(track(0, 0x90, 60, 64, 0, 0x80, 60, 0))).toMatchObject({ music: { durationMs: 1 } }));

test('case 49: a text of 10 MB is refused by its size; one of 900 KB is passed over, and a name cut', () => {
  expect(verdict(new Uint8Array(10_000_000))).toBe('refused: too_large');
  const text = Array(900_000).fill(65);
  const named = smf({ tracks: [] as number[][], declared: 1 });
  const body = [0, 0xff, 3, 0xb6, 0xf7, 0x20, ...text, ...whole];
  const file = readMidiFile(Uint8Array.from([...named, ...ascii('MTrk'), ...u32(body.length), ...body]));
  expect(file).toMatchObject({ verdict: 'accepted', title: 'A'.repeat(120) });
});

test('case 51: sixteen channels with 128 programs each: a piano plays all but percussion, a score has a staff for each', () => {
  const body: number[] = [];
  for (let channel = 0; channel < 16; channel++)
    for (let program = 0; program < 128; program++)
      body.push(0, 0xc0 | channel, program, 0, 0x90 | channel, 60, 64, 1, 0x80 | channel, 60, 0);
  const reading = readSmf(track(...body));
  if ('problem' in reading) throw new Error(reading.problem);
  expect(reading.warnings).toEqual(['percussion (channel 10) was left out (128 notes)']);
  expect(verdict(track(...body))).toBe(`accepted, ${15 * 128} notes`);
  expect(stavesOf(reading, false).staves).toHaveLength(15 * 128);
});
