import { LOWEST_PITCH, type Note } from '../note.ts';
import { eachKeyOnce } from '../sounding.ts';
import { type Controls, densityLevel } from '../tokens/vocabulary.ts';
import { cutAtRest } from './ending.ts';
import type { MovementPlan } from './programme.ts';

/** A part of a movement. A′ opens with what A opened with. */
export type SectionPlan = {
  readonly name: 'A' | 'B' | "A'";
  /** When it should end, milliseconds from the start of the movement. */
  readonly untilMs: number;
  /** What is asked of the network from each instant on, milliseconds from the start of the movement. */
  readonly course: readonly { readonly fromMs: number; readonly controls: Controls }[];
  readonly notesPerSecond: number;
};

/** A shorter movement has no room for a return: it is one section. */
const SHORTEST_MS = 75_000;
/** Where A and B end, as a part of the movement. */
const A_ENDS = 0.38;
const B_ENDS = 0.65;
/** A section is louder and higher by a level between these parts of it. */
const RISES = 0.35;
const FALLS = 0.8;
/** B is so much faster or slower than A, and a level louder and higher, or softer and lower, with it. */
const CONTRAST = 1.25;
/** Of loudness and register; see tokens/vocabulary.ts. */
const HIGHEST_LEVEL = 7;
/** Calm movements stay calm; notes a second. */
const CALMEST = 3.2;
const LIVELIEST_CALM = 6;

/** The network sees a minute of music at most, and a third of the rolls' returns lie further back: the form is built here. */
export function planForm(plan: MovementPlan, random: () => number): SectionPlan[] {
  const { controls, notesPerSecond, lengthMs } = plan;
  const section = (name: SectionPlan['name'], from: number, to: number, asked: Controls, pace: number) => {
    const [fromMs, untilMs] = [Math.round(lengthMs * from), Math.round(lengthMs * to)];
    return { name, untilMs, course: courseOf(asked, fromMs, untilMs), notesPerSecond: pace };
  };
  if (lengthMs < SHORTEST_MS) return [section('A', 0, 1, controls, notesPerSecond)];
  const livelier = random() < 0.5;
  const paced = livelier ? notesPerSecond * CONTRAST : notesPerSecond / CONTRAST;
  const calm = notesPerSecond < LIVELIEST_CALM;
  const other = calm ? Math.min(LIVELIEST_CALM, Math.max(CALMEST, paced)) : paced;
  const by = livelier ? 1 : -1;
  const contrast = { ...moved(controls, by), density: densityLevel(other) };
  return [
    section('A', 0, A_ENDS, controls, notesPerSecond),
    section('B', A_ENDS, B_ENDS, contrast, other),
    section("A'", B_ENDS, 1, controls, notesPerSecond),
  ];
}

/** An arch: what the section is, a level more of it, and back. */
const courseOf = (controls: Controls, fromMs: number, untilMs: number): SectionPlan['course'] => {
  const at = (part: number) => Math.round(fromMs + (untilMs - fromMs) * part);
  return [
    { fromMs, controls },
    { fromMs: at(RISES), controls: moved(controls, 1) },
    { fromMs: at(FALLS), controls },
  ];
};

/** Louder and higher by so many levels, where there are any. */
function moved(controls: Controls, by: number): Controls {
  const bounded = (level: number) => Math.min(HIGHEST_LEVEL, Math.max(0, level + by));
  return { ...controls, loudness: bounded(controls.loudness), register: bounded(controls.register) };
}

/** What a return is to its model: slower, softer, with octaves in the bass. */
const SLOWER = 1.05;
const SOFTER = 0.88;
/** Bass notes are doubled below middle C, at most one in so many milliseconds, and more softly. */
const DOUBLED_BELOW = 60;
const DOUBLED_EVERY_MS = 700;
const DOUBLED_VELOCITY = 0.8;

/**
 * The first half of a section as it comes back, from 0 on: up to a rest near the middle, a little slower and softer,
 * its bass doubled. @param section in order of onset, from 0 on; at least one note
 */
export function returnOf(section: readonly Note[], lengthMs: number): Note[] {
  const opening = cutAtRest(section, lengthMs / 2).notes;
  const notes = opening.map((note) => ({
    onsetMs: Math.round(note.onsetMs * SLOWER),
    durationMs: Math.max(1, Math.round(note.durationMs * SLOWER)),
    pitch: note.pitch,
    velocity: Math.max(1, Math.round(note.velocity * SOFTER)),
  }));
  const doubled: Note[] = [];
  let lastMs = Number.NEGATIVE_INFINITY;
  notes.forEach((note, i) => {
    const lowest = notes[i - 1]?.onsetMs !== note.onsetMs;
    if (!lowest || note.pitch >= DOUBLED_BELOW || note.pitch - 12 < LOWEST_PITCH) return;
    if (note.onsetMs - lastMs < DOUBLED_EVERY_MS) return;
    lastMs = note.onsetMs;
    doubled.push({
      ...note,
      pitch: note.pitch - 12,
      velocity: Math.max(1, Math.round(note.velocity * DOUBLED_VELOCITY)),
    });
  });
  return eachKeyOnce([...notes, ...doubled]);
}
