/** Beams: short notes of one voice that belong to one beat are joined, as MusicXML says it note by note. */
import { type Metre, STEPS_PER_QUARTER } from '../score/score.ts';
import type { Value } from './values.ts';

/** A note, or a rest, of a voice in a bar. */
export type Timed = {
  /** Steps from the start of the bar. */
  readonly at: number;
  readonly type: Value['type'];
  readonly rest: boolean;
};

/** Beams that a value has when it is joined to others. */
const LEVELS: Readonly<Record<Value['type'], number>> = {
  whole: 0,
  half: 0,
  quarter: 0,
  eighth: 1,
  '16th': 2,
  '32nd': 3,
};

/** Steps that a beam spans at most: a quarter; a dotted one where the metre counts in those. */
const beatOf = ({ beats, unit }: Metre): number =>
  unit === 8 && beats % 3 === 0 ? (3 * STEPS_PER_QUARTER) / 2 : STEPS_PER_QUARTER;

/** For each of a voice's notes and rests within a bar, its `<beam>` elements; empty where it stands alone. */
export function beamsOf(row: readonly Timed[], metre: Metre): string[] {
  const beat = beatOf(metre);
  const levelOf = (i: number) => (row[i] && !row[i].rest ? LEVELS[row[i].type] : 0);
  /** Whether a beam of this level goes from a note to the next. */
  const joined = (i: number, level: number) =>
    levelOf(i) >= level &&
    levelOf(i + 1) >= level &&
    Math.floor(row[i]!.at / beat) === Math.floor(row[i + 1]!.at / beat);
  return row.map((_, i) => {
    const alone = !joined(i - 1, 1) && !joined(i, 1);
    if (alone) return '';
    return Array.from({ length: levelOf(i) }, (_, above) => {
      const level = above + 1;
      const [before, after] = [joined(i - 1, level), joined(i, level)];
      const kind =
        before && after
          ? 'continue'
          : before
            ? 'end'
            : after
              ? 'begin'
              : joined(i, 1)
                ? 'forward hook'
                : 'backward hook';
      return `<beam number="${level}">${kind}</beam>`;
    }).join('');
  });
}
