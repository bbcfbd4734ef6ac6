/** How a movement ends for good: on a held chord of its tonic, near where the hands are. */
import type { Key } from '../key.ts';
import { HIGHEST_PITCH, LOWEST_PITCH } from '../note.ts';
import { cadenceOf } from '../score/phrases.ts';
import { inOrder, type Score, type ScoreNote } from '../score/score.ts';

/** More notes than this in the last bar are no rest. */
const MOST_NOTES_AT_REST = 8;
/** Where the bass of a closing chord is looked for, and its upper voice. */
const BASS = 43;
const TOP = 72;

/** The score as it is where its last bar comes to rest on the tonic, else with one bar more. @param score with at least one bar */
export function closed(score: Score, home: Key): Score {
  const last = score.bars.at(-1)!;
  const inLast = score.notes.filter(({ onset }) => onset >= last.start);
  if (inLast.length > 0 && inLast.length <= MOST_NOTES_AT_REST && cadenceOf(inLast, home) === 'full')
    return score;
  const before = score.notes.filter(({ onset }) => onset >= last.start - last.length);
  const basses = before.filter(({ part }) => part === 'left').map(({ pitch }) => pitch);
  const tops = before.filter(({ part }) => part !== 'left').map(({ pitch }) => pitch);
  const start = last.start + last.length;
  const bass = nearest(home.tonic, basses.length > 0 ? Math.min(...basses) : BASS, LOWEST_PITCH, 55);
  const top = nearest(
    home.tonic,
    tops.length > 0 ? Math.max(...tops.slice(-4)) : TOP,
    bass + 19,
    HIGHEST_PITCH,
  );
  const third = home.major ? 4 : 3;
  const chord: [number, ScoreNote['part']][] = [
    [bass, 'left'],
    [bass + 7, 'left'],
    [top - 12 + third, 'right'],
    [top - 5, 'right'],
    [top, 'right'],
  ];
  const notes = chord.map(([pitch, part]): ScoreNote => ({ onset: start, length: last.length, pitch, part }));
  const cut = score.notes.map((note) =>
    note.onset + note.length > start ? { ...note, length: start - note.onset } : note,
  );
  return { bars: [...score.bars, { ...last, start }], notes: inOrder([...cut, ...notes]) };
}

/** The pitch of a class that lies nearest to another, within bounds an octave apart at least. */
function nearest(pitchClass: number, to: number, low: number, high: number): number {
  let best = -1;
  for (let pitch = low; pitch <= high; pitch++)
    if (pitch % 12 === pitchClass && (best < 0 || Math.abs(pitch - to) < Math.abs(best - to))) best = pitch;
  return best;
}
