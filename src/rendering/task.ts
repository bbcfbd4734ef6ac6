/** What the renderer and its thread say to each other. */
import type { RenderedSound } from '../ports.ts';

/** What the thread is given: a MIDI file, and where the piano lies, a URL with a slash at its end. */
export type Task = { readonly midi: Uint8Array; readonly piano: string };
/** What it tells: how much is done, 0 to 1, and at last the sound. */
export type Told = { readonly part: number } | { readonly sound: RenderedSound };
