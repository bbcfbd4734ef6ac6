import { readMidiFile } from '../music/midi/file.ts';
import type { Music } from '../music/note.ts';

/** Music that a performance goes on from, without being a part of it. */
export type Prompt = { readonly music: Music; readonly sha256: string };

/** @throws where the bytes, which were checked when they were put, are no music any more */
export function promptOf({ sha256, midi }: { sha256: string; midi: Uint8Array }): Prompt {
  const file = readMidiFile(midi);
  if ('problem' in file)
    throw new Error(`the prompt ${sha256} cannot be read at byte ${file.at}: ${file.problem}`);
  return { sha256, music: file.music };
}
