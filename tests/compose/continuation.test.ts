import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { goOn, seedOfMusic } from '../../src/compose/continuation.ts';
import { readMidiFile } from '../../src/music/midi/file.ts';
import { writeLanes } from '../../src/music/midi/lanes.ts';
import { writeMidiFile } from '../../src/music/midi/write.ts';
import { type Music, toMusic } from '../../src/music/note.ts';
import {
  DELTA,
  DENSITY,
  LOUDNESS,
  PITCH,
  TOUCH,
  VOCABULARY_SIZE,
} from '../../src/music/tokens/vocabulary.ts';
import type { Model } from '../../src/ports.ts';
import { anyMusic, note, scale } from '../support/music.ts';

/** A network that likes steps of 0 to 300 ms and the middle of the keyboard, and keeps what it was shown. */
function fakeModel(shown: (readonly number[])[] = []): Model {
  return {
    sha256: 'f'.repeat(64),
    contextLength: 96,
    newDecoder() {
      let length = 0;
      return {
        get length() {
          return length;
        },
        async append(tokens) {
          if (tokens.length > 1) shown.push(tokens);
          length += tokens.length;
          const logits = new Float32Array(VOCABULARY_SIZE).fill(-20);
          logits.fill(0, DELTA, DELTA + 31);
          logits.fill(0, PITCH + 27, PITCH + 60);
          logits.fill(0, TOUCH + 12 * 32 + 8, TOUCH + 12 * 32 + 24);
          return logits;
        },
        reset() {
          length = 0;
        },
      };
    },
  };
}
const ports = (model = fakeModel()) => ({ model, clock: { now: () => 0 } });
const read = (bytes: Uint8Array): Music => {
  const file = readMidiFile(bytes);
  if ('problem' in file) throw new Error(file.problem);
  return file.music;
};
const written = (music: Music): Music => read(writeLanes({ title: 'x', music, markers: [] })!);
const settings = { minutes: 0.5, seed: 7 };

describe('going on from music', () => {
  test('any music is kept to the millisecond, notes and pedal, in the file that is written', async () => {
    const cases = fc.asyncProperty(anyMusic(20_000), async (given) => {
      const made = (await goOn(given, settings, ports()))!;
      const { notes, pedal } = written(made.music);
      const whole = written(given);
      const before = notes.filter(({ onsetMs }) => onsetMs < made.continuedFromMs);
      expect(before).toEqual(whole.notes);
      expect(pedal.slice(0, whole.pedal.length)).toEqual(whole.pedal);
      expect(notes.length).toBeGreaterThan(before.length);
    });
    await fc.assert(cases, { numRuns: 25 });
  });

  test('no key is struck that the music holds, and its pedal, left down, rises when it is over', async () => {
    const held = [40, 52, 55, 60, 64, 67, 72].map((pitch) => note(0, 60_000, pitch));
    const given = toMusic([...held, note(500, 500, 62)], [{ ms: 10, value: 127 }]);
    const { music } = (await goOn(given, settings, ports()))!;
    const added = music.notes.filter(({ onsetMs }) => onsetMs > 500);
    expect(added.length).toBeGreaterThan(20);
    expect(added.filter((n) => n.onsetMs < 60_000 && held.some((h) => h.pitch === n.pitch))).toEqual([]);
    expect(music.pedal[1]).toEqual({ ms: given.durationMs + 1, value: 0 });
  });

  test('where every key is held there is nothing to add', async () => {
    const all = Array.from({ length: 88 }, (_, i) => note(0, 600_000, 21 + i));
    expect(await goOn(toMusic(all), settings, ports())).toBeNull();
  });

  test('it lasts as long as asked for, within a sixth, and ends on a held chord and silence', async () => {
    const given = scale(20_000);
    for (const minutes of [0.5, 1, 3]) {
      const { music, continuedFromMs } = (await goOn(given, { minutes, seed: 1 }, ports()))!;
      const added = (music.durationMs - given.notes.at(-1)!.onsetMs) / 60_000;
      expect(Math.abs(added / minutes - 1)).toBeLessThan(1 / 6);
      const releaseMs = Math.max(...music.notes.map((n) => n.onsetMs + n.durationMs));
      const chord = music.notes.filter((n) => n.onsetMs + n.durationMs === releaseMs);
      expect(chord.length).toBeGreaterThanOrEqual(4);
      expect(chord.at(-1)!.durationMs).toBeGreaterThanOrEqual(3000);
      expect(music.durationMs - releaseMs).toBe(3000);
      expect(continuedFromMs).toBeGreaterThan(given.notes.at(-1)!.onsetMs);
    }
  });

  test('the model is shown how loud and dense the music is, and its last notes', async () => {
    const shown: (readonly number[])[] = [];
    const given = toMusic(scale(60_000, 200).notes.map((n) => ({ ...n, velocity: 100 })));
    await goOn(given, settings, ports(fakeModel(shown)));
    const [first] = shown;
    expect(first!.slice(1, 3)).toEqual([LOUDNESS + 6, DENSITY + 2]);
    expect(first!.at(-2)).toBe(PITCH + given.notes.at(-1)!.pitch - 21);
    expect(first!.length).toBeGreaterThan(48);
    expect(first!.length).toBeLessThan(96);
  });

  test('the same music and seed give the same continuation, another seed or other music another', async () => {
    const made = async (music: Music, seed: number) =>
      (await goOn(music, { minutes: 0.5, seed }, ports()))!.music;
    const given = scale(20_000);
    expect(await made(given, 7)).toEqual(await made(given, 7));
    expect(await made(given, 8)).not.toEqual(await made(given, 7));
    expect(seedOfMusic(given)).toBe(seedOfMusic(scale(20_000)));
    expect(seedOfMusic(given)).not.toBe(seedOfMusic(scale(20_500)));
  });
});

describe('writing music of any origin', () => {
  test('a key struck while it is held is read back as it was; one track alone would mix up the releases', () => {
    const overlapping = toMusic([
      note(0, 1000),
      note(100, 200),
      note(150, 50),
      note(1000, 10),
      note(400, 90, 62),
    ]);
    expect(read(writeMidiFile({ title: 'x', music: overlapping, markers: [] })).notes).not.toEqual(
      overlapping.notes,
    );
    expect(written(overlapping)).toEqual(overlapping);
  });

  test('what overlaps nowhere is written as ever', () => {
    const file = { title: 'x', music: scale(5_000), markers: [] };
    expect(writeLanes(file)).toEqual(writeMidiFile(file));
  });
});
