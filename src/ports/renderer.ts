/**
 * Plays a MIDI file of ours on the page's own piano into an MP3, in the background: it takes a part of the music's length.
 * null: it could not be done, or was called off; an operator has been told why, and the day has no sound yet. The same file gives
 * the same bytes on one machine.
 */
export type Renderer = (
  midi: Uint8Array,
  how?: {
    /** Told now and then how much is done, 0 to 1. */
    readonly onProgress?: (part: number) => void;
    readonly signal?: AbortSignal | undefined;
  },
) => Promise<RenderedSound | null>;

export type RenderedSound = {
  /** MPEG 1 layer III, two channels, 44.1 kHz, at a constant bit rate; no tags. */
  readonly mp3: Uint8Array;
  /** How long it sounds, the silence before and what rings on after the music counted in; milliseconds. */
  readonly durationMs: number;
};
