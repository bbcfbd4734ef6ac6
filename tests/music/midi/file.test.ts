import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readMidiFile } from '../../../src/music/midi/file.ts';
import { REASONS, type Reason } from '../../../src/music/midi/limits.ts';
import { writeMidiFile } from '../../../src/music/midi/write.ts';
import { toMusic } from '../../../src/music/note.ts';
import { anyMusic, note } from '../../support/music.ts';
import { ascii, END_OF_TRACK, ONE_NOTE, smf, u32 } from '../../support/smf.ts';

const read = (bytes: Uint8Array) => {
  const file = readMidiFile(bytes);
  if ('problem' in file) throw new Error(file.problem);
  return file;
};

test('one tick of a written file is one millisecond: 500 ticks a quarter, 500,000 µs a quarter', () => {
  const bytes = writeMidiFile({ title: 't', music: toMusic([note(0, 1)]), markers: [] });
  expect([...bytes.subarray(12, 14)]).toEqual([500 >> 8, 500 & 255]);
  const tempo = Buffer.from(bytes).indexOf(Buffer.from([0xff, 0x51, 3]));
  expect([...bytes.subarray(tempo + 3, tempo + 6)]).toEqual([0x07, 0xa1, 0x20]);
});

test('what is written is read back to the millisecond, notes, pedal, title and markers', () => {
  fc.assert(
    fc.property(anyMusic(900_000), (music) => {
      const markers = [{ ms: 1234, text: 'Calm, low' }];
      const back = read(writeMidiFile({ title: 'Pianola 2026-11-21', music, markers }));
      expect(back).toEqual({
        ...{ title: 'Pianola 2026-11-21', music, markers },
        ...{ verdict: 'accepted', repairs: [], warnings: [] },
      });
    }),
    { numRuns: 50 },
  );
});

test('the same music gives the same bytes', () => {
  const file = { title: 't', music: toMusic([note(0, 500), note(700, 3, 21, 127)]), markers: [] };
  expect(writeMidiFile(file)).toEqual(writeMidiFile(file));
});

test('foreign time is rounded to the millisecond, onset and duration apart', () => {
  // 480 ticks a quarter at 120: a tick is 1.0417 ms. Onset 100 ticks = 104.17 ms, duration 100 ticks likewise.
  const file = read(smf({ tracks: [[100, 0x90, 60, 64, 100, 0x80, 60, 0, ...END_OF_TRACK]] }));
  expect(file.music.notes).toEqual([note(104, 104)]);
});

test('a note of no length lasts one millisecond', () => {
  expect(read(smf({ tracks: [[0, 0x90, 60, 64, 0, 0x80, 60, 0, ...END_OF_TRACK]] })).music.notes).toEqual([
    note(0, 1),
  ]);
});

test('a note left open ends with its track, and is counted', () => {
  const file = read(
    smf({ tracks: [[0, 0x90, 60, 64, 0x83, 0x60, 0x90, 62, 64, 0x83, 0x60, 0x80, 62, 0, ...END_OF_TRACK]] }),
  );
  expect(file.music.notes).toEqual([note(0, 1000, 60), note(500, 500, 62)]);
  expect(file.warnings).toEqual([
    'notes without a release were ended at the next strike of their key, or with their track (1)',
  ]);
});

test('running status goes on after a meta event', () => {
  const track = [0, 0x90, 60, 64, 0, 0xff, 0x01, 1, 65, 0x83, 0x60, 60, 0, ...END_OF_TRACK];
  expect(read(smf({ tracks: [track] })).music.notes).toEqual([note(0, 500)]);
});

test('percussion is left out, and counted', () => {
  const file = read(smf({ tracks: [[0, 0x99, 36, 100, 10, 0x89, 36, 0, ...ONE_NOTE, ...END_OF_TRACK]] }));
  expect(file.music.notes).toHaveLength(1);
  expect({ verdict: file.verdict, warnings: file.warnings }).toEqual({
    verdict: 'accepted',
    warnings: ['percussion (channel 10) was left out (1 notes)'],
  });
});

test('the sustain pedal is kept as it is', () => {
  const track = [0, 0xb0, 64, 127, ...ONE_NOTE, 0, 0xb0, 64, 0, ...END_OF_TRACK];
  expect(read(smf({ tracks: [track] })).music.pedal).toEqual([
    { ms: 0, value: 127 },
    { ms: 500, value: 0 },
  ]);
});

test('chunks of unknown kinds are skipped', () => {
  const alien = [...ascii('XFIH'), ...u32(3), 1, 2, 3];
  expect(read(smf({ tracks: [[...ONE_NOTE, ...END_OF_TRACK]], before: alien })).music.notes).toHaveLength(1);
});

test('an extreme tempo is brought into 5 to 1000 bpm, and counted', () => {
  const file = read(smf({ tracks: [[0, 0xff, 0x51, 3, 0, 0, 1, ...ONE_NOTE, ...END_OF_TRACK]] }));
  expect(file.music.notes).toEqual([note(0, 60)]);
  expect(file.warnings).toEqual(['tempi were brought into 5 to 1000 bpm (1)']);
});

