import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { goOn, seedOfMusic } from '../../src/compose/continuation.ts';
import { samplerOf } from '../../src/compose/sampler.ts';
import { readMidiFile } from '../../src/music/midi/file.ts';
import { writeLanes } from '../../src/music/midi/lanes.ts';
import { readSmf } from '../../src/music/midi/walk.ts';
import { writeMidiFile } from '../../src/music/midi/write.ts';
import { type Music, toMusic } from '../../src/music/note.ts';
import { placeMusic } from '../../src/music/score/place.ts';
import { anyMusic, note, scale } from '../support/music.ts';
import { scoreModel } from '../support/score-model.ts';

const sampler = samplerOf(scoreModel());
const settings = { minutes: 0.5, seed: 7, candidates: 1 };
const read = (bytes: Uint8Array): Music => {
  const file = readMidiFile(bytes);
  if ('problem' in file) throw new Error(file.problem);
  return file.music;
};
const written = (music: Music): Music => read(writeLanes({ title: 'x', music, markers: [] })!);
/** Music as a file gives it, in bars. */
function placed(music: Music) {
  const reading = readSmf(writeMidiFile({ title: 'x', music, markers: [] }));
  if ('problem' in reading) throw new Error(reading.problem);
  return placeMusic(reading)!;
}
const goOnFrom = (music: Music) => goOn(music, placed(music), settings, { sampler });

describe('going on from music', () => {
  test('any music is kept to the millisecond, notes and pedal, in the file that is written', async () => {
    const cases = fc.asyncProperty(anyMusic(20_000), async (given) => {
      const made = (await goOnFrom(given))!;
      const { notes, pedal } = written(made.music);
      const kept = notes.filter(({ onsetMs }) => onsetMs < made.continuedFromMs);
      expect(kept).toEqual(given.notes);
      expect(pedal.slice(0, given.pedal.length)).toEqual(given.pedal);
    });
    await fc.assert(cases, { numRuns: 12 });
  });

  test('lasts about as long as asked for, and ends with a silence', async () => {
    const given = scale(4_000, 500);
    const made = (await goOnFrom(given))!;
    const added = made.music.durationMs - made.continuedFromMs;
    expect(added).toBeGreaterThan(15_000);
    expect(added).toBeLessThan(60_000);
    const releaseMs = Math.max(...made.music.notes.map((n) => n.onsetMs + n.durationMs));
    expect(made.music.durationMs - releaseMs).toBeGreaterThanOrEqual(3000);
  });

  test('strikes no key that the music given still holds', async () => {
    const held = Array.from({ length: 15 }, (_, i) => note(0, 60_000, 50 + i, 70));
    const given = toMusic([note(0, 400, 40, 70), ...held]);
    // The bars are over long before what is held.
    const made = (await goOn(given, { ...placed(given), endMs: 1_000 }, settings, { sampler }))!;
    const during = made.music.notes.filter(({ onsetMs }) => onsetMs >= 1_000 && onsetMs < 60_000);
    expect(during.length).toBeGreaterThan(10);
    expect(during.filter(({ pitch }) => pitch >= 50 && pitch < 65)).toEqual([]);
  });

  test('the same music goes on in the same way, another in another', async () => {
    const [a, b] = [scale(5_000, 400), scale(4_000, 300)];
    expect(await goOnFrom(a)).toEqual(await goOnFrom(a));
    expect(seedOfMusic(a)).not.toBe(seedOfMusic(b));
  });

  test('music without a grid has its beats found, and says so', async () => {
    expect((await goOnFrom(scale(7_000, 431)))!.quantised).toBe(true);
  });

  test('can be given up', async () => {
    const signal = AbortSignal.abort(new Error('Ctrl-C'));
    const given = scale(4_000, 500);
    await expect(goOn(given, placed(given), settings, { sampler, signal })).rejects.toThrow('Ctrl-C');
  });
});
