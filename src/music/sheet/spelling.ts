/** How pitches are written: by the line of fifths (… B♭ F C G D …), as near to the key as it goes. */
import type { Key } from '../key.ts';

export type Spelled = { readonly step: string; readonly alter: number; readonly octave: number };

/** Steps along the line of fifths, from F♭♭♭ on; C is 0. */
const STEPS = ['F', 'C', 'G', 'D', 'A', 'E', 'B'];
/** A key's own notes lie one fifth below its major tonic to five above; these are how far the others may go. */
const BELOW = 3;
const HALF_STEPS: Readonly<Record<string, number>> = { C: 0, D: 2, E: 4, F: 5, G: 7, A: 9, B: 11 };

/** Sharps (above 0) or flats (below) of a key signature, −5 to 6. */
export function fifthsOf({ tonic, major }: Key): number {
  const relative = major ? tonic : (tonic + 3) % 12;
  const fifths = (relative * 7) % 12;
  return fifths > 6 ? fifths - 12 : fifths;
}

/** @param pitch MIDI key number */
export function spell(pitch: number, key: Key): Spelled {
  const lowest = fifthsOf(key) - BELOW;
  // One of twelve neighbours on the line has the pitch class.
  const own = (pitch * 7) % 12;
  const place = lowest + ((((own - lowest) % 12) + 12) % 12);
  const step = STEPS[(((place + 1) % 7) + 7) % 7]!;
  const alter = Math.floor((place + 1) / 7);
  const octave = Math.floor((pitch - alter) / 12) - 1;
  if (HALF_STEPS[step]! + alter + 12 * (octave + 1) !== pitch)
    throw new RangeError(`${pitch} cannot be spelled`);
  return { step, alter, octave };
}

/** The alteration that a key signature gives a step. */
export function signed(step: string, fifths: number): number {
  return Math.ceil((fifths - STEPS.indexOf(step)) / 7) || 0;
}
