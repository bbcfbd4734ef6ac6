/** Files as others write them: each is wrong in one way, and read with what is there; or it only looks wrong. */
import { describe, expect, test } from '@jest/globals';
import { readMidiFile } from '../../../src/music/midi/file.ts';
import { REPAIRS, type RepairCode } from '../../../src/music/midi/limits.ts';
import { ascii, END_OF_TRACK, ONE_NOTE, smf, u32 } from '../../support/smf.ts';

/** Notes as [onset ms, duration ms, pitch, velocity]. */
type Tuple = readonly [number, number, number, number];
type Row = [
  what: string,
  bytes: Uint8Array,
  notes: readonly Tuple[],
  repairs: Partial<Record<RepairCode, number>>,
];

const Q = [0x83, 0x60]; // 480 ticks: a quarter, 500 ms
const on = (pitch: number, velocity = 64): number[] => [0x90, pitch, velocity];
const off = (pitch: number): number[] => [0x80, pitch, 0];
const whole = [...ONE_NOTE, ...END_OF_TRACK];
const one = smf({ tracks: [whole] });
const C: Tuple = [0, 500, 60, 64];
const meta = (type: number, ...body: number[]): number[] => [0, 0xff, type, body.length, ...body];
const tempo = (us: number): number[] => meta(0x51, us >> 16, (us >> 8) & 255, us & 255);
/** One track of events that begin with their delta, ended. */
const track = (...events: readonly (readonly number[])[]): Uint8Array =>
  smf({ tracks: [[...events.flat(), ...END_OF_TRACK]] });
const after = (...bytes: number[]): Uint8Array => Uint8Array.from([...one, ...bytes]);

