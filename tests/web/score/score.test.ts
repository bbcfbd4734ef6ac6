import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { chunkFrame } from '../../../src/broadcast/frames.ts';
import { CHUNK_MS, timeline } from '../../../src/music/timeline.ts';
import type { Chunk, Hello } from '../../../src/wire.ts';
import { type Score, score } from '../../../web/score/score.ts';
import { liveHello } from '../../support/hello.ts';
import { anyMusic, note, scale } from '../../support/music.ts';

const HELLO: Hello = liveHello({ performance: '2026-11-21', epoch: 2 });
const music = timeline(scale(60_000));
const chunk = (seq: number, count = 1, epoch = 2, broadcast = 'b'): Chunk =>
  chunkFrame(music.stretch(seq, count), { broadcast, epoch, here: 1 });
const begun = (hello: Partial<Hello> = {}): Score => {
  const fresh = score();
  fresh.begin({ ...HELLO, ...hello });
  return fresh;
};
const onsets = (from: Score, ms = Number.POSITIVE_INFINITY): number[] =>
  from.eventsUntil(ms).flatMap((event) => (event.kind === 'on' ? [event.note.onsetMs] : []));

test('any order, repetition and bundling of all chunks gives every note once, in order', () => {
  const bundles = fc.array(fc.tuple(fc.integer({ min: 0, max: 7 }), fc.integer({ min: 1, max: 3 })), {
    maxLength: 20,
  });
  fc.assert(
    fc.property(anyMusic(), bundles, (any, order) => {
      const all = timeline(any);
      const fresh = begun({ durationMs: any.durationMs });
      const rest = Array.from({ length: all.chunks }, (_, seq) => [seq, 1] as const);
      for (const [seq, count] of [...order, ...rest]) {
        if (seq < all.chunks)
          fresh.chunk(chunkFrame(all.stretch(seq, count), { broadcast: 'b', epoch: 2, here: 1 }));
      }
      expect(fresh.notes).toEqual(any.notes);
      const events = fresh.eventsUntil(Number.POSITIVE_INFINITY);
      expect(events.flatMap((event) => (event.kind === 'on' ? [event.note] : []))).toHaveLength(
        any.notes.length,
      );
      expect(events.map(({ ms }) => ms)).toEqual(events.map(({ ms }) => ms).sort((a, b) => a - b));
    }),
  );
});

test('the form is kept in order, each part once, and forgotten with its broadcast', () => {
  const fresh = begun();
  const formed = (seq: number, form: Chunk['form']) => fresh.chunk({ ...chunk(seq), form });
  expect(fresh.form).toEqual([]);
  formed(1, [[15_000, 1, 9, 'leaves']]);
  formed(0, [[0, 1, 1, 'begins']]);
  formed(1, [[15_000, 1, 9, 'leaves']]);
  // Of time that is not the chunk's own nothing is taken.
  formed(2, [[59_000, 2, 1, 'begins']]);
  expect(fresh.form).toEqual([
    { ms: 0, movement: 1, bar: 1, turn: 'begins' },
    { ms: 15_000, movement: 1, bar: 9, turn: 'leaves' },
  ]);
  fresh.begin({ ...HELLO, broadcast: 'another' });
  expect(fresh.form).toEqual([]);
});

test('events are handed out once, up to the instant asked for', () => {
  const fresh = begun();
  fresh.chunk(chunk(0));
  expect(onsets(fresh, 1_000)).toEqual([0, 500]);
  expect(onsets(fresh, 1_000)).toEqual([]);
  expect(onsets(fresh, 1_600)).toEqual([1_000, 1_500]);
});

test('frames of a lower epoch, of another broadcast, or before any hello are left alone', () => {
  expect(score().chunk(chunk(0))).toBe('foreign');
  const fresh = begun();
  expect(fresh.chunk(chunk(0, 1, 1))).toBe('stale');
  expect(fresh.chunk(chunk(0, 1, 2, 'other'))).toBe('foreign');
  expect(fresh.chunk(chunk(0, 1, 3))).toBe('new');
  expect(fresh.chunk(chunk(1, 1, 2))).toBe('stale');
  expect(fresh.begin(HELLO)).toBe('stale');
  expect(fresh.notes).toHaveLength(30);
});

test('another broadcast clears what is known of the last', () => {
  const fresh = begun();
  fresh.chunk(chunk(0));
  expect(fresh.begin({ ...HELLO, broadcast: 'next', epoch: 1 })).toBe('new');
  expect(fresh.notes).toEqual([]);
  expect(onsets(fresh)).toEqual([]);
});

