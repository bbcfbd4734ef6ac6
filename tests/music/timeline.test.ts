import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { toMusic } from '../../src/music/note.ts';
import { CHUNK_MS, timeline } from '../../src/music/timeline.ts';
import { anyMusic, note } from '../support/music.ts';

test('chunk k holds the onsets in [15k, 15k + 15) seconds', () => {
  const music = timeline(toMusic([note(14_999, 10), note(15_000, 10), note(29_999, 10), note(30_000, 10)]));
  expect(music.chunks).toBe(3);
  expect(music.stretch(1, 1).notes.map((n) => n.onsetMs)).toEqual([15_000, 29_999]);
  expect(music.stretch(1, 2)).toMatchObject({ fromMs: 15_000, toMs: 45_000, count: 2 });
});

test('a held note belongs to the state at the start of the next chunk, with its own onset', () => {
  const held = note(14_000, 5_000, 40);
  const { state } = timeline(toMusic([held, note(14_500, 400, 72)])).stretch(1, 1);
  expect(state).toEqual({ sounding: [held], pedal: 0 });
});

test('a note released while the pedal is down sounds on, until the pedal rises', () => {
  const pedalled = note(1_000, 100, 50);
  const music = timeline(
    toMusic(
      [pedalled],
      [
        { ms: 500, value: 100 },
        { ms: 3_000, value: 0 },
      ],
    ),
  );
  expect(music.soundingAt(2_999)).toEqual({ sounding: [pedalled], pedal: 100 });
  expect(music.soundingAt(3_001)).toEqual({ sounding: [], pedal: 0 });
});

test('what begins at an instant is not in the state at that instant, but in what follows it', () => {
  const music = timeline(toMusic([note(15_000, 1000)], [{ ms: 15_000, value: 127 }]));
  expect(music.stretch(1, 1).state).toEqual({ sounding: [], pedal: 0 });
  expect(music.stretch(1, 1).notes).toHaveLength(1);
  expect(music.stretch(1, 1).pedal).toEqual([{ ms: 15_000, value: 127 }]);
});

test('all chunks together are the music, nothing twice, nothing missing', () => {
  fc.assert(
    fc.property(anyMusic(), (music) => {
      const cut = timeline(music);
      const parts = Array.from({ length: cut.chunks }, (_, seq) => cut.stretch(seq, 1));
      expect(parts.flatMap((part) => part.notes)).toEqual(music.notes);
      expect(parts.flatMap((part) => part.pedal)).toEqual(music.pedal);
    }),
  );
});

test('the state at an instant is what the notes and the pedal before it say', () => {
  fc.assert(
    fc.property(anyMusic(), fc.integer({ min: 0, max: 140_000 }), (music, ms) => {
      const { sounding } = timeline(music).soundingAt(ms);
      const held = music.notes.filter((n) => n.onsetMs < ms && n.onsetMs + n.durationMs > ms);
      for (const key of held) expect(sounding).toContainEqual(key);
      for (const key of sounding) expect(key.onsetMs).toBeLessThan(ms);
      expect(new Set(sounding.map((key) => key.pitch)).size).toBe(sounding.length);
    }),
  );
});

test('chunks are 15 seconds', () => {
  expect(CHUNK_MS).toBe(15_000);
});
