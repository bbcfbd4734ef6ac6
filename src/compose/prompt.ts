/** Music that a performance opens with: its first bars are the theme of the day, in place of the week's. */
import { readSmf } from '../music/midi/walk.ts';
import { themeFrom } from '../music/plan/programme.ts';
import { placeMusic } from '../music/score/place.ts';
import type { Theme } from './week-theme.ts';

export type Prompt = { readonly theme: Theme; readonly sha256: string };

/** @throws where the bytes, which were checked when they were put, are no music any more */
export function promptOf({ sha256, midi }: { sha256: string; midi: Uint8Array }): Prompt {
  const reading = readSmf(midi);
  if ('problem' in reading)
    throw new Error(`the prompt ${sha256} cannot be read at byte ${reading.at}: ${reading.problem}`);
  const placed = placeMusic(reading);
  if (!placed)
    throw new Error(`the prompt ${sha256} has bars of over eight quarters: give it in shorter ones`);
  return { sha256, theme: { ...themeFrom(placed), spent: 0 } };
}
