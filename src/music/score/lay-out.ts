/**
 * From tracks of ticks to a score: the grid, the bars, the hands. Printed music comes as one track a staff; metres come
 * as time signatures, and an upbeat either as a short first bar or as nothing at all, in which case it is found.
 */
import {
  type Bar,
  barLength,
  inOrder,
  type Metre,
  type Part,
  type Score,
  type ScoreNote,
  STEPS_PER_QUARTER,
} from './score.ts';

export type StaffNote = { readonly tick: number; readonly ticks: number; readonly pitch: number };
export type Staff = { readonly program: number; readonly notes: readonly StaffNote[] };
export type Signature = { readonly tick: number; readonly metre: Metre };
export type Staves = {
  /** Ticks a quarter. */
  readonly ppq: number;
  readonly signatures: readonly Signature[];
  readonly staves: readonly Staff[];
  /** Whether the first of three staves and more is a voice, where the programs do not say. */
  readonly song: boolean;
};

const COMMON_TIME: Metre = { beats: 4, unit: 4 };
/** General MIDI: choir and voices (52–54), oboe (68: what MuseScore gives a singer), flute (73). */
const VOICE_PROGRAMS = [52, 53, 54, 68, 73];
const LONGEST_BAR = 192;
/** Steps between the places at which an upbeat is looked for: eighths. */
const UPBEAT_STEP = 12;
/** How much better another place for the bar lines must be than the one that is written. */
const UPBEAT_MARGIN = 1.25;
const FEWEST_BARS = 4;

/** A score, and by how many steps it lies behind the ticks that it is of: an upbeat is put at the end of a whole bar. */
export type LaidOut = Score & { readonly shift: number };

/** @returns null where a bar is longer than eight quarters, or there are no notes */
export function layOut(staves: Staves): LaidOut | null {
  const step = (tick: number): number => Math.round((tick * STEPS_PER_QUARTER) / staves.ppq);
  const parts = partsOf(staves);
  const loose = staves.staves.flatMap((staff, i): ScoreNote[] => {
    const part = parts[i];
    if (part === null || part === undefined) return [];
    return staff.notes.map((note) => ({
      onset: step(note.tick),
      length: Math.max(1, step(note.tick + note.ticks) - step(note.tick)),
      pitch: note.pitch,
      part: part === 'both' ? 'right' : part,
    }));
  });
  const notes = inOrder(parts.includes('both') ? splitHands(loose) : loose);
  if (notes.length === 0) return null;
  const end = Math.max(...notes.map((note) => note.onset + note.length));
  const signatures = staves.signatures.map(({ tick, metre }) => ({ step: step(tick), metre }));
  if (signatures[0]?.step !== 0) signatures.unshift({ step: 0, metre: signatures[0]?.metre ?? COMMON_TIME });
  const shift = upbeat(signatures, notes);
  const bars = barsOf(signatures, shift, end);
  if (bars.some((bar) => bar.length > LONGEST_BAR || bar.length < 1)) return null;
  return { bars, notes: notes.map((note) => ({ ...note, onset: note.onset + shift })), shift };
}

type Signed = { readonly step: number; readonly metre: Metre };

/** Steps by which everything moves to the right, so that the first bar is a whole one. */
function upbeat(signatures: readonly Signed[], notes: readonly ScoreNote[]): number {
  const [first, second] = signatures;
  const whole = barLength(first!.metre);
  if (second) {
    // A short bar by itself, before bars of another length: the upbeat, as notation programs write it.
    const next = barLength(second.metre);
    if (second.step === whole && whole < next) return next - whole;
  }
  const until = second?.step ?? Number.POSITIVE_INFINITY;
  const here = notes.filter((note) => note.onset < until);
  const early = downbeat(here, whole);
  return early === 0 ? 0 : whole - early;
}

/**
 * Where in a written bar the music's own bars begin, in steps: where basses and long notes begin most often.
 * 0 unless another place is clearly better, and where there is too little music to tell.
 */
