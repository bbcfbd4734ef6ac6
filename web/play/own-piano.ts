/** The visitor's own hands on the page's piano: what they play sounds at once, is shown on the keys, and is taken down. */
import { toMusic } from '../../src/music/note.ts';
import { fetchGrand } from '../instrument/fetch-samples.ts';
import { type ReplaySound, replaySound } from '../sound/day-sound.ts';
import { type Keys, keys } from './keys.ts';
import type { MidiHands } from './midi-in.ts';
import { type Phrase, phrase } from './phrase.ts';

const VOLUME = 0.8;
/**
 * A sound is placed a little ahead of the clock, farther while the clock has only just begun, seconds: the attack of the
 * tone without recordings is over in 5 ms, and where that has passed before the audio thread knows of it, nothing sounds.
 */
const SOON_S = 0.01;
const FIRST_SOON_S = 0.04;
const JUST_BEGUN_S = 1;
/** How long a note was held is not known while it is struck; milliseconds. */
const SOME_MS = 1_000;

export type OwnPiano = {
  readonly played: Phrase;
  /** For other keyboards than the page's. */
  readonly hands: MidiHands;
  letGo(): void;
};

export function ownPiano(
  board: HTMLElement,
  world: {
    /** Something is about to be struck. @returns whether it is to be taken down */
    readonly onStrike: () => boolean;
    /** It was taken down. */
    readonly onStruck: () => void;
  },
): OwnPiano {
  const played = phrase();
  const voices = new Map<number, { damp(atS: number): void }>();
  let sound: ReplaySound | null = null;
  let pedalDown = false;
  const now = () => performance.now();
  const damp = (pitch: number) => {
    voices.get(pitch)?.damp(sound?.nowS() ?? 0);
    voices.delete(pitch);
  };
  /** Within a gesture, or browsers keep it silent. */
  const piano = (): ReplaySound => {
    sound ??= replaySound(VOLUME, toMusic([]), fetchGrand(), () => null);
    sound.resume();
    return sound;
  };
  const hands: MidiHands = {
    strike(pitch, velocity) {
      const taken = world.onStrike();
      const { instrument, nowS } = piano();
      damp(pitch);
      const note = { onsetMs: Math.round(now()), durationMs: SOME_MS, pitch, velocity };
      voices.set(pitch, instrument.strike(note, nowS() + (nowS() < JUST_BEGUN_S ? FIRST_SOON_S : SOON_S)));
      shown.show(pitch, true);
      if (!taken) return;
      played.strike(pitch, velocity, now());
      world.onStruck();
    },
    release(pitch) {
      shown.show(pitch, false);
      if (!pedalDown) damp(pitch);
      played.release(pitch, now());
    },
    pedal(value) {
      pedalDown = value >= 64;
      played.pedal(value, now());
      sound?.instrument.pedal(pedalDown, sound.nowS());
      if (!pedalDown) for (const pitch of [...voices.keys()]) damp(pitch);
    },
  };
  const shown: Keys = keys(board, hands);
  return { played, hands, letGo: shown.letGo };
}
