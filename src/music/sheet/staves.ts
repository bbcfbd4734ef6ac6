/** Which voices stand on which staff, and in a bar: which is above, where its stems go, and which of its rests are seen. */
import type { Bar, Part, ScoreNote } from '../score/score.ts';
import { type Slur, type SlurEnds, slurEnds } from './notations.ts';
import { ternaryQuarters } from './tidy.ts';
import { type Chord, heightOf, type Voice, voicesOf } from './voices.ts';

export type Staff = { readonly number: 1 | 2; readonly voices: readonly NumberedVoice[] };
type NumberedVoice = {
  readonly part: Part;
  readonly number: number;
  readonly voice: Voice;
  readonly ternary: ReadonlySet<number>;
  readonly slurs: SlurEnds;
};
export type BarVoice = NumberedVoice & {
  /** Where stems go; null: as its notes lie, since it has the staff for itself. */
  readonly stem: 'up' | 'down' | null;
  /** Whether a rest that begins at a step is not to be seen. */
  readonly hidden: (at: number) => boolean;
};

/** The voice and the right hand on the upper staff, the left hand on the lower. */
export function stavesOf(notes: readonly ScoreNote[], slurs: readonly Slur[] = []): Staff[] {
  const ends = slurEnds(slurs);
  const voicesOfPart = (part: Part, from: number): NumberedVoice[] => {
    const own = notes.filter((note) => note.part === part);
    const ternary = ternaryQuarters(own);
    return voicesOf(own).map((voice, i) => ({ part, number: from + i, voice, ternary, slurs: ends }));
  };
  const sung = voicesOfPart('voice', 1);
  return [
    { number: 1, voices: [...sung, ...voicesOfPart('right', 1 + sung.length)] },
    { number: 2, voices: voicesOfPart('left', 5) },
  ];
}

/** Those that sound in a bar, the upper first; where none does, one that rests. */
export function voicesIn({ number, voices }: Staff, bar: Bar): readonly BarVoice[] {
  const sounding = voices.filter(({ voice }) => voice.some(soundsIn(bar)));
  const shown = upperPartFirst(sounding.length > 0 ? sounding : [silent(number)], bar);
  // Three have no room for each other's rests: what is seen is where all of them rest, in the first.
  const hidden = (i: number) => (at: number) =>
    shown.length > 2 && (i > 0 || shown.some(({ voice }) => voice.some(soundsIn({ start: at, length: 1 }))));
  // Alone, a voice has stems as its notes lie; of several the first goes up, and what is under it down.
  const stem = (i: number) => (shown.length < 2 ? null : i === 0 ? 'up' : 'down');
  return shown.map((voice, i) => ({ ...voice, stem: stem(i), hidden: hidden(i) }));
}

const silent = (staff: 1 | 2): NumberedVoice => ({
  ...{ part: staff === 1 ? 'right' : 'left', number: staff === 1 ? 1 : 5 },
  ...{ voice: [], ternary: new Set(), slurs: new Map() },
});

const soundsIn =
  ({ start, length }: Pick<Bar, 'start' | 'length'>) =>
  ({ onset, end }: Chord): boolean =>
    onset < start + length && end > start;

/**
 * The first of the right hand before a sung voice that lies below it in this bar, with its number: unless one of them is
 * tied over a bar line, which readers follow by the number.
 */
function upperPartFirst(voices: readonly NumberedVoice[], bar: Bar): readonly NumberedVoice[] {
  const sung = voices.find(({ part }) => part === 'voice');
  const hand = voices.find(({ part }) => part === 'right');
  if (!sung || !hand) return voices;
  const [below, above] = [sung, hand].map(({ voice }) => voice.filter(soundsIn(bar)));
  const within = ({ onset, end }: Chord) => onset >= bar.start && end <= bar.start + bar.length;
  if (heightOf(below!) >= heightOf(above!) || ![...below!, ...above!].every(within)) return voices;
  return voices.map((each) => {
    if (each === sung) return { ...hand, number: sung.number };
    return each === hand ? { ...sung, number: hand.number } : each;
  });
}
