/** Whether music comes to rest where it should: its breaths on tonic or dominant, its end in the key it began in. */
import { chordsOf } from '../../src/music/chords.ts';
import { degreeOf, type Key, keyOf } from '../../src/music/key.ts';
import type { Note } from '../../src/music/note.ts';
import { keyOfScore } from '../../src/music/score/phrases.ts';
import type { Score } from '../../src/music/score/score.ts';
import { quantile } from '../../src/music/statistics.ts';

/** A breath is a gap of at least so many usual ones after a strike. */
const BREATH_GAPS = 2.5;
/** Beginning and end, by which a piece's keys are told; milliseconds. */
const EDGE_MS = 20_000;
const EDGE_BARS = 12;
const RESTS = [0, 7];
const TONIC_TRIAD = [0, 3, 4, 7];

/** Share of the breaths before which the bass is tonic or dominant of the passage's key; 0 where nothing breathes. */
export function closure(notes: readonly Note[]): number {
  const key = keyOf(notes);
  const chords = chordsOf(notes, 50);
  const gaps = chords.slice(1).map((chord, i) => chord[0]!.onsetMs - chords[i]![0]!.onsetMs);
  const usual = quantile(gaps, 0.5);
  const before = chords.filter((_, i) => (gaps[i] ?? 0) >= BREATH_GAPS * usual);
  const closed = before.filter((chord) => {
    const bass = Math.min(...chord.map(({ pitch }) => pitch));
    const top = Math.max(...chord.map(({ pitch }) => pitch));
    const degree = degreeOf(bass, key);
    return RESTS.includes(degree) && (degree === 7 || TONIC_TRIAD.includes(degreeOf(top, key)));
  });
  return before.length === 0 ? 0 : closed.length / before.length;
}

/** Whether the last key of a piece is its first, or the parallel or relative of it. @param notes in order of onset */
export function closesInItsKey(notes: readonly Note[]): boolean {
  const [start, end] = [notes[0]!.onsetMs, notes.at(-1)!.onsetMs];
  const first = keyOf(notes.filter(({ onsetMs }) => onsetMs <= start + EDGE_MS));
  const last = keyOf(notes.filter(({ onsetMs }) => onsetMs >= end - EDGE_MS));
  return related(first, last);
}

/** The same of a score, by its first and last twelve bars. */
export function scoreClosesInItsKey({ bars, notes }: Score): boolean {
  const first = notes.filter(({ onset }) => onset < (bars[EDGE_BARS]?.start ?? Number.POSITIVE_INFINITY));
  const last = notes.filter(({ onset }) => onset >= (bars.at(-EDGE_BARS)?.start ?? 0));
  return first.length > 0 && last.length > 0 && related(keyOfScore(first), keyOfScore(last));
}

/** Of one tonic, or relative as C major and A minor are. */
function related(first: Key, last: Key): boolean {
  if (first.tonic === last.tonic) return true;
  if (first.major === last.major) return false;
  const [major, minor] = first.major ? [first, last] : [last, first];
  return (minor.tonic + 3) % 12 === major.tonic;
}
