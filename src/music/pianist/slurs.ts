/** Where the melody is played joined, as slurs say it: from what was played, not from what was meant. */
import type { Note } from '../note.ts';
import type { Score, ScoreNote } from '../score/score.ts';
import type { Slur } from '../sheet/notations.ts';
import { melodyOf } from './melody.ts';

/** Two notes are joined where less than this lies between them, milliseconds: the shortest micropause of the rules is 20. */
const JOINED_MS = 15;
/** A slur that goes on for longer is two, bars. */
const LONGEST_BARS = 4;

/** @param played the notes of this score as they were played, in order @returns none where they are not the same notes */
export function slursOf(score: Score, played: readonly Note[]): Slur[] {
  const sounding = playedAs(score.notes, played);
  if (!sounding) return [];
  const slurs: Slur[] = [];
  let run: ScoreNote[] = [];
  const end = () => {
    if (run.length > 1) slurs.push({ from: run[0]!, to: run.at(-1)! });
    run = [];
  };
  for (const note of melodyOf(score)) {
    const before = run.at(-1);
    if (before && !follows(run[0]!, before, note)) end();
    run.push(note);
  }
  end();
  return slurs;

  function follows(first: ScoreNote, before: ScoreNote, note: ScoreNote): boolean {
    const [a, b] = [sounding!.get(before)!, sounding!.get(note)!];
    const longest = LONGEST_BARS * score.bars[0]!.length;
    return (
      a.onsetMs + a.durationMs > b.onsetMs - JOINED_MS &&
      before.pitch !== note.pitch &&
      (before.part === 'left') === (note.part === 'left') &&
      note.onset - first.onset < longest
    );
  }
}

/** A key is struck in the score's order, however a chord is spread. */
function playedAs(notes: readonly ScoreNote[], played: readonly Note[]): Map<ScoreNote, Note> | null {
  const onKey = new Map<number, Note[]>();
  for (const note of played) onKey.set(note.pitch, [...(onKey.get(note.pitch) ?? []), note]);
  const taken = new Map<number, number>();
  const pairs = new Map<ScoreNote, Note>();
  for (const note of notes) {
    const index = taken.get(note.pitch) ?? 0;
    const sound = onKey.get(note.pitch)?.[index];
    if (!sound) return null;
    taken.set(note.pitch, index + 1);
    pairs.set(note, sound);
  }
  return pairs;
}
