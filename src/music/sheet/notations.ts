/** What MusicXML says of one note beside its pitch: its value, ties, slurs, and the brackets of triplets. */
import { type ScoreNote, STEPS_PER_QUARTER } from '../score/score.ts';
import type { Value } from './values.ts';

/** From the first to the last of the notes that it joins. */
export type Slur = { readonly from: ScoreNote; readonly to: ScoreNote };
type SlurEnd = { readonly type: 'start' | 'stop'; readonly number: number };
/** By the place of the note on which an end lies. */
export type SlurEnds = ReadonlyMap<string, SlurEnd>;

/** Readers pair ends by number, in the order of the file, where a voice's bar stands before another's. */
const SLUR_NUMBERS = 6;

/** A key is struck once at a time. */
export const placeOf = ({ onset, pitch }: Pick<ScoreNote, 'onset' | 'pitch'>): string => `${onset} ${pitch}`;

/** @param slurs none over another */
export const slurEnds = (slurs: readonly Slur[]): SlurEnds =>
  new Map(
    slurs.flatMap(({ from, to }, i): [string, SlurEnd][] => {
      const number = (i % SLUR_NUMBERS) + 1;
      return [
        [placeOf(from), { type: 'start', number }],
        [placeOf(to), { type: 'stop', number }],
      ];
    }),
  );

/** For how long a note or rest lasts. */
export const timed = ({ length }: Value): string => `<duration>${length}</duration>`;
/** How it is written. */
export const typed = ({ type, dots, triplet }: Value, accidental = ''): string =>
  `<type>${type}</type>${'<dot/>'.repeat(dots)}${accidental}` +
  (triplet
    ? '<time-modification><actual-notes>3</actual-notes><normal-notes>2</normal-notes></time-modification>'
    : '');

/** Ties, slurs, and the brackets of triplets, which begin and end with their quarter. */
export function notations(
  { length, triplet }: Value,
  at: number,
  ties: readonly string[] = [],
  slurs: readonly SlurEnd[] = [],
  shared = false,
  first = true,
): string {
  // They join the upper line: where voices share the staff, their place is above them all.
  const placement = shared ? ' placement="above"' : '';
  const inside = [
    ...ties.map((type) => `<tied type="${type}"/>`),
    ...slurs.map(
      ({ type, number }) => `<slur type="${type}" number="${number}"${type === 'start' ? placement : ''}/>`,
    ),
  ];
  if (triplet && first) {
    if (at % STEPS_PER_QUARTER === 0) inside.push('<tuplet type="start" bracket="yes"/>');
    if ((at + length) % STEPS_PER_QUARTER === 0) inside.push('<tuplet type="stop"/>');
  }
  return inside.length > 0 ? `<notations>${inside.join('')}</notations>` : '';
}
