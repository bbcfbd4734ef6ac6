/**
 * Music as it is printed: bars, metres and notes on a grid of 24 steps a quarter, with the hand that plays each note.
 * Sixteenths are 6 steps, triplet eighths 8, thirty-seconds 3. Nothing here has milliseconds or velocities:
 * these are the pianist's.
 */
export const STEPS_PER_QUARTER = 24;

/** A voice is a melody over an accompaniment; on a piano the upper fingers of the right hand play it. */
export const PARTS = ['right', 'left', 'voice'] as const;
export type Part = (typeof PARTS)[number];

export type ScoreNote = {
  /** Steps from the start of the first bar, integer ≥ 0. */
  readonly onset: number;
  /** Steps, integer ≥ 1. */
  readonly length: number;
  /** MIDI key number, 21–108. */
  readonly pitch: number;
  readonly part: Part;
};

/** A time signature, e.g. 6/8 as {beats: 6, unit: 8}. */
export type Metre = { readonly beats: number; readonly unit: number };

export type Bar = {
  /** Steps from the start of the first bar. */
  readonly start: number;
  /** Steps. */
  readonly length: number;
  readonly metre: Metre;
};

export type Score = {
  /** One after the other, without gaps. An upbeat stands at the end of a whole first bar. */
  readonly bars: readonly Bar[];
  /** By onset, then by pitch; no key is struck while it sounds. */
  readonly notes: readonly ScoreNote[];
};

/** Steps of a bar. */
export const barLength = ({ beats, unit }: Metre): number =>
  Math.round((beats * 4 * STEPS_PER_QUARTER) / unit);

/** Steps of the beat that is counted: dotted in compound metres, the whole bar in a fast one of three. */
export function beatOf(metre: Metre): number {
  const { beats, unit } = metre;
  const one = (4 * STEPS_PER_QUARTER) / unit;
  if (unit >= 8 && beats % 3 === 0) return Math.round(3 * one);
  return Math.round(Math.max(one, STEPS_PER_QUARTER / 2));
}

export const compareScoreNotes = (a: ScoreNote, b: ScoreNote): number =>
  a.onset - b.onset || a.pitch - b.pitch || b.length - a.length;

/**
 * Puts notes in order and makes them playable on one keyboard: notes that two parts strike together are one, and
 * a strike ends the note that sounds on its key.
 */
export function inOrder(notes: readonly ScoreNote[]): ScoreNote[] {
  const kept: ScoreNote[] = [];
  const sounding = new Map<number, number>();
  for (const note of [...notes].sort(compareScoreNotes)) {
    const index = sounding.get(note.pitch);
    const before = index === undefined ? undefined : kept[index]!;
    if (before && before.onset === note.onset) continue; // the longer one came first
    if (before && before.onset + before.length > note.onset)
      kept[index!] = { ...before, length: note.onset - before.onset };
    sounding.set(note.pitch, kept.length);
    kept.push(note);
  }
  return kept;
}

/** Notes by the bar that they are struck in, of so many bars of one length. */
export const inBars = (notes: readonly ScoreNote[], bars: number, barLength: number): ScoreNote[][] =>
  Array.from({ length: bars }, (_, bar) =>
    notes.filter(({ onset }) => Math.floor(onset / barLength) === bar),
  );

/** Index of the bar that a step lies in. */
export const barAt = ({ bars }: Pick<Score, 'bars'>, step: number): number =>
  bars.findLastIndex(({ start }) => start <= step);

/** For each bar the notes that begin in it. */
export function notesByBar(score: Score): ScoreNote[][] {
  const bars: ScoreNote[][] = score.bars.map(() => []);
  let bar = 0;
  for (const note of score.notes) {
    while (bar + 1 < score.bars.length && score.bars[bar + 1]!.start <= note.onset) bar++;
    bars[bar]?.push(note);
  }
  return bars;
}