const lies: Row[] = [
  [
    'two tracks where three are declared',
    smf({ tracks: [END_OF_TRACK, whole], format: 1, declared: 3 }),
    [C],
    { track_count: 1 },
  ],
  [
    'two tracks where one is declared',
    smf({ tracks: [END_OF_TRACK, whole], format: 1, declared: 1 }),
    [C],
    { track_count: 1 },
  ],
  ['a track where none is declared', smf({ tracks: [whole], declared: 0 }), [C], { track_count: 1 }],
  [
    'a track where 65,535 are declared',
    smf({ tracks: [whole], format: 1, declared: 65_535 }),
    [C],
    { track_count: 1 },
  ],
  ['format 0 with two tracks', smf({ tracks: [END_OF_TRACK, whole] }), [C], { format: 1 }],
  ['format 2 with one track', smf({ tracks: [whole], format: 2 }), [C], { format: 1 }],
  [
    'an alien chunk before the track',
    smf({ tracks: [whole], before: [...ascii('XFIH'), ...u32(3), 1, 2, 3] }),
    [C],
    { alien_chunk: 1 },
  ],
  [
    'an alien chunk that was counted as a track',
    smf({ tracks: [whole], declared: 2, before: [...ascii('XFIH'), ...u32(1), 1] }),
    [C],
    { alien_chunk: 1, track_count: 1 },
  ],
  ['CR and LF after the last track', after(13, 10), [C], { trailing_bytes: 1 }],
  ['a NUL after the last track', after(0), [C], { trailing_bytes: 1 }],
  ['114 times Ctrl-Z after the last track', after(...Array(114).fill(0x1a)), [C], { trailing_bytes: 1 }],
  [
    'zeros that look like an empty chunk after the last track',
    after(...Array(16).fill(0)),
    [C],
    { trailing_bytes: 1 },
  ],
  ['no end of track', smf({ tracks: [ONE_NOTE] }), [C], { end_missing: 1 }],
  ['an empty track', smf({ tracks: [whole, []], format: 1 }), [C], { end_missing: 1 }],
  [
    'events after the end of the track',
    smf({ tracks: [[...whole, ...ONE_NOTE, ...END_OF_TRACK]] }),
    [C],
    { after_end: 1 },
  ],
];
const cuts: Row[] = [
  [
    'a last track whose last note is cut',
    smf({
      tracks: [[0, ...on(60), ...Q, ...off(60), 0, ...on(62), ...Q, ...off(62), ...END_OF_TRACK]],
    }).subarray(0, -5),
    [C, [500, 500, 62, 64]],
    { track_cut: 1, unclosed: 1 },
  ],
  ['a last track without its last byte', one.subarray(0, -1), [C], { track_cut: 1 }],
  [
    'an event that claims more than its track has',
    smf({ tracks: [[...ONE_NOTE, 0, 0xff, 1, 100, 65]] }),
    [C],
    { track_cut: 1 },
  ],
  [
    'a first track whose length is a byte too large',
    longer(smf({ tracks: [END_OF_TRACK, whole], format: 1 }), 1),
    [C],
    { after_end: 1, bytes_between: 1 },
  ],
  ['a last track whose length is too large', longer(one, 4), [C], { track_cut: 1 }],
];
const wrappers: Row[] = [
  ['RMID', riff(one), [C], { wrapper: 1 }],
  [
    'RMID with another chunk first',
    riff(one, [...ascii('DISP'), 3, 0, 0, 0, 1, 2, 3, 0]),
    [C],
    { wrapper: 1 },
  ],
  ['MacBinary', macBinary(one, one.length), [C], { wrapper: 1 }],
  ['MacBinary that does not say how long it is', macBinary(one, 0), [C], { wrapper: 1, trailing_bytes: 1 }],
];
const events: Row[] = [
  ['a time signature of 2 bytes', track(meta(0x58, 4, 2), ONE_NOTE), [C], { signature: 1 }],
  ['a time signature of no bytes', track(meta(0x58), ONE_NOTE), [C], { signature: 1 }],
  [
    'a key signature of 200 bytes',
    track([0, 0xff, 0x59, 0x81, 0x48, ...Array(200).fill(0)], ONE_NOTE),
    [C],
    { signature: 1 },
  ],
  ['a key signature of 77 sharps', track(meta(0x59, 77, 0), ONE_NOTE), [C], { signature: 1 }],
  [
    'a signature that smuggles a note of pitch 200',
    track(ONE_NOTE, [
      0,
      0xff,
      0x58,
      0x82,
      0x04,
      4,
      2,
      24,
      8,
      0,
      0x90,
      200,
      100,
      96,
      0x80,
      200,
      0,
      ...Array(248).fill(0),
    ]),
    [C],
    { signature: 1 },
  ],
  ['tempo 0', track(tempo(0), ONE_NOTE), [[0, 60, 60, 64]], { tempo: 1 }],
  ['real-time bytes', track([0, ...on(60), ...Q, 0xf8, 0, 0xfe, 0, ...off(60)]), [C], { real_time: 2 }],
  ['a controller of 168', track([0, 0xb0, 7, 168], ONE_NOTE), [C], { data_byte: 1 }],
  ['velocity 200', track([0, ...on(60, 200), ...Q, ...off(60)]), [[0, 500, 60, 127]], { data_byte: 1 }],
  ['a data byte over 127 in what is left out', track([0, 0xa0, 200, 200], ONE_NOTE), [C], {}],
  ['a data byte over 127 in a bend', track([0, 0xe0, 200, 200], ONE_NOTE), [C], { data_byte: 1 }],
];
const pairs: Row[] = [
  [
    'a release that ends nothing, in the tick of a strike',
    track([0, ...on(60), ...Q, ...off(60), 0, ...off(60), 0, ...on(60), ...Q, ...off(60)]),
    [C, [500, 500, 60, 64]],
    { stray_off: 1 },
  ],
  [
    'a doubled release before repeated notes',
    track([0, ...on(60), ...Q, ...off(60), 0, ...off(60)], repeated(), repeated()),
    [C, [500, 500, 60, 80], [1000, 500, 60, 80]],
    { stray_off: 1 },
  ],
  [
    'a release after the strike that follows it in the same tick',
    track([0, ...on(60), ...Q, ...on(60), 0, ...off(60), ...Q, ...off(60)]),
    [C, [500, 500, 60, 64]],
    {},
  ],
  [
    'notes of no length with their release first',
    track(reversed(), repeated(), reversed(), repeated()),
    [
      [0, 1, 60, 50],
      [0, 500, 60, 80],
      [500, 1, 60, 50],
      [500, 500, 60, 80],
    ],
    { stray_off: 2, unclosed: 2 },
  ],
  ['a note of no length', track([0, ...on(60), 0, ...off(60)]), [[0, 1, 60, 64]], {}],
  [
    'a strike without a release before the next one',
    track([0, ...on(60), ...Q, ...on(60), ...Q, ...off(60)]),
    [C, [500, 500, 60, 64]],
    { unclosed: 1 },
  ],
  [
    'two strikes that are both released: first in, first out',
    track([0, ...on(60, 50), ...Q, ...on(60, 70), ...Q, ...off(60), ...Q, ...off(60)]),
    [
      [0, 1000, 60, 50],
      [500, 1000, 60, 70],
    ],
    { overlap: 1 },
  ],
  [
    'one key on two channels',
    track([0, ...on(60), ...Q, 0x91, 60, 70, ...Q, 0x81, 60, 0, ...Q, ...off(60)]),
    [
      [0, 1500, 60, 64],
      [500, 500, 60, 70],
    ],
    {},
  ],
  [
    'a note left open under all notes off',
    track([0, ...on(60), ...Q, 0xb0, 123, 0, ...Q, ...on(62), ...Q, ...off(62)]),
    [C, [1000, 500, 62, 64]],
    { unclosed: 1 },
  ],
  [
    'a note left open in a track that ends days later: a whole note after the last stroke',
    track([0, ...on(60)], [0xff, 0xff, 0xff, 0x7f, 0xb0, 10, 0]),
    [[0, 2000, 60, 64]],
    { unclosed: 1 },
  ],
  [
    'a program change in a note',
    track([0, ...on(60), ...Q, 0xc0, 5, ...Q, ...off(60), 0, ...on(64), ...Q, ...off(64)]),
    [
      [0, 1000, 60, 64],
      [1000, 500, 64, 64],
    ],
    {},
  ],
];
const times: Row[] = [
  [
    'a first tempo that comes late: 120 before it',
    track([0, ...on(60), ...Q, ...off(60), 0, ...on(62), ...Q, ...off(62)], tempo(1_000_000), [
      0,
      ...on(64),
      ...Q,
      ...off(64),
    ]),
    [C, [500, 500, 62, 64], [1000, 1000, 64, 64]],
    {},
  ],
  [
    'a tempo inside a note',
    track(tempo(500_000), [
      0,
      ...on(60),
      0x81,
      0x70,
      0xff,
      0x51,
      3,
      0x0f,
      0x42,
      0x40,
      0x81,
      0x70,
      ...off(60),
    ]),
    [[0, 750, 60, 64]],
    {},
  ],
  [
    'a tempo in the second track',
    smf({ tracks: [whole, [...tempo(1_000_000), ...END_OF_TRACK]], format: 1 }),
    [[0, 1000, 60, 64]],
    {},
  ],
  ['an end of track days after the music', track(ONE_NOTE, [0xff, 0xff, 0xff, 0x7f, 0xff, 1, 0]), [C], {}],
  [
    'a rest of more than 2²⁸ ticks',
    smf({
      division: 32_767,
      tracks: [
        [
          ...tempo(250_000),
          0,
          ...on(60),
          0x81,
          0xff,
          0x7f,
          ...off(60),
          ...[0xff, 0xff, 0xff, 0x7f, 0xff, 1, 0],
          ...[0xff, 0xff, 0xff, 0x7f],
          ...on(62),
          0x81,
          0xff,
          0x7f,
          ...off(62),
          ...END_OF_TRACK,
        ],
      ],
    }),
    [
      [0, 250, 60, 64],
      [4_096_375, 250, 62, 64],
    ],
    {},
  ],
];

