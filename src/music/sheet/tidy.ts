/**
 * Makes a score one that can be written down: every end on a value of its beat, and at most two voices a hand. Onsets and
 * pitches stay; lengths give way a little. What is engraved and what is played are both made from this.
 */
import { inOrder, PARTS, type Score, type ScoreNote, STEPS_PER_QUARTER } from '../score/score.ts';
import { voicesOf } from './voices.ts';

/** Shortest note, steps. */
const SHORTEST = 3;

/** Whether a step lies on thirds of a quarter (triplets) or on halves of halves, or both. */
const onThirds = (step: number): boolean => step % 4 === 0;
const onHalves = (step: number): boolean => step % 3 === 0;

/** The quarters that a part divides by three, from the start of the score. */
export function ternaryQuarters(notes: readonly ScoreNote[]): Set<number> {
  const quarters = new Set<number>();
  for (const { onset } of notes) if (!onHalves(onset)) quarters.add(Math.floor(onset / STEPS_PER_QUARTER));
  return quarters;
}

/** A note whose key is struck again before the shortest value is over, by whichever part, is left out. */
export function tidy(score: Score): Score {
  const ordered = inOrder(score.notes);
  const again = struckAgain(ordered);
  const lasting = ordered.filter((note) => again(note) - note.onset >= SHORTEST);
  const notes = PARTS.flatMap((part) => {
    const own = lasting.filter((note) => note.part === part);
    const ternary = ternaryQuarters(own);
    return voicesOf(
      own.map((note) => ({ ...note, length: endNear(note, ternary, again(note)) - note.onset })),
    ).flatMap((voice) =>
      voice.flatMap(({ onset, end, notes: struck }) =>
        struck.map((note) => ({ ...note, length: end - onset })),
      ),
    );
  });
  return { bars: score.bars, notes: inOrder(notes) };
}

/** When the key of a note is struck next, steps; Infinity where it is not. */
function struckAgain(ordered: readonly ScoreNote[]): (note: ScoreNote) => number {
  const next = new Map<ScoreNote, number>();
  const last = new Map<number, ScoreNote>();
  for (const note of ordered) {
    const before = last.get(note.pitch);
    if (before) next.set(before, note.onset);
    last.set(note.pitch, note);
  }
  return (note) => next.get(note) ?? Number.POSITIVE_INFINITY;
}

/**
 * The nearest step after the onset at which a value may end, no later than `latest`.
 * @throws RangeError where there is none, which no onset on the grid of its quarter can cause
 */
function endNear({ onset, length }: ScoreNote, ternary: ReadonlySet<number>, latest: number): number {
  const wanted = onset + length;
  for (let off = 0; off <= length + STEPS_PER_QUARTER; off++) {
    for (const end of [wanted - off, wanted + off]) {
      if (end - onset < SHORTEST || end > latest) continue;
      const inTernary = ternary.has(Math.floor((end - 1) / STEPS_PER_QUARTER));
      if (end % STEPS_PER_QUARTER === 0 || (inTernary ? onThirds(end) : onHalves(end))) return end;
    }
  }
  throw new RangeError(`no value ends between ${onset + SHORTEST} and ${latest}`);
}
