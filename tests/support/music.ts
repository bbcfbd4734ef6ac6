import { hash } from 'node:crypto';
import fc from 'fast-check';
import { writeMidiFile } from '../../src/music/midi/write.ts';
import { type Music, type Note, toMusic } from '../../src/music/note.ts';
import type { StoredPerformance } from '../../src/ports.ts';

export const note = (onsetMs: number, durationMs: number, pitch = 60, velocity = 64): Note => ({
  onsetMs,
  durationMs,
  pitch,
  velocity,
});

/** A scale: one note a `stepMs`, each held half as long, for `lengthMs`. */
export const scale = (lengthMs: number, stepMs = 500): Music =>
  toMusic(
    Array.from({ length: Math.floor(lengthMs / stepMs) }, (_, i) =>
      note(i * stepMs, stepMs / 2, 48 + (i % 24), 40 + (i % 40)),
    ),
  );

/** A performance around any music, as the archive keeps it. */
export function stored(id: string, music: Music): StoredPerformance {
  const midi = writeMidiFile({ title: id, music, markers: [] });
  return {
    midi,
    record: {
      schema: 1,
      id,
      title: id,
      composedAt: 0,
      seed: 1,
      durationMs: music.durationMs,
      notes: music.notes.length,
      modelSha256: '0'.repeat(64),
      midiSha256: hash('sha256', midi),
      settings: { minutes: 1 },
      tokens: 0,
      movements: [],
    },
  };
}

/** Any music on which no key is struck while it is held. */
export const anyMusic = (maxMs = 120_000): fc.Arbitrary<Music> =>
  fc
    .record({
      notes: fc.array(
        fc.record({
          onsetMs: fc.integer({ min: 0, max: maxMs }),
          durationMs: fc.integer({ min: 1, max: 20_000 }),
          pitch: fc.integer({ min: 21, max: 108 }),
          velocity: fc.integer({ min: 1, max: 127 }),
        }),
        { minLength: 1, maxLength: 200 },
      ),
      pedal: fc.array(
        fc.record({ ms: fc.integer({ min: 0, max: maxMs }), value: fc.integer({ min: 0, max: 127 }) }),
        { maxLength: 40 },
      ),
    })
    .map(({ notes, pedal }) => toMusic(playable(notes), pedal));

function playable(notes: readonly Note[]): Note[] {
  const releases = new Map<number, number>();
  return [...notes]
    .sort((a, b) => a.onsetMs - b.onsetMs)
    .filter((candidate) => {
      if (candidate.onsetMs < (releases.get(candidate.pitch) ?? 0)) return false;
      releases.set(candidate.pitch, candidate.onsetMs + candidate.durationMs);
      return true;
    });
}
