import { levelDb } from '../../src/music/loudness.ts';
import type { Music } from '../../src/music/note.ts';
import { mixer } from '../instrument/mixer.ts';
import { piano } from '../instrument/piano.ts';
import type { Grand } from '../instrument/samples.ts';
import { type Instrument, LOOK_AHEAD_MS } from '../score/scheduler.ts';
import { exchangeMs } from './exchange.ts';
import { keepRunning } from './keep-running.ts';

/** The page's own piano, for one visitor's clock. */
export type ReplaySound = {
  readonly instrument: Instrument;
  /** The audio clock, seconds. */
  readonly nowS: () => number;
  /** From the audio clock to the ear, seconds. */
  readonly latencyS: () => number;
  setVolume(volume: number): void;
  /** How much louder the music is played, decibels; in a silence, or it is heard. */
  setLevel(db: number): void;
  resume(): void;
  /** It is not needed any more. */
  close(): void;
};

/** Must be called by a gesture, too. Interactive: a hand on the paper is to hear what it passes. */
export const openContext = (): AudioContext => new AudioContext({ latencyHint: 'interactive' });

/**
 * Must be called by a gesture of the visitor's, or browsers keep it silent.
 * @param volume 0 to 1; @param playingMs where the music stands, null while it does not play
 * @param context one that a gesture has opened already
 */
export function replaySound(
  volume: number,
  music: Music,
  recordings: Promise<Grand | null>,
  playingMs: () => number | null,
  context: AudioContext = openContext(),
): ReplaySound {
  const mix = mixer(context);
  mix.setVolume(volume, false);
  let level = levelDb(music);
  mix.setLevel(level);
  const keys = piano(mix);
  let grand: Grand | null = null;
  void recordings.then((loaded) => {
    grand = loaded;
    const ms = playingMs();
    const { notes, pedal, durationMs } = music;
    const fromMs = ms === null ? ms : exchangeMs(notes, pedal, ms + LOOK_AHEAD_MS, durationMs);
    if (loaded) keys.use(loaded, fromMs ?? Number.NEGATIVE_INFINITY);
  });
  return {
    instrument: {
      ...keys,
      silence() {
        keys.silence();
        // In a silence nobody hears a piano exchanged.
        if (grand) keys.use(grand, Number.NEGATIVE_INFINITY);
      },
    },
    nowS: () => context.currentTime,
    latencyS: () => context.outputLatency || 0,
    setVolume: (wanted) => mix.setVolume(wanted, false),
    setLevel(db) {
      if (db !== level) mix.setLevel(db);
      level = db;
    },
    resume: keepRunning(context, document),
    close: () => void context.close(),
  };
}