describe.each([
  ['headers and chunks that lie', lies],
  ['files cut short', cuts],
  ['wrappers', wrappers],
  ['events of no meaning', events],
  ['strikes and releases', pairs],
  ['time', times],
])('%s', (_kind, rows) => {
  test.each(rows)('%s', (_what, bytes, notes, repairs) => {
    const file = readMidiFile(bytes);
    if ('problem' in file) throw new Error(file.problem);
    expect(file.music.notes.map((n): Tuple => [n.onsetMs, n.durationMs, n.pitch, n.velocity])).toEqual(notes);
    expect(Object.fromEntries(file.repairs.map(({ code, count }) => [code, count]))).toEqual(repairs);
    expect(file.verdict).toBe(file.repairs.length === 0 ? 'accepted' : 'accepted with repairs');
    expect(file.warnings).toEqual(file.repairs.map(({ code, count }) => `${REPAIRS[code]} (${count})`));
  });
});

test('every kind of repair is tried above', () => {
  const tried = [lies, cuts, wrappers, events, pairs, times]
    .flat()
    .flatMap(([, , , repairs]) => Object.keys(repairs));
  expect([...new Set(tried)].sort()).toEqual(Object.keys(REPAIRS).sort());
});

test('a repair tells where the first of its kind was', () => {
  const file = readMidiFile(after(13, 10));
  expect(file).toMatchObject({ repairs: [{ code: 'trailing_bytes', count: 1, at: one.length }] });
});

/** A repeated note: struck and released a quarter later. */
function repeated(): number[] {
  return [0, ...on(60, 80), ...Q, ...off(60)];
}
function reversed(): number[] {
  return [0, ...off(60), 0, ...on(60, 50)];
}
/** The file with the first track's length so many bytes larger. */
function longer(bytes: Uint8Array, by: number): Uint8Array {
  const out = Uint8Array.from(bytes);
  out[21]! += by;
  return out;
}
function riff(file: Uint8Array, before: readonly number[] = []): Uint8Array {
  const little = (n: number): number[] => u32(n).reverse();
  const data = [...before, ...ascii('data'), ...little(file.length), ...file];
  return Uint8Array.from([...ascii('RIFF'), ...little(4 + data.length), ...ascii('RMID'), ...data]);
}
function macBinary(file: Uint8Array, length: number): Uint8Array {
  const out = new Uint8Array(256);
  out.set(u32(length), 83);
  out.set(file, 128);
  return out;
}
