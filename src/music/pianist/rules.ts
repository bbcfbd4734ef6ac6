/**
 * What the melody asks of time and loudness, note by note. Rules and constants: Friberg, Bresin & Sundberg, "Overview of
 * the KTH rule system for musical performance", Advances in Cognitive Psychology 2 (2006), and the papers it names. The
 * time that a note is given is taken from its bar again, but for KEPT of it (clock.ts): rubato within the beat.
 */
import type { Phrase } from '../score/phrases.ts';
import type { Score, ScoreNote } from '../score/score.ts';
import { lastAtOrBefore } from '../search.ts';
import { harmonicCharge, melodicCharge } from './charge.ts';
import type { Harmony } from './harmony.ts';
import type { Rules } from './interpretation.ts';

/** What is added to one note. */
export type Shade = {
  /** To the time until the next note of the melody, milliseconds. */
  readonly ms: number;
  readonly db: number;
  /** Silence before the next note, milliseconds. */
  readonly pauseMs: number;
};

type Place = {
  readonly note: ScoreNote;
  /** Until the next note of the melody, milliseconds, before any rule. */
  readonly ms: number;
  readonly before: ScoreNote | undefined;
  readonly after: ScoreNote | undefined;
  /** Whether a phrase, or half of one, ends with this note. */
  readonly ends: boolean;
};

/** @param msPerStep of the interpretation's tempo @returns a shade a note of the melody */
export function shadesOf(
  score: Score,
  melody: readonly ScoreNote[],
  phrases: readonly Phrase[],
  harmonies: readonly Harmony[],
  rules: Rules,
  msPerStep: number,
): Map<ScoreNote, Shade> {
  const starts = phrases.map(({ firstBar }) => score.bars[firstBar]!.start);
  const chordStarts = harmonies.map(({ start }) => start);
  const phraseOf = (note: ScoreNote) => lastAtOrBefore(starts, note.onset);
  const shades = new Map<ScoreNote, Shade>();
  melody.forEach((note, i) => {
    const [before, after] = [melody[i - 1], melody[i + 1]];
    const ms = ((after?.onset ?? note.onset + note.length) - note.onset) * msPerStep;
    const ends = after !== undefined && phraseOf(after) !== phraseOf(note);
    const place: Place = { note, ms, before, after, ends };
    const at = lastAtOrBefore(chordStarts, note.onset);
    const harmony = harmonies[at];
    const changed = harmony !== undefined && (before?.onset ?? -1) < harmony.start;
    const contrast = durationContrast(place);
    const charge = harmony ? melodicCharge(note.pitch, harmony) : 0;
    const tension = harmony ? Math.sqrt(harmonicCharge(harmony)) : 0;
    const pause = punctuation(place);
    shades.set(note, {
      ms:
        1.5 * contrast * rules.durationContrast +
        doubleDuration(place) * rules.doubleDuration +
        (2 / 300) * charge * ms * rules.melodicCharge +
        (2 + (changed ? 8 : 0)) * tension * rules.harmonicCharge -
        fasterUphill(place) * rules.fasterUphill +
        0.45 * pause * rules.punctuation,
      db: 0.075 * contrast * rules.durationContrast + 0.2 * charge * rules.melodicCharge,
      pauseMs: pause * rules.punctuation + repetition(place),
    });
  });
  return shades;
}

/** Milliseconds, −11 at most: short notes are shortened, those of 200 ms most. */
export function durationContrast(place: Pick<Place, 'ms'> & Partial<Place>): number {
  const { ms } = place;
  if (isHalf(place)) return 0;
  if (ms > 30 && ms <= 200) return (-11 / 170) * (ms - 30);
  if (ms > 200 && ms <= 400) return (-4 / 200) * (400 - ms) - 7;
  if (ms > 400 && ms < 600) return (-7 / 200) * (600 - ms);
  return 0;
}

/** Of two notes as 2:1 before a longer one the short one is lengthened by 12 %; milliseconds. */
const doubleDuration = (place: Place): number => (isHalf(place) ? 0.12 * place.ms : 0);

function isHalf({ note, before, after, ms }: Partial<Place>): boolean {
  if (!note || !before || !after || ms === undefined || ms >= 1000) return false;
  return note.onset - before.onset === 2 * (after.onset - note.onset) && after.length > note.length;
}

/** 2 ms a note where the line rises to and from it. */
const fasterUphill = ({ note, before, after }: Place): number =>
  before && after && after.pitch > note.pitch && note.pitch > before.pitch ? 2 : 0;

/**
 * A micropause at the end of a small gesture, 20 ms after notes of 160 ms to 60 ms after such of 640. Where gestures end:
 * at phrases, and at long notes before a leap, two of the marks of Friberg, Bresin, Frydén & Sundberg (1998).
 */
function punctuation({ note, before, after, ms, ends }: Place): number {
  if (!after) return 0;
  const leap = Math.abs(after.pitch - note.pitch) > 4;
  const long = before !== undefined && note.onset - before.onset < after.onset - note.onset;
  if (!ends && !(leap && long)) return 0;
  const part = Math.min(1, Math.max(0, (ms - 160) / (640 - 160)));
  return 20 + 40 * part;
}

/** A repeated note is let go 35 ms before. */
const repetition = ({ note, after }: Place): number => (after?.pitch === note.pitch ? 35 : 0);
