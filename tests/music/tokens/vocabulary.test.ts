import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { toMusic } from '../../../src/music/note.ts';
import { foldPedal } from '../../../src/music/pedal.ts';
import { grammar } from '../../../src/music/tokens/grammar.ts';
import {
  DURATIONS_MS,
  decode,
  END,
  encode,
  NO_PITCH,
  NO_TOUCH,
  PITCH,
  REMAINING,
  REST,
  remainingMark,
  TOUCH,
  VOCABULARY_SIZE,
} from '../../../src/music/tokens/vocabulary.ts';
import { anyMusic, note, scale } from '../../support/music.ts';

test('a note is three tokens: steps of 10 ms since the last onset, pitch, duration × velocity', () => {
  // 440 ms is duration bin 16; velocity 64 is bin 16 of 4; 291 + 16 · 32 + 16 = 819.
  const music = toMusic([note(0, 440, 60, 64), note(250, 440, 64, 64)]);
  expect(encode(music)).toEqual([0, PITCH + 39, 819, 25, PITCH + 43, 819, END]);
});

test('a silence of five seconds is two rests of two seconds and the second that is left', () => {
  const music = toMusic([note(0, 100), note(5000, 100)]);
  expect(encode(music).slice(3, -1)).toEqual([
    ...[REST, NO_PITCH, NO_TOUCH],
    ...[REST, NO_PITCH, NO_TOUCH],
    ...[100, PITCH + 39, TOUCH + 8 * 32 + 16],
  ]);
});

test('the pedal is folded into the durations: a released note sounds until the pedal rises', () => {
  const pedalled = toMusic(
    [note(0, 100)],
    [
      { ms: 50, value: 127 },
      { ms: 2000, value: 0 },
    ],
  );
  expect(decode(encode(pedalled)).notes).toEqual([note(0, 2070, 60, 66)]);
});

test('the pedal does not hold a key beyond its next strike', () => {
  const twice = toMusic(
    [note(0, 100), note(500, 100)],
    [
      { ms: 50, value: 127 },
      { ms: 2000, value: 0 },
    ],
  );
  expect(foldPedal(twice).notes).toEqual([note(0, 500), note(500, 1500)]);
});

test('a duration never reaches the next strike of its key on the grid', () => {
  const pedalled = toMusic(
    [note(0, 100), note(500, 100)],
    [
      { ms: 50, value: 127 },
      { ms: 2000, value: 0 },
    ],
  );
  const [first, second] = decode(encode(pedalled)).notes;
  expect(first).toEqual(note(0, 440, 60, 66));
  expect(second?.onsetMs).toBe(500);
});

test('durations are 32, ascending, on the 10 ms grid, from 20 ms to 8 s', () => {
  expect(DURATIONS_MS).toHaveLength(32);
  expect([DURATIONS_MS[0], DURATIONS_MS[31]]).toEqual([20, 8000]);
  for (const [i, ms] of DURATIONS_MS.entries()) {
    expect(ms % 10).toBe(0);
    if (i > 0) expect(ms).toBeGreaterThan(DURATIONS_MS[i - 1]!);
  }
});

test('what was decoded encodes to the same tokens again', () => {
  fc.assert(
    fc.property(anyMusic(), (music) => {
      const tokens = encode(music);
      expect(encode(decode(tokens))).toEqual(tokens);
    }),
  );
});

test('onsets do not drift: each lies within half a step of its own, however many came before', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 30, max: 1900 }), { minLength: 2, maxLength: 300 }), (gaps) => {
      let ms = 0;
      const notes = gaps.map((gap, i) => {
        ms += gap;
        return note(ms, 20, 30 + (i % 60));
      });
      const decoded = decode(encode(toMusic(notes))).notes;
      const shift = Math.round(notes[0]!.onsetMs / 10) * 10;
      decoded.forEach((heard, i) => {
        expect(Math.abs(heard.onsetMs + shift - notes[i]!.onsetMs)).toBeLessThanOrEqual(5);
      });
    }),
  );
});

test('everything that real music encodes to, the grammar allows', () => {
  fc.assert(
    fc.property(anyMusic(), (music) => {
      const rules = grammar(() => true);
      for (const token of encode(music)) {
        // Rests in a row are bounded in what we compose, not in what we have read.
        if (token !== REST) expect(rules.allowed()[token]).toBe(1);
        rules.push(token);
      }
    }),
  );
});

test('whatever the grammar allows decodes as it is: no key struck while it sounds, chords upwards, 24 at most', () => {
  fc.assert(
    fc.property(
      fc.infiniteStream(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })),
      (stream) => {
        const choices = stream[Symbol.iterator]();
        const rules = grammar(() => false);
        const tokens: number[] = [];
        while (tokens.length < 450) {
          const allowed = [...rules.allowed().entries()].filter(([, may]) => may === 1).map(([id]) => id);
          expect(allowed.length).toBeGreaterThan(0);
          // Short steps are preferred, so that many notes sound together.
          const reach = tokens.length % 3 === 0 ? Math.min(6, allowed.length) : allowed.length;
          const token = allowed[Math.floor(choices.next().value! * reach)]!;
          tokens.push(token);
          rules.push(token);
        }
        const { notes } = decode(tokens);
        const rests = tokens.filter((token) => token === REST).length;
        expect(notes).toHaveLength(tokens.length / 3 - rests);
        for (let i = 3; i < tokens.length; i += 3) {
          // Δ = 0 after a note: the chord goes on upwards.
          if (tokens[i] === 0 && tokens[i - 3] !== REST)
            expect(tokens[i + 1]).toBeGreaterThan(tokens[i - 2]!);
        }
        const ends = new Map<number, number>();
        for (const { onsetMs, durationMs, pitch } of notes) {
          expect(onsetMs).toBeGreaterThanOrEqual(ends.get(pitch) ?? 0);
          ends.set(pitch, onsetMs + durationMs);
          expect([...ends.values()].filter((end) => end > onsetMs).length).toBeLessThanOrEqual(24);
        }
      },
    ),
    { numRuns: 8 },
  );
});

test('marks and rests take no note: marks take no time either, and stand wherever a note may begin', () => {
  const music = scale(20_000);
  const tokens = encode(music);
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 39 }), fc.integer({ min: 0, max: 3 }), (after, level) => {
      const marked = [...tokens.slice(0, 3 * after), ...remainingMark(level), ...tokens.slice(3 * after)];
      expect(decode(marked)).toEqual(decode(tokens));
      const rules = grammar(() => true);
      const plain = grammar(() => true);
      for (const token of tokens.slice(0, 3 * after)) {
        rules.push(token);
        plain.push(token);
      }
      for (const token of remainingMark(level)) {
        expect(
          rules
            .allowed()
            .subarray(REMAINING)
            .every((may) => may === 0),
        ).toBe(true);
        rules.push(token);
      }
      expect(rules.atBoundary).toBe(true);
      expect(rules.allowed()).toEqual(plain.allowed());
      expect([rules.nowMs, rules.sounding]).toEqual([plain.nowMs, plain.sounding]);
    }),
  );
});

test('a token in a slot that is not its own is an error that says where', () => {
  expect(() => decode([0, PITCH, TOUCH, PITCH, PITCH, TOUCH])).toThrow('token 202 at 3 is not a Δonset');
  expect(VOCABULARY_SIZE).toBe(1356);
});
