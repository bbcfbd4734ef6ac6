import { readMidiFile } from './music/midi-file.ts';
import type { Music } from './music/note.ts';
import { encode } from './music/tokens.ts';
import type { Decoder } from './ports.ts';

/** Music that a performance goes on from, without being a part of it. */
export type Prompt = { readonly music: Music; readonly sha256: string };

/** @throws where the bytes, which were checked when they were put, are no music any more */
export function promptOf({ sha256, midi }: { sha256: string; midi: Uint8Array }): Prompt {
  const file = readMidiFile(midi);
  if ('problem' in file)
    throw new Error(`the prompt ${sha256} cannot be read at byte ${file.at}: ${file.problem}`);
  return { sha256, music: file.music };
}

const PREFIX_TOKENS = 3;
/** As much of the network's memory as sample-section.ts leaves to music that was before. */
const KEEP = 0.6;

/**
 * A network that has heard a prompt's last notes where music would begin with nothing but the prefix. The prompt is not
 * played, so none of its keys are held, and it drops out of memory like any music that is long past.
 */
export function prompted(decoder: Decoder, { music }: Prompt, contextLength: number): Decoder {
  const room = 3 * Math.floor((contextLength * KEEP) / 3);
  const heard = encode(music).slice(0, -1).slice(-room);
  return {
    get length() {
      return decoder.length;
    },
    append: (tokens) =>
      decoder.append(
        decoder.length === 0 && tokens.length === PREFIX_TOKENS ? [...tokens, ...heard] : tokens,
      ),
    reset: () => decoder.reset(),
  };
}