test('the level of a performance comes with its chunks, holds where one does not tell it, and goes with the broadcast', () => {
  const fresh = begun();
  expect(fresh.levelDb).toBe(0);
  fresh.chunk({ ...chunk(0), levelDb: -3.5 });
  const { levelDb: _, ...untold } = chunk(1);
  fresh.chunk(untold);
  expect(fresh.levelDb).toBe(-3.5);
  fresh.begin({ ...HELLO, broadcast: 'another' });
  expect(fresh.levelDb).toBe(0);
});

test('a stop of this epoch or a later one drops what has not been played', () => {
  const fresh = begun();
  fresh.chunk(chunk(0));
  expect(fresh.stop('b', 1)).toBe(false);
  expect(fresh.stop('other', 9)).toBe(false);
  expect(fresh.stop('b', 2)).toBe(true);
  expect(onsets(fresh)).toEqual([]);
  expect(fresh.chunk(chunk(1))).toBe('stale');
});

test('music that begins without what went before carries the state there', () => {
  const held = timeline({
    notes: [note(14_000, 5_000, 60, 70)],
    pedal: [{ ms: 100, value: 90 }],
    durationMs: 31_000,
  });
  const fresh = begun();
  fresh.chunk(chunkFrame(held.stretch(1, 1), { broadcast: 'b', epoch: 2, here: 1 }));
  expect(fresh.eventsUntil(40_000)).toEqual([
    { kind: 'state', ms: CHUNK_MS, sounding: [note(14_000, 5_000, 60, 70)], pedal: 90 },
    { kind: 'off', ms: 19_000, note: note(14_000, 5_000, 60, 70) },
  ]);
  expect(fresh.notes).toEqual([note(14_000, 5_000, 60, 70)]);
});

test('a chunk that comes too late brings what it leaves sounding, and no others', () => {
  const late = timeline({
    notes: [note(1_000, 20_000, 50), note(2_000, 500, 60)],
    pedal: [],
    durationMs: 40_000,
  });
  const fresh = begun({ durationMs: 40_000 });
  fresh.chunk(chunkFrame(late.stretch(1, 1), { broadcast: 'b', epoch: 2, here: 1 }));
  fresh.eventsUntil(16_000);
  fresh.chunk(chunkFrame(late.stretch(0, 1), { broadcast: 'b', epoch: 2, here: 1 }));
  const [state] = fresh.eventsUntil(16_000);
  expect(state).toEqual({ kind: 'state', ms: 15_000, sounding: [note(1_000, 20_000, 50)], pedal: 0 });
});

test('a chunk that comes too late brings its pedal, and what that holds', () => {
  const late = timeline({
    notes: [note(14_000, 3_000, 50), note(16_000, 100, 60)],
    pedal: [{ ms: 15_500, value: 100 }],
    durationMs: 45_000,
  });
  const frame = (seq: number) => chunkFrame(late.stretch(seq, 1), { broadcast: 'b', epoch: 2, here: 1 });
  const fresh = begun({ durationMs: 45_000 });
  fresh.chunk(frame(0));
  fresh.eventsUntil(18_000);
  fresh.chunk(frame(1));
  expect(fresh.eventsUntil(18_000)).toMatchObject([
    { kind: 'state', ms: 17_000, sounding: [{ onsetMs: 14_000 }, { onsetMs: 16_000 }], pedal: 100 },
  ]);
});

test('what is missing is asked for: a gap, or too little music in hand, and nothing beyond the end', () => {
  const fresh = begun({ durationMs: 200_000 });
  expect(fresh.missing(0)).toBe(-1);
  for (const seq of [0, 1, 2, 3, 5, 6, 7]) fresh.chunk({ ...chunk(0), seq, fromMs: seq * CHUNK_MS });
  expect(fresh.missing(1_000)).toBe(3);
  fresh.chunk({ ...chunk(0), seq: 4 });
  const overtaken = begun({ durationMs: 200_000 });
  for (const seq of [0, 1, 2, 3, 4, 5, 6, 8]) overtaken.chunk({ ...chunk(0), seq });
  expect(overtaken.missing(1_000)).toBe(6);
  expect(fresh.missing(1_000)).toBeNull();
  expect(fresh.inHandMs(1_000)).toBe(119_000);
  expect(fresh.missing(31_000)).toBe(7);
  for (let seq = 8; seq < 14; seq++) fresh.chunk({ ...chunk(0), seq });
  expect(fresh.missing(150_000)).toBeNull();
  // Long before T0 nothing is due yet.
  expect(begun({ state: 'doors' }).missing(-100_000)).toBeNull();
  expect(begun({ state: 'ended' }).missing(0)).toBeNull();
});

