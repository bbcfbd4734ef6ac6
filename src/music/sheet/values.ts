/**
 * Lengths as notes are written: a time within a bar becomes a row of values, tied, each a power of two, perhaps dotted,
 * perhaps of a triplet. All in steps of a twenty-fourth of a quarter.
 */
import { STEPS_PER_QUARTER } from '../score/score.ts';

export type Value = {
  /** Steps. */
  readonly length: number;
  /** As MusicXML names it. */
  readonly type: 'whole' | 'half' | 'quarter' | 'eighth' | '16th' | '32nd';
  readonly dots: 0 | 1;
  /** Three in the time of two. */
  readonly triplet: boolean;
};

const value = (length: number, type: Value['type'], dots: 0 | 1 = 0, triplet = false): Value => ({
  length,
  type,
  dots,
  triplet,
});
/** The longest first; `on` says at which multiples each may begin, so that beats stay visible. */
const PLAIN: readonly (Value & { readonly on: number })[] = [
  { ...value(144, 'whole', 1), on: 72 },
  { ...value(96, 'whole'), on: 48 },
  { ...value(72, 'half', 1), on: 24 },
  { ...value(48, 'half'), on: 24 },
  { ...value(36, 'quarter', 1), on: 12 },
  { ...value(24, 'quarter'), on: 12 },
  { ...value(18, 'eighth', 1), on: 6 },
  { ...value(12, 'eighth'), on: 6 },
  { ...value(9, '16th', 1), on: 3 },
  { ...value(6, '16th'), on: 3 },
  { ...value(3, '32nd'), on: 3 },
];
const TRIPLET: readonly Value[] = [
  value(16, 'quarter', 0, true),
  value(8, 'eighth', 0, true),
  value(4, '16th', 0, true),
];

/**
 * The values of what lasts from `from` to `to` within a bar.
 * @param ternary the quarters of the bar, by index, that this voice divides by three
 * @throws RangeError where an end lies on neither grid
 */
export function valuesOf(from: number, to: number, ternary: ReadonlySet<number>): Value[] {
  const values: Value[] = [];
  for (let at = from; at < to; ) {
    const quarter = Math.floor(at / STEPS_PER_QUARTER);
    const divided = ternary.has(quarter);
    // In a divided quarter as far as that goes, else as far as the next one that is.
    let end = divided ? Math.min(to, (quarter + 1) * STEPS_PER_QUARTER) : to;
    for (let next = quarter + 1; !divided && next * STEPS_PER_QUARTER < end; next++)
      if (ternary.has(next)) end = next * STEPS_PER_QUARTER;
    const wholeQuarter = divided && at % STEPS_PER_QUARTER === 0 && end - at === STEPS_PER_QUARTER;
    const found =
      divided && !wholeQuarter
        ? TRIPLET.find(({ length }) => length <= end - at)
        : PLAIN.find(({ length, on }) => length <= end - at && at % on === 0);
    if (!found) throw new RangeError(`no value begins at ${at} and ends by ${end}`);
    values.push({ length: found.length, type: found.type, dots: found.dots, triplet: found.triplet });
    at += found.length;
  }
  return values;
}
