/** Music that a performance opens with: its first bars are the theme of the day, in place of the week's. */
import { readSmf } from '../music/midi/walk.ts';
import { themeFrom } from '../music/plan/programme.ts';
import { BARS_TOO_LONG, placeMusic } from '../music/score/place.ts';
import type { Theme } from './week-theme.ts';

export type Prompt = { readonly theme: Theme; readonly sha256: string };

/** @throws where the bytes, which were checked when they were put, are no music any more */
export function promptOf({ sha256, midi }: { sha256: string; midi: Uint8Array }): Prompt {
  const opening = openingOf(midi);
  if ('problem' in opening) throw new Error(`the prompt ${sha256} ${opening.problem}`);
  return { sha256, theme: { ...opening, spent: 0 } };
}

/** What a day could open with of a file, or why it cannot, as the rest of a sentence about it. */
export function openingOf(midi: Uint8Array): Omit<Theme, 'spent'> | { readonly problem: string } {
  const reading = readSmf(midi);
  if ('problem' in reading) return { problem: `cannot be read at byte ${reading.at}: ${reading.problem}` };
  const placed = placeMusic(reading);
  if (!placed) return { problem: BARS_TOO_LONG };
  return themeFrom(placed) ?? { problem: 'has no note that a piano has a key for: give other music' };
}