test('a rewind hands everything out again', () => {
  const fresh = begun();
  fresh.chunk(chunk(0));
  const first = fresh.eventsUntil(9_000);
  fresh.rewind();
  expect(fresh.eventsUntil(9_000)).toEqual(first);
});

test.each(['stopped', 'cancelled'] as const)(
  'a hello that says %s silences what was handed out and what was not, where the stop itself was lost',
  (state) => {
    const fresh = begun();
    fresh.chunk(chunk(0));
    expect(onsets(fresh, 1_000)).toEqual([0, 500]);
    expect(fresh.begin({ ...HELLO, state })).toBe('same');
    fresh.rewind();
    expect(onsets(fresh)).toEqual([]);
    expect(fresh.chunk(chunk(1))).toBe('stale');
  },
);

test('a hello that was overtaken by a later step of the same broadcast is stale, whatever its epoch', () => {
  const fresh = begun();
  fresh.chunk(chunk(0));
  fresh.stop('b', 2);
  expect(fresh.begin(HELLO)).toBe('stale');
  expect(fresh.begin({ ...HELLO, epoch: 3 })).toBe('stale');
  expect(fresh.hello?.state).toBe('stopped');
  expect(fresh.chunk(chunk(1))).toBe('stale');
});

describe('music in hand', () => {
  const another = (parts: Partial<Hello> = {}): Hello => ({ ...HELLO, broadcast: 'other', t0: -1, ...parts });
  const playing = (hello: Partial<Hello> = {}): Score => {
    const fresh = begun({ t0: 0, ...hello });
    fresh.chunk(chunk(0));
    return fresh;
  };

  test('is kept where an older broadcast is told of, or none, while ours goes on: live or before its doors', () => {
    for (const state of ['live', 'doors'] as const) {
      expect(playing({ state }).begin(another(), 59_999)).toBe('stale');
      expect(playing({ state }).begin(another())).toBe('stale');
      expect(playing({ state }).begin(another({ t0: null }), 0)).toBe('stale');
      expect(playing({ state, durationMs: null }).begin(another(), 9e9)).toBe('stale');
    }
  });

  test('is let go for a broadcast that is not older, or once ours is over', () => {
    expect(playing().begin(another({ t0: 0 }), 1_000)).toBe('new');
    expect(playing().begin(another({ t0: 1 }), 1_000)).toBe('new');
    expect(playing().begin(another(), 60_000)).toBe('new');
    expect(playing({ state: 'ended' }).begin(another(), 1_000)).toBe('new');
  });

  test('is none where no chunk has come: whatever is told is taken', () => {
    expect(begun({ t0: 0 }).begin(another(), 1_000)).toBe('new');
  });

  test('holds a stretch where every chunk of it is there, as far as the music goes on', () => {
    const fresh = playing();
    fresh.chunk(chunk(1));
    expect(fresh.holds(0, 30_000)).toBe(true);
    expect(fresh.holds(0, 30_001)).toBe(false);
    expect(fresh.holds(20_000, 25_000)).toBe(true);
    for (const seq of [2, 3]) fresh.chunk(chunk(seq));
    expect(fresh.holds(0, 90_000)).toBe(true);
    const endless = playing({ durationMs: null });
    expect(endless.holds(0, 15_000)).toBe(true);
    expect(endless.holds(0, 15_001)).toBe(false);
  });

  test('is resumed after the last chunk of those that follow one another', () => {
    const fresh = playing();
    expect(fresh.after(0)).toBe(0);
    expect(fresh.after(15_000)).toBe(0);
    expect(fresh.after(30_000)).toBe(1);
    expect(fresh.inHandMs(20_000)).toBe(0);
    expect(fresh.inHandMs(-5_000)).toBe(15_000);
  });

  test('of chunks that come three together runs low below 50 s, of single ones below 90 s, and never below 30 s', () => {
    const low = (together: number, inHandMs: number) => {
      const fresh = begun({ durationMs: 900_000 });
      fresh.chunk({ ...chunk(0), count: 12 });
      fresh.chunk({ ...chunk(0), count: together });
      return fresh.missing(12 * CHUNK_MS - inHandMs) !== null;
    };
    expect([low(1, 90_000), low(1, 89_999)]).toEqual([false, true]);
    expect([low(3, 50_000), low(3, 49_999)]).toEqual([false, true]);
    expect([low(9, 30_000), low(9, 29_999)]).toEqual([false, true]);
  });

  test('is not missed before any hello, nor where the length is not told', () => {
    expect(score().missing(0)).toBeNull();
    expect(begun({ durationMs: null }).missing(0)).toBeNull();
    expect(score().holds(0, 1)).toBe(false);
  });
});