const whole = [...ONE_NOTE, ...END_OF_TRACK];
const refusals: [what: string, bytes: Uint8Array, reason: Reason, problem: string][] = [
  ['an empty file', new Uint8Array(0), 'empty', 'the file is empty'],
  ['a header alone', Uint8Array.from(ascii('MThd')), 'header', 'the file ends inside its header'],
  ['header length 0', smf({ tracks: [whole], headerLength: 0 }), 'header', "the header's length is 0, not 6"],
  [
    'header length 2³¹',
    smf({ tracks: [whole], headerLength: 2 ** 31 }),
    'header',
    "the header's length is 2147483648, not 6",
  ],
  [
    'HTML',
    Uint8Array.from(ascii('<!doctype html>')),
    'not_midi',
    'not a MIDI file: it does not begin with "MThd"',
  ],
  [
    'PPQ 0',
    smf({ tracks: [whole], division: 0 }),
    'no_time',
    '0 ticks per quarter note (PPQ 0): the file has no time',
  ],
  [
    'SMPTE division',
    smf({ tracks: [whole], division: 0xe728 }),
    'smpte_time',
    'SMPTE time division is not supported: save it with ticks per quarter note',
  ],
  [
    'format 2 with two songs',
    smf({ tracks: [whole, whole], format: 2 }),
    'several_songs',
    'format 2 (several songs in one file) is not supported: save it as format 0 or 1',
  ],
  [
    'format 2 with more songs than it declares',
    smf({ tracks: [whole, whole], format: 2, declared: 1 }),
    'several_songs',
    'format 2 (several songs in one file) is not supported: save it as format 0 or 1',
  ],
  [
    'format 9',
    smf({ tracks: [whole], format: 9 }),
    'format_unknown',
    'format 9 does not exist; 0 and 1 are read',
  ],
  ['no tracks', smf({ tracks: [], format: 1 }), 'no_tracks', 'the file has no tracks'],
  [
    'a track of 4 GB',
    Uint8Array.from([...smf({ tracks: [], declared: 1 }), ...ascii('MTrk'), 255, 255, 255, 255, ...whole]),
    'track_length',
    'a track declares 4294967295 bytes; a whole file has 1000000 at most',
  ],
  [
    'running status before any status',
    smf({ tracks: [[0, 60, 64, ...END_OF_TRACK]] }),
    'running_status',
    'running status before any status',
  ],
  [
    'a quantity of five bytes',
    smf({ tracks: [[0xff, 0xff, 0xff, 0xff, 0x7f, 0x90, 60, 64, ...END_OF_TRACK]] }),
    'quantity',
    'a variable-length quantity is longer than 4 bytes',
  ],
  [
    'a system status',
    smf({ tracks: [[0, 0xf1, 16, ...END_OF_TRACK]] }),
    'status',
    'status F1 has no place in a file',
  ],
  [
    'a tempo of four bytes',
    smf({ tracks: [[0, 0xff, 0x51, 4, 0, 7, 161, 32, ...whole]] }),
    'tempo_length',
    'a tempo has 4 bytes, not 3',
  ],
  ['no notes', smf({ tracks: [END_OF_TRACK] }), 'no_notes', 'the file has no notes'],
  [
    'percussion alone',
    smf({ tracks: [[0, 0x99, 38, 64, 96, 0x89, 38, 0, ...END_OF_TRACK]] }),
    'no_notes',
    'the file has no notes but percussion (1)',
  ],
  [
    'over two hours',
    smf({ tracks: [[0xff, 0xff, 0xff, 0x7f, ...ONE_NOTE.slice(1), ...END_OF_TRACK]] }),
    'too_long',
    'it lasts 279621 s; the longest we take is 7200 s',
  ],
  [
    'a pedal over two hours later',
    smf({ tracks: [[...ONE_NOTE, 0xff, 0xff, 0xff, 0x7f, 0xb0, 64, 0, ...END_OF_TRACK]] }),
    'too_long',
    'it lasts 279621 s; the longest we take is 7200 s',
  ],
  [
    'more than 1 MB',
    new Uint8Array(1_000_001),
    'too_large',
    'the file has 1000001 bytes; the most we take is 1000000',
  ],
  [
    'over 100,000 events',
    smf({ tracks: [[0, 0x90, 60, 64, ...Array(300_003).fill(0), ...END_OF_TRACK]] }),
    'too_many_events',
    'more than 100000 events',
  ],
  [
    'over 10,000 tempi',
    smf({
      tracks: [[...Array.from({ length: 10_001 }, () => [0, 0xff, 0x51, 3, 7, 161, 32]).flat(), ...whole]],
    }),
    'too_many_tempos',
    'more than 10000 tempo changes',
  ],
];
test.each(refusals)('%s is refused', (_what, bytes, reason, problem) => {
  expect(readMidiFile(bytes)).toMatchObject({ verdict: 'refused', reason, problem });
});

test('every reason for a refusal is tried above', () => {
  expect([...new Set(refusals.map(([, , reason]) => reason))].sort()).toEqual([...REASONS].sort());
});

test('the 34 bytes that send parsers into an endless loop are refused at the byte that does it', () => {
  const runaway = smf({ tracks: [[0xff, 0xff, 0xff, 0xff, 0x7f, 0x90, 60, 64, ...END_OF_TRACK]] });
  expect(runaway).toHaveLength(34);
  expect(readMidiFile(runaway)).toEqual({
    verdict: 'refused',
    reason: 'quantity',
    problem: 'a variable-length quantity is longer than 4 bytes',
    at: 22,
  });
});

test('whatever the bytes, the answer is music or a problem, never an exception', () => {
  const good = writeMidiFile({ title: 't', music: toMusic([note(0, 100), note(50, 70, 64)]), markers: [] });
  const flips = fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(flips, fc.nat(good.length), (changes, length) => {
      const bytes = Uint8Array.from(good.subarray(0, length));
      for (const [at, value] of changes) if (at < length) bytes[at] = value;
      const file = readMidiFile(bytes);
      if (!('problem' in file)) {
        for (const { onsetMs, durationMs, velocity } of file.music.notes) {
          expect(Number.isSafeInteger(onsetMs) && onsetMs >= 0).toBe(true);
          expect(durationMs).toBeGreaterThanOrEqual(1);
          expect(velocity).toBeGreaterThanOrEqual(1);
        }
      }
    }),
    { numRuns: 2000 },
  );
});
