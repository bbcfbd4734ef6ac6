/**
 * The programme of a day: its movements, each with a character (metre, source, texture, pace), a key and a form. The
 * week has a theme, which opens the first movement of each of its days in a key of the day's own.
 */
import type { Key } from '../key.ts';
import { isOnPiano } from '../note.ts';
import { keyOfScore } from '../score/phrases.ts';
import type { Placed } from '../score/place.ts';
import { barAt, barLength, STEPS_PER_QUARTER } from '../score/score.ts';
import { registerLevel } from '../tokens/vocabulary.ts';
import { CALM, type Character, LIVELY, THEMES } from './characters.ts';
import { FORMS, type Form, type PhrasePlan, planPhrases } from './phrase-form.ts';

export type MovementPlan = {
  readonly character: Character;
  readonly home: Key;
  readonly form: Form;
  readonly quartersPerMinute: number;
  readonly phrases: readonly PhrasePlan[];
  /** How long it should last, milliseconds; the tempo gives way a little for it. */
  readonly lengthMs: number;
  /** Silence before it, milliseconds. */
  readonly restMs: number;
};

/** A pianist lingers: what is played takes so much longer than what is written. */
const LINGERS = 1.06;

/** Keys that pianos are fond of: tonic and mode, majors first. */
const MAJORS = [0, 2, 3, 5, 7, 8, 9, 10];
const MINORS = [0, 2, 4, 5, 7, 9, 11];
const MINOR_PART = 0.4;
/** A movement is this long on average, minutes. */
const MOVEMENT_MINUTES = 2.6;
const REST_MS = [3500, 5500] as const;
const PRELUDE = 'Prelude';
/** No less music is planned, whatever rests leave; minutes. */
const SHORTEST_MINUTES = 0.4;

const pick = <T>(list: readonly T[], random: () => number): T => list[Math.floor(random() * list.length)]!;
const between = ([low, high]: readonly [number, number], random: () => number): number =>
  low + random() * (high - low);

export function pickKey(random: () => number): Key {
  const major = random() >= MINOR_PART;
  return { tonic: pick(major ? MAJORS : MINORS, random), major };
}

/** The character and key that a week's theme is written in. @param random of the week */
export function planTheme(random: () => number): { readonly character: Character; readonly home: Key } {
  return { character: pick(THEMES, random), home: pickKey(random) };
}

/**
 * Divides so many minutes into movements with rests between them.
 * @param random of the day, uniform in [0, 1) @param theme what the first movement opens with, if anything
 * @param preludeMinutes length of the first movement, a prelude, where more than that and another movement is asked
 *   for; 0: it is like the others
 */
export function planProgramme(
  minutes: number,
  random: () => number,
  theme: { readonly character: Character; readonly home: Key } | null,
  preludeMinutes = 0,
): MovementPlan[] {
  const prelude = minutes - preludeMinutes < MOVEMENT_MINUTES / 2 ? 0 : preludeMinutes;
  const count = (prelude > 0 ? 1 : 0) + Math.max(1, Math.round((minutes - prelude) / MOVEMENT_MINUTES));
  const rests = Array.from({ length: count }, (_, i) => (i === 0 ? 0 : Math.round(between(REST_MS, random))));
  const weights = Array.from({ length: count }, () => between([0.85, 1.15], random));
  const sum = weights.slice(prelude > 0 ? 1 : 0).reduce((total, weight) => total + weight, 0);
  const restMinutes = rests.reduce((total, rest) => total + rest, 0) / 60_000;
  const music = Math.max(SHORTEST_MINUTES, minutes - prelude - restMinutes);
  const lively = count > 1 ? 1 + Math.floor(random() * (count - 1)) : -1;
  const used = new Set<string>();
  let home = theme?.home ?? pickKey(random);
  return weights.map((weight, i) => {
    const own = i === 0 ? theme : null;
    const isPrelude = i === 0 && prelude > 0;
    const fresh = (i === lively ? LIVELY : CALM).filter(({ name }) => !used.has(name));
    const like = own?.character ?? pick(fresh.length > 0 ? fresh : CALM, random);
    used.add(like.name);
    const character = isPrelude ? { ...like, name: PRELUDE } : like;
    if (i > 0) home = pick(neighbours(home), random);
    const quartersPerMinute = Math.round(between(character.quartersPerMinute, random));
    const lengthMs = Math.round(isPrelude ? prelude * 60_000 : (music * 60_000 * weight) / sum);
    const barMs = (60_000 * LINGERS * barLength(character.metre)) / (quartersPerMinute * STEPS_PER_QUARTER);
    const bars = lengthMs / barMs;
    const form = bars < 32 || isPrelude ? 'ternary' : pick(FORMS, random);
    return {
      character,
      home,
      form,
      quartersPerMinute,
      phrases: planPhrases(form, bars, home, random),
      lengthMs,
      restMs: rests[i]!,
    };
  });
}

/** Keys that a movement may have after one in `key`: the fifths, the relative, the parallel, the third below. */
function neighbours({ tonic, major }: Key): Key[] {
  const at = (semitones: number, mode = major): Key => ({ tonic: (tonic + semitones) % 12, major: mode });
  return [at(7), at(5), at(0, !major), major ? at(9, false) : at(3, true), at(8, true)];
}

/** Bars of somebody's music that open a day. */
const THEME_BARS = 8;

/**
 * The first bars of music as the theme of a movement that is like it: from the first that has a note, up to a change of
 * metre, and of them what a piano has keys for. @returns null where that is nothing
 */
export function themeFrom({ score, opensAt }: Pick<Placed, 'score' | 'opensAt'>) {
  const played = score.notes.filter(({ pitch }) => isOnPiano(pitch));
  if (played.length === 0) return null;
  const first = barAt(score, played[0]!.onset);
  const { start, length, metre } = score.bars[first]!;
  const alike = score.bars.slice(first, first + THEME_BARS);
  const other = alike.findIndex((bar) => bar.length !== length);
  const bars = other === -1 ? alike.length : other;
  const end = bars * length;
  const notes = played
    .map((note) => ({ ...note, onset: note.onset - start }))
    .filter(({ onset }) => onset < end);
  const song = notes.some(({ part }) => part === 'voice');
  const mean = notes.reduce((sum, { pitch }) => sum + pitch, 0) / notes.length;
  const character: Character = {
    name: 'Fantasia',
    source: song ? 'openscore-lieder' : 'nifc-polish-scores',
    metre,
    texture: song ? 'song' : 'solo',
    quartersPerMinute: [opensAt, opensAt],
    notesPerQuarter: Math.min(5, Math.max(1.5, (notes.length * STEPS_PER_QUARTER) / end)),
    register: registerLevel(mean),
  };
  return { character, home: keyOfScore(notes), notes, bars };
}