test('a score that nothing was told has nothing', () => {
  const { notes, pedal, form, levelDb, hello, eventsUntil } = score();
  expect({ notes, pedal, form, levelDb, hello, events: eventsUntil(9e9) }).toEqual({
    notes: [],
    pedal: [],
    form: [],
    levelDb: 0,
    hello: null,
    events: [],
  });
  const fresh = score();
  expect(fresh.stop('b', 9)).toBe(false);
  expect(fresh.begin({ ...HELLO, t0: null })).toBe('new');
  expect([fresh.notes, fresh.pedal, fresh.form, fresh.eventsUntil(9e9)]).toEqual([[], [], [], []]);
  fresh.rewind();
  expect(fresh.eventsUntil(9e9)).toEqual([]);
});

test('a hello of the same step is taken again, and its length with it', () => {
  const fresh = begun();
  fresh.chunk(chunk(0));
  expect(fresh.begin({ ...HELLO, durationMs: 45_000 })).toBe('same');
  expect(fresh.hello?.durationMs).toBe(45_000);
  expect(onsets(fresh, 600)).toEqual([0, 500]);
});

describe('pedal', () => {
  const pedalled = timeline({
    notes: [note(14_000, 3_000, 60)],
    pedal: [
      { ms: 1_000, value: 100 },
      { ms: 16_000, value: 0 },
      { ms: 31_000, value: 80 },
    ],
    durationMs: 45_000,
  });
  const frame = (seq: number, count = 1) =>
    chunkFrame(pedalled.stretch(seq, count), { broadcast: 'b', epoch: 2, here: 1 });

  test('is in order whatever came first, each move once, with where it stands at the start of what was given alone', () => {
    const fresh = begun({ durationMs: 45_000 });
    fresh.chunk(frame(2));
    fresh.chunk(frame(1));
    fresh.chunk(frame(0));
    fresh.chunk(frame(0, 3));
    expect(fresh.pedal).toEqual([
      { ms: 0, value: 0 },
      { ms: 1_000, value: 100 },
      { ms: 15_000, value: 100 },
      { ms: 16_000, value: 0 },
      { ms: 30_000, value: 0 },
      { ms: 31_000, value: 80 },
    ]);
  });

  test('of a chunk that comes again with a new one is not told twice', () => {
    const fresh = begun({ durationMs: 45_000 });
    fresh.chunk(frame(0));
    expect(fresh.chunk(frame(0, 2))).toBe('new');
    expect(fresh.chunk(frame(0, 2))).toBe('known');
    expect(fresh.pedal).toEqual([
      { ms: 0, value: 0 },
      { ms: 1_000, value: 100 },
      { ms: 16_000, value: 0 },
    ]);
    // Nor does a state stand where what came before is known.
    expect(fresh.eventsUntil(45_000).filter(({ kind }) => kind === 'state')).toHaveLength(1);
  });
});

test('a note that is held from a chunk in hand is not let go twice by the state of a later one', () => {
  const held = timeline({ notes: [note(14_000, 30_000, 60)], pedal: [], durationMs: 60_000 });
  const fresh = begun();
  for (const seq of [0, 2])
    fresh.chunk(chunkFrame(held.stretch(seq, 1), { broadcast: 'b', epoch: 2, here: 1 }));
  expect(fresh.eventsUntil(60_000).map(({ kind, ms }) => `${kind} ${ms}`)).toEqual([
    'state 0',
    'on 14000',
    'state 30000',
    'off 44000',
  ]);
  expect(fresh.notes).toHaveLength(1);
});

test('what is rewound lies in order before what was not handed out yet', () => {
  const fresh = begun();
  fresh.chunk(chunk(0));
  fresh.eventsUntil(5_000);
  fresh.chunk(chunk(1));
  fresh.rewind();
  expect(onsets(fresh, 6_000)).toEqual([
    0, 500, 1_000, 1_500, 2_000, 2_500, 3_000, 3_500, 4_000, 4_500, 5_000, 5_500,
  ]);
});

test('a late chunk leaves the pedal where the state of another that came late has put it', () => {
  const pressed = timeline({ notes: [], pedal: [{ ms: 1_000, value: 100 }], durationMs: 60_000 });
  const frame = (seq: number) => chunkFrame(pressed.stretch(seq, 1), { broadcast: 'b', epoch: 2, here: 1 });
  const fresh = begun();
  fresh.chunk(frame(3));
  fresh.eventsUntil(46_000);
  fresh.chunk(frame(1));
  expect(fresh.eventsUntil(46_000)).toEqual([{ kind: 'state', ms: 45_000, sounding: [], pedal: 100 }]);
});
