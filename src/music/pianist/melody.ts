/** Who sings: the voice where somebody wrote one, else the top of the right hand; where that rests, the top of the left. */
import { topLine } from '../score/phrases.ts';
import type { Score, ScoreNote } from '../score/score.ts';

/** A part that is silent for so long has stopped singing, steps: two quarters. */
const SILENT = 48;

/** The notes of the melody, in order; each belongs to the score. */
export function melodyOf({ notes }: Score): ScoreNote[] {
  const voice = notes.filter(({ part }) => part === 'voice');
  const right = topLine(notes.filter(({ part }) => part === 'right'));
  const left = topOf(notes.filter(({ part }) => part === 'left'));
  return fill(fill(voice, right), left);
}

/** A line, and where it is silent what another one has to say. */
function fill(line: readonly ScoreNote[], other: readonly ScoreNote[]): ScoreNote[] {
  if (line.length === 0) return [...other];
  const filled: ScoreNote[] = [];
  let next = 0;
  let silentFrom = 0;
  for (const note of [...line, null]) {
    const until = note?.onset ?? Number.POSITIVE_INFINITY;
    for (; next < other.length && other[next]!.onset < until; next++) {
      const one = other[next]!;
      if (until - silentFrom >= SILENT && one.onset >= silentFrom && one.onset + one.length <= until)
        filled.push(one);
    }
    if (note) {
      filled.push(note);
      silentFrom = Math.max(silentFrom, note.onset + note.length);
    }
  }
  return filled;
}

/** The highest of each strike of the left hand, where no higher one is held. */
function topOf(notes: readonly ScoreNote[]): ScoreNote[] {
  const line: ScoreNote[] = [];
  notes.forEach((note, i) => {
    if (notes[i + 1]?.onset === note.onset) return;
    const before = line.at(-1);
    if (before && before.onset + before.length > note.onset && before.pitch > note.pitch) return;
    line.push(note);
  });
  return line;
}
