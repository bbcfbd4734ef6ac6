/** What the page and its synthesiser, which runs on the audio thread, say to each other. */

/** Frames that are rendered at once, as the Web Audio API has it; notes begin with the block that they fall into, at most so early. */
export const BLOCK = 128;

/** `Ensemble` of src/music/midi/ensemble.ts, with the seconds that the last sounds are given to die away. */
export type Song = {
  readonly times: Float64Array;
  readonly bytes: Uint8Array;
  readonly seconds: number;
  readonly tail: number;
};

export type ToOrchestra =
  | { readonly say: 'sounds'; readonly id: string; readonly bytes: ArrayBuffer }
  | { readonly say: 'load'; readonly song: Song }
  | { readonly say: 'seek'; readonly seconds: number }
  | { readonly say: 'play' }
  | { readonly say: 'pause' };

export type FromOrchestra =
  /** Recordings can be given. */
  | { readonly say: 'ready' }
  | { readonly say: 'sounds'; readonly id: string; readonly problem: string | null }
  | { readonly say: 'loaded' }
  | { readonly say: 'at'; readonly seconds: number }
  | { readonly say: 'ended' };
