/** How long each key is held: joined, set apart or short, by what the note does in its line. */
import type { Score, ScoreNote } from '../score/score.ts';
import type { Shade } from './rules.ts';

/** A key must be up so long before it is struck again, and is held so long at least, milliseconds. */
const UP_MS = 28;
export const SHORTEST_MS = 30;
/** Of its written time: a short note before a rest; a chord of the accompaniment; a repeated note. */
const STACCATO = 0.6;
const PORTATO = 0.86;
const REPEATED = 0.84;
/** The notes of a broken chord stay down under the hand while the harmony lasts, so many times as long. */
const FINGER_PEDAL = 2.5;
/** From one of them to the next, semitones. */
const BROKEN = [3, 12] as const;
/** Notes of an eighth or less, steps, are short before a rest. */
const SHORT = 12;
const LONGEST_OVERLAP_MS = 90;

/**
 * By how much a joined note is held over the next, milliseconds: key overlap time by the KTH rules' score legato (Bresin
 * & Battel 2000), of a note of so many milliseconds.
 */
export const overlap = (ms: number): number =>
  Math.min(LONGEST_OVERLAP_MS, Math.max(0, (ms * (17.17 - 0.0109 * ms)) / 100));

/**
 * @param struckMs when each note is struck @param writtenMs how long its written length lasts
 * @param chordMs when the harmony beneath each note changes @returns milliseconds a note
 */
export function holdsOf(
  { notes }: Score,
  struckMs: readonly number[],
  writtenMs: readonly number[],
  chordMs: readonly number[],
  shades: ReadonlyMap<ScoreNote, Shade>,
): number[] {
  const { next, nextOnKey, together } = neighbours(notes);
  return notes.map((note, i) => {
    const written = writtenMs[i]!;
    const rest = (notes[next[i]!]?.onset ?? Number.POSITIVE_INFINITY) - (note.onset + note.length);
    const again = nextOnKey[i];
    const repeated = again !== undefined && notes[again]!.onset - (note.onset + note.length) <= 0;
    let held = written;
    if (note.length <= SHORT && rest >= note.length / 2) held = written * STACCATO;
    else if (repeated) held = written * REPEATED;
    else if (shades.has(note))
      held = written + (rest === 0 && shades.get(note)!.pauseMs === 0 ? overlap(written) : 0);
    else if (rest === 0 && isBroken(note, notes[next[i]!]!))
      held = Math.max(written, Math.min(FINGER_PEDAL * written, chordMs[i]! - struckMs[i]!));
    else if (together[i]! > 1) held = written * PORTATO;
    held -= shades.get(note)?.pauseMs ?? 0;
    if (again !== undefined) held = Math.min(held, struckMs[again]! - struckMs[i]! - UP_MS);
    return Math.max(SHORTEST_MS, held);
  });
}

/** Whether two notes that follow each other in a part belong to one broken chord. */
function isBroken(note: ScoreNote, next: ScoreNote): boolean {
  const step = Math.abs(next.pitch - note.pitch);
  return step >= BROKEN[0] && step <= BROKEN[1];
}

/** For each note: which its part strikes next, which strikes its key next, and how many its part strikes with it. */
function neighbours(notes: readonly ScoreNote[]) {
  const next: number[] = new Array(notes.length);
  const nextOnKey: (number | undefined)[] = new Array(notes.length);
  const together: number[] = new Array(notes.length).fill(1);
  const parts = new Map<string, { onset: number; following: number; members: number[] }>();
  const keys = new Map<number, number>();
  for (let i = notes.length - 1; i >= 0; i--) {
    const { part, onset, pitch } = notes[i]!;
    nextOnKey[i] = keys.get(pitch);
    keys.set(pitch, i);
    const last = parts.get(part);
    const same = last?.onset === onset;
    const chord = same ? last : { onset, following: last?.members.at(-1) ?? -1, members: [] };
    chord.members.push(i);
    parts.set(part, chord);
    next[i] = chord.following;
    for (const member of chord.members) together[member] = chord.members.length;
  }
  return { next, nextOnKey, together };
}
