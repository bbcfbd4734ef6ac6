/** What is judged: pieces as they are played, with their figures. */
import type { Music } from '../../src/music/note.ts';
import { PEDAL_DOWN } from '../../src/music/note.ts';
import { mean } from '../../src/music/statistics.ts';
import { keysAtOnce, mostWithin, struckAgain } from './accidents.ts';
import { closesInItsKey } from './closure.ts';
import { type Figures, figuresOf } from './figures.ts';
import { unstrikable } from './hands.ts';
import { passagesOf } from './passages.ts';
import { pastedNotes } from './pasted.ts';
import { type Touch, touchOf } from './touch.ts';

export type Judged = {
  readonly name: string;
  readonly passages: readonly Figures[];
  /** How each passage is played. */
  readonly touch: readonly Touch[];
  /** Of the whole piece. */
  readonly whole: Whole;
};

export const WHOLE = [
  'mostInASecond',
  'keysIn60ms',
  'struckAgain',
  'unstrikable',
  'closesInItsKey',
  'pedalChanges',
  'pasted',
] as const;
export type Whole = Readonly<Record<(typeof WHOLE)[number], number>>;

/**
 * @param music at least two notes @param known indexes of notes that only repeat, and whether the piece closes in the
 * key that it opens in; found in the music where nobody knows better
 */
export function judge(
  name: string,
  music: Music,
  known: { readonly pasted?: ReadonlySet<number>; readonly closes?: boolean } = {},
): Judged {
  const { notes } = music;
  const { pasted = pastedNotes(notes), closes = closesInItsKey(notes) } = known;
  const passages = passagesOf(notes, pasted);
  return {
    name,
    passages: passages.map(figuresOf),
    touch: passages.map(touchOf),
    whole: {
      mostInASecond: mostWithin(notes, 1000),
      keysIn60ms: keysAtOnce(notes),
      struckAgain: struckAgain(notes),
      unstrikable: unstrikable(notes),
      closesInItsKey: closes ? 1 : 0,
      pedalChanges: pedalChanges(music),
      pasted: pasted.size / notes.length,
    },
  };
}

/** The movements of one performance as one piece: the worst accidents, the mean of everything else. */
export function together(name: string, movements: readonly Judged[]): Judged {
  const whole = (of: (typeof WHOLE)[number]) => movements.map((movement) => movement.whole[of]);
  return {
    name,
    passages: movements.flatMap(({ passages }) => passages),
    touch: movements.flatMap(({ touch }) => touch),
    whole: {
      mostInASecond: Math.max(...whole('mostInASecond')),
      keysIn60ms: Math.max(...whole('keysIn60ms')),
      struckAgain: mean(whole('struckAgain')),
      unstrikable: mean(whole('unstrikable')),
      closesInItsKey: mean(whole('closesInItsKey')),
      pedalChanges: mean(whole('pedalChanges')),
      pasted: mean(whole('pasted')),
    },
  };
}

/** How often the pedal goes down, a minute. */
export function pedalChanges({ pedal, durationMs }: Music): number {
  const presses = pedal.filter(
    ({ value }, i) => value >= PEDAL_DOWN && (pedal[i - 1]?.value ?? 0) < PEDAL_DOWN,
  );
  return presses.length / (durationMs / 60_000);
}
