import { expect, test } from '@jest/globals';
import { memoryBlobs } from '../../src/adapters/memory/blobs.ts';
import { performances } from '../../src/adapters/stores/performances.ts';
import { best, extraOf, kept } from '../../src/continue/best.ts';
import { writeMidiFile } from '../../src/music/midi/write.ts';
import { type Note, toMusic } from '../../src/music/note.ts';

/** Notes of a quarter of a second, so many, of these pitches in turn. */
const notes = (pitches: readonly number[], count: number, fromMs: number, everyMs = 250): Note[] =>
  Array.from({ length: count }, (_, i) => ({
    onsetMs: fromMs + i * everyMs,
    durationMs: 200,
    pitch: pitches[i % pitches.length]!,
    velocity: 64,
  }));
const C = [60, 64, 67];
const F_SHARP = [66, 70, 73];

let now = 1_000;
const place = memoryBlobs(() => now);
async function answered(name: string, added: readonly Note[], given = notes(C, 24, 0)): Promise<void> {
  const music = toMusic([...given, ...added]);
  const midi = writeMidiFile({ title: name, music, markers: [] });
  const record = {
    ...{
      title: name,
      name,
      continuedFromMs: added[0]!.onsetMs,
      durationMs: music.durationMs,
      movement: 'Continuation',
    },
    ...{ notes: music.notes.length, minutes: 1, candidates: 8, seed: 7, tokens: 99 },
    modelSha256: 'a'.repeat(64),
  };
  await place.write(`continuations/${name}/continued.mid`, midi);
  const { createHash } = await import('node:crypto');
  const midiSha256 = createHash('sha256').update(midi).digest('hex');
  await place.write(`continuations/${name}/record.json`, JSON.stringify({ ...record, midiSha256 }));
}

test('what is kept: the pitch classes by their lengths, and how many notes a second', () => {
  expect(kept(notes(C, 24, 0), notes(C, 24, 0))).toEqual({ profile: 1, octavesOfDensity: 0 });
  const other = kept(notes(C, 24, 0), notes(F_SHARP, 24, 0, 125));
  // Three of twelve pitch classes, and three others: −1/3.
  expect(other.profile).toBeCloseTo(-1 / 3, 10);
  expect(other.octavesOfDensity).toBe(1);
});

test('the best is the one that keeps most; what is older, or too short to tell, does not count', async () => {
  expect(await best(place, 0)).toBeNull();
  await answered('far.mid', notes(F_SHARP, 24, 6_000));
  await answered('near.mid', notes(C, 24, 6_000, 300));
  await answered('short.mid', notes(C, 15, 6_000));
  await answered('short-given.mid', notes(C, 24, 6_000), notes(C, 15, 0));
  const found = (await best(place, 1_000))!;
  expect(found.record.name).toBe('near.mid');
  now = 2_000;
  await answered('later.mid', notes(F_SHARP, 24, 6_000));
  expect((await best(place, 1_500))?.record.name).toBe('later.mid');
  expect(await best(place, 2_001)).toBeNull();

  const store = performances(memoryBlobs());
  expect(await store.create(extraOf(found, '2026-11-21-extra'))).toBe('created');
  expect((await store.get('2026-11-21-extra'))?.record).toMatchObject({
    ...{ title: 'near.mid, continued', composedAt: 1_000, settings: { continued: 'near.mid' } },
    movements: [{ startMs: 0 }, { startMs: 6_000, title: 'Continuation' }],
  });
});