export function downbeat(notes: readonly ScoreNote[], whole: number): number {
  const weight = new Float64Array(whole);
  if ((notes.at(-1)?.onset ?? 0) < FEWEST_BARS * whole) return 0;
  for (let i = 0; i < notes.length; i++) {
    const note = notes[i]!;
    const lowest = i === 0 || notes[i - 1]!.onset !== note.onset;
    const depth = lowest ? Math.min(1, Math.max(0, (60 - note.pitch) / 24)) : 0;
    weight[note.onset % whole]! += Math.min(1, note.length / whole) + depth;
  }
  let best = 0;
  for (let at = 0; at < whole; at += UPBEAT_STEP) if (weight[at]! > weight[best]!) best = at;
  return weight[best]! > UPBEAT_MARGIN * weight[0]! ? best : 0;
}

function barsOf(signatures: readonly Signed[], shift: number, end: number): Bar[] {
  const bars: Bar[] = [];
  let start = 0;
  for (let i = 0; i < signatures.length; i++) {
    let { metre } = signatures[i]!;
    const next = signatures[i + 1];
    const until = next ? next.step + shift : Math.max(end + shift, 1);
    // The short bar before the second signature has become a whole one of that signature.
    if (i === 0 && next && shift > 0 && until === barLength(next.metre)) metre = next.metre;
    while (start < until) {
      const length = barLength(metre);
      if (length < 1) return [];
      const room = next ? Math.min(length, until - start) : length;
      bars.push({ start, length: room, metre });
      start += room;
    }
  }
  return bars;
}

/** What each staff is; null is left out, `both` is for two hands on one staff. */
function partsOf({ staves, song }: Staves): (Part | 'both' | null)[] {
  const filled = staves.map((staff, i) => ({ i, staff })).filter(({ staff }) => staff.notes.length > 0);
  const parts: (Part | 'both' | null)[] = staves.map(() => null);
  const mean = (staff: Staff): number =>
    staff.notes.reduce((sum, n) => sum + n.pitch, 0) / staff.notes.length;
  if (filled.length === 1) parts[filled[0]!.i] = 'both';
  if (filled.length === 2) {
    const [a, b] = filled as [(typeof filled)[0], (typeof filled)[0]];
    const upper = mean(a.staff) >= mean(b.staff) ? a : b;
    parts[upper.i] = 'right';
    parts[(upper === a ? b : a).i] = 'left';
  }
  if (filled.length > 2) {
    const sung = song || VOICE_PROGRAMS.includes(filled[0]!.staff.program);
    if (sung) {
      // Voices first, then the piano's two staves; of several voices the first is kept.
      parts[filled[0]!.i] = 'voice';
      parts[filled.at(-2)!.i] = 'right';
      parts[filled.at(-1)!.i] = 'left';
    } else for (const { i, staff } of filled) parts[i] = mean(staff) >= 60 ? 'right' : 'left';
  }
  return parts;
}

const HAND_SPAN = 16;

/** Two hands on one staff: what lies within a tenth of the top is the right hand's, what lies below is the left's. */
function splitHands(notes: readonly ScoreNote[]): ScoreNote[] {
  const byOnset = groupByOnset(notes);
  let middle = 60;
  const out: ScoreNote[] = [];
  for (const onset of [...byOnset.keys()].sort((a, b) => a - b)) {
    const chord = byOnset.get(onset)!;
    const [low, high] = [Math.min(...chord.map((n) => n.pitch)), Math.max(...chord.map((n) => n.pitch))];
    middle = 0.9 * middle + 0.1 * Math.min(66, Math.max(52, (low + high) / 2));
    const floor = Math.max(middle, high - HAND_SPAN);
    for (const note of chord) out.push({ ...note, part: note.pitch >= floor ? 'right' : 'left' });
  }
  return out;
}

function groupByOnset(notes: readonly ScoreNote[]): Map<number, ScoreNote[]> {
  const groups = new Map<number, ScoreNote[]>();
  for (const note of notes) {
    const chord = groups.get(note.onset);
    if (chord) chord.push(note);
    else groups.set(note.onset, [note]);
  }
  return groups;
}
