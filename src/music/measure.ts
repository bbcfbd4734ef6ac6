import type { Music } from './note.ts';

/** Plain figures of a piece. */
export type Measures = {
  readonly lowest: number;
  readonly highest: number;
  readonly notesPerSecond: number;
  /** Most keys held at once. */
  readonly mostHeld: number;
  /** Mean number of keys held while any is. */
  readonly meanHeld: number;
};

export function measure(music: Music): Measures {
  const pitches = music.notes.map((note) => note.pitch);
  const changes = music.notes
    .flatMap((note) => [
      { ms: note.onsetMs, by: 1 },
      { ms: note.onsetMs + note.durationMs, by: -1 },
    ])
    // At one instant releases come first: a key struck again is not held twice.
    .sort((a, b) => a.ms - b.ms || a.by - b.by);
  let held = 0;
  let mostHeld = 0;
  let heldMs = 0;
  let anyMs = 0;
  let before = 0;
  for (const { ms, by } of changes) {
    if (held > 0) {
      anyMs += ms - before;
      heldMs += held * (ms - before);
    }
    before = ms;
    held += by;
    mostHeld = Math.max(mostHeld, held);
  }
  return {
    lowest: Math.min(...pitches),
    highest: Math.max(...pitches),
    notesPerSecond: round(music.notes.length / (music.durationMs / 1000)),
    mostHeld,
    meanHeld: round(heldMs / Math.max(1, anyMs)),
  };
}

const round = (value: number): number => Math.round(value * 100) / 100;
