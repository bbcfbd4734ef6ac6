/** Two seconds of a day's beginning, when its strip has the focus or a pointer rests on it: softly, and only for who has pressed something before. */
import { levelDb } from '../src/music/loudness.ts';
import type { Music } from '../src/music/note.ts';
import type { Grand } from './instrument/samples.ts';
import { type ReplaySound, replaySound } from './sound/day-sound.ts';

const TASTE_MS = 2_000;
/** A pointer that only passes means nothing. */
const RESTS_MS = 350;
/** Between the wish and the first note, so that a chord is not late; seconds. */
const LEAD_S = 0.08;
/** A taste is softer than the piece, decibels. */
const SOFTER_DB = -6;
const DAY = /\/(\d{4}-\d{2}-\d{2})\/$/;

/**
 * @param within links to days are looked for in it
 * @param quiet something plays already
 */
export function tastes(
  within: HTMLElement,
  world: {
    readonly music: (id: string) => Promise<Music>;
    readonly recordings: () => Promise<Grand | null>;
    readonly volume: () => number;
    readonly quiet: () => boolean;
  },
): void {
  let sound: ReplaySound | null = null;
  /** The day that is wanted now; '' for none. */
  let wanted = '';
  let timer = 0;

  const begin = async (id: string) => {
    // Browsers keep a page silent until it has been pressed on, and would let all of it sound at once then.
    if (!navigator.userActivation?.hasBeenActive || world.quiet()) return;
    const music = await world.music(id).catch(() => null);
    if (!music || wanted !== id || world.quiet()) return;
    sound ??= replaySound(world.volume(), music, world.recordings(), () => null);
    const { instrument, nowS } = sound;
    sound.resume();
    instrument.silence();
    sound.setVolume(world.volume());
    sound.setLevel(levelDb(music) + SOFTER_DB);
    const fromMs = music.notes[0]?.onsetMs ?? 0;
    const fromS = nowS() + LEAD_S;
    for (const note of music.notes) {
      const ms = note.onsetMs - fromMs;
      if (ms >= TASTE_MS) break;
      const offMs = Math.min(TASTE_MS, ms + note.durationMs);
      instrument.strike(note, fromS + ms / 1_000).damp(fromS + offMs / 1_000);
    }
  };
  const want = (target: EventTarget | null, afterMs: number) => {
    const link = target instanceof Element ? target.closest('a') : null;
    const id = DAY.exec(link?.pathname ?? '')?.[1] ?? '';
    if (id === wanted) return;
    window.clearTimeout(timer);
    wanted = id;
    sound?.instrument.silence();
    if (id) timer = window.setTimeout(() => void begin(id), afterMs);
  };
  within.addEventListener('focusin', ({ target }) => {
    // Of keys alone: a press that follows a link is none.
    if (target instanceof Element && target.matches(':focus-visible')) want(target, 0);
  });
  within.addEventListener('focusout', () => want(null, 0));
  within.addEventListener('pointerover', ({ target, pointerType }) => {
    if (pointerType === 'mouse') want(target, RESTS_MS);
  });
  within.addEventListener('pointerleave', () => want(null, 0));
  window.addEventListener('pagehide', () => want(null, 0));
}
