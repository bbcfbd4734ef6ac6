/** The voices of one hand: which chords follow one another, and which of two that sound together lies above. */
import type { ScoreNote } from '../score/score.ts';

/** Voices that one part may have at once. */
const VOICES_A_PART = 2;

export type Chord = { readonly onset: number; readonly end: number; readonly notes: readonly ScoreNote[] };
/** Chords one after the other, none before the last is over. */
export type Voice = readonly Chord[];

/** Notes of one part as voices, the upper first; where more would be needed, what sounds gives way to what is struck. */
export const voicesOf = (notes: readonly ScoreNote[]): Voice[] => upperFirst(voicesInTime(notes));

/** As `voicesOf`, the one that is free or new first. */
function voicesInTime(notes: readonly ScoreNote[]): Voice[] {
  const voices: { onset: number; end: number; notes: ScoreNote[] }[][] = [];
  const onsets = new Map<number, ScoreNote[]>();
  for (const note of notes) onsets.set(note.onset, [...(onsets.get(note.onset) ?? []), note]);
  for (const onset of [...onsets.keys()].sort((a, b) => a - b)) {
    const chords = new Map<number, ScoreNote[]>();
    for (const note of onsets.get(onset)!) {
      const end = note.onset + note.length;
      chords.set(end, [...(chords.get(end) ?? []), note]);
    }
    // The longest first: it takes the voice that has been free longest. More than two ends are brought to two.
    const ends = [...chords.keys()].sort((a, b) => b - a);
    const kept = [ends[0]!, ...(ends.length > 1 ? [ends.at(-1)!] : [])];
    const struck = kept.map((end) => ({ onset, end, notes: chords.get(end)! }));
    for (const end of ends.slice(1, -1)) struck.at(-1)!.notes.push(...chords.get(end)!);
    for (const chord of struck) {
      let voice = voices.find((own) => own.at(-1)!.end <= onset);
      if (!voice && voices.length < VOICES_A_PART) {
        voice = [];
        voices.push(voice);
      }
      if (!voice) {
        const busy = voices.filter((own) => own.at(-1)!.onset < onset);
        voice = busy.sort((a, b) => a.at(-1)!.end - b.at(-1)!.end)[0];
        if (voice) voice.at(-1)!.end = onset;
        else {
          // Both voices are struck here already: the chord joins the nearer of them.
          voices
            .at(-1)!
            .at(-1)!
            .notes.push(...chord.notes);
          continue;
        }
      }
      voice.push(chord);
    }
  }
  return voices;
}

type Placed = { readonly chord: Chord; readonly voice: number };

/**
 * Voices that change places where both are silent or begin, so that the upper of what sounds together is the first: readers
 * expect its stems and its rests above. What sounds alone is the first, too.
 */
function upperFirst(voices: readonly Voice[]): Voice[] {
  const placed = voices
    .flatMap((own, voice) => own.map((chord): Placed => ({ chord, voice })))
    .sort((a, b) => a.chord.onset - b.chord.onset);
  const ordered: Chord[][] = voices.map(() => []);
  let passage: Placed[] = [];
  let end = 0;
  const close = (): void => {
    const heights = voices.map((_, voice) =>
      heightOf(passage.filter((each) => each.voice === voice).map(({ chord }) => chord)),
    );
    const places = voices.map((_, voice) => voice).sort((a, b) => heights[b]! - heights[a]!);
    for (const { chord, voice } of passage) ordered[places.indexOf(voice)]!.push(chord);
    passage = [];
  };
  for (const each of placed) {
    if (each.chord.onset >= end) close();
    passage.push(each);
    end = Math.max(end, each.chord.end);
  }
  close();
  return ordered.filter((voice) => voice.length > 0);
}

/** Mean pitch by the time that it sounds; below all of them where there is none. */
export function heightOf(voice: Voice): number {
  let [weighed, time] = [0, 0];
  for (const { onset, end, notes } of voice)
    for (const { pitch } of notes) {
      weighed += pitch * (end - onset);
      time += end - onset;
    }
  return time === 0 ? Number.NEGATIVE_INFINITY : weighed / time;
}
