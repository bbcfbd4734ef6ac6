import { mixer } from './mixer.ts';
import { piano } from './piano.ts';
import type { Instrument } from './scheduler.ts';

/** The page's own piano, for one visitor's clock. */
export type ReplaySound = {
  readonly instrument: Instrument;
  /** The audio clock, seconds. */
  readonly nowS: () => number;
  setVolume(volume: number): void;
  resume(): void;
};

/** Must be called by a gesture of the visitor's, or browsers keep it silent. @param volume 0 to 1 */
export function replaySound(volume: number): ReplaySound {
  const context = new AudioContext({ latencyHint: 'playback' });
  const mix = mixer(context);
  mix.setVolume(volume, false);
  const keys = piano(mix);
  const resume = () => void context.resume().catch(() => {});
  resume();
  return {
    instrument: keys,
    nowS: () => context.currentTime,
    setVolume: (wanted) => mix.setVolume(wanted, false),
    resume,
  };
}
