/**
 * The theme of a week: eight bars, a question and an answer, written for its Monday. Every day of the week opens with
 * them, in a key of its own, and goes on in its own way. They are sampled anew each day: the same weights and week give
 * the same theme, so nothing has to be kept.
 */
import { type Key, nearestShift } from '../music/key.ts';
import { isOnPiano } from '../music/note.ts';
import type { Character } from '../music/plan/characters.ts';
import { PERIOD_BARS, planPhrases } from '../music/plan/phrase-form.ts';
import { planTheme } from '../music/plan/programme.ts';
import { seededRandom } from '../music/random.ts';
import type { Originality } from '../music/taste/originality.ts';
import { candidatesOf } from './choose-phrase.ts';
import { composeMovement, type Told } from './movement.ts';
import type { Sampler } from './sampler.ts';

export type Theme = Told & {
  readonly character: Character;
  readonly home: Key;
  /** Tokens of all candidates; 0 where nothing was sampled for it. */
  readonly spent: number;
};

/** A week hears it: more than a phrase has elsewhere. */
const THEME_CANDIDATES = 16;
const DAY_MS = 86_400_000;
/** Where Monday's key goes from day to day, semitones: up and down the circle of fifths, and home on Sunday. */
const JOURNEY = [0, 7, 2, 9, 4, 5, 0];
const SEEDS = 2 ** 32;

/** Days since Monday, and the seed of the week: the date of its Monday as a number. @param date `YYYY-MM-DD` */
export function weekOf(date: string): { readonly day: number; readonly seed: number } {
  const at = Date.parse(`${date}T00:00:00Z`);
  const day = (new Date(at).getUTCDay() + 6) % 7;
  return { day, seed: Number(new Date(at - day * DAY_MS).toISOString().slice(0, 10).replaceAll('-', '')) };
}

/**
 * The theme of a date's week, in the date's key.
 * @param originality of what it must not quote; null: nobody looks @param onProgress told of the tokens sampled so far @returns null where sampling was ended by `signal`
 */
export async function themeOf(
  date: string,
  sampler: Sampler,
  originality: Originality | null,
  signal: AbortSignal,
  onProgress: (tokens: number) => void = () => {},
): Promise<Theme | null> {
  const { day, seed } = weekOf(date);
  const random = seededRandom(seed);
  const { character, home } = planTheme(random);
  const phrases = planPhrases('ternary', PERIOD_BARS, home, random);
  let before = 0;
  const movement = await composeMovement(
    { ...character, phrases, barsInAll: 48 },
    sampler,
    originality,
    async (request) => {
      const seed = Math.floor(random() * SEEDS);
      const report = (tokens: number) => onProgress(before + tokens);
      const candidates = await candidatesOf(
        request,
        { seed, count: THEME_CANDIDATES },
        sampler,
        report,
        signal,
      );
      before += (candidates ?? []).reduce((sum, { tokens }) => sum + tokens.length, 0);
      return candidates;
    },
  );
  if (signal.aborted) return null;
  const { notes } = movement.score;
  const shift = onThePiano(nearestShift(0, JOURNEY[day]!), notes);
  return {
    character,
    home: { ...home, tonic: (home.tonic + shift + 24) % 12 },
    notes: notes.map((note) => ({ ...note, pitch: note.pitch + shift })),
    bars: PERIOD_BARS,
    spent: movement.spent,
  };
}

/** A shift, or one an octave from it, by which notes stay on the keyboard; a theme is not as wide as a keyboard. */
function onThePiano(shift: number, notes: readonly { readonly pitch: number }[]): number {
  const stays = (by: number) => notes.every(({ pitch }) => isOnPiano(pitch + by));
  return [shift, shift + 12, shift - 12].find(stays) ?? 0;
}
