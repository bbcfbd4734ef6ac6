/** How music is played, as against what is played: figures of time and loudness within a passage. */
import { chordsOf } from '../../src/music/chords.ts';
import type { Note } from '../../src/music/note.ts';
import { autocorrelation, deviation, mean, quantile } from '../../src/music/statistics.ts';

export const TOUCH = [
  'spreadMs',
  'leadMs',
  'topLouder',
  'velocity',
  'velocityDeviation',
  'velocitySwell',
  'velocityFollows',
  'louderHigher',
  'gapJitter',
  'tempoDrift',
  'heldOverGap',
] as const;
export type Touch = Readonly<Record<(typeof TOUCH)[number], number>>;

/** One gesture, spread as it may be. */
const TOGETHER_MS = 60;
const SWELL_MS = 4000;
/** Gaps within this ratio of each other are one note value played unevenly. */
const ALIKE = Math.log(1.35);

/** @param notes a passage in order of onset, at least two notes */
export function touchOf(notes: readonly Note[]): Touch {
  const gestures = chordsOf(notes, TOGETHER_MS);
  const chords = gestures.filter(({ length }) => length > 1);
  const topOf = (chord: readonly Note[]) => chord.reduce((a, b) => (b.pitch > a.pitch ? b : a));
  const below = (chord: readonly Note[]) => chord.filter((note) => note !== topOf(chord));
  const onsets = gestures.map((chord) => chord[0]!.onsetMs);
  const logGaps = onsets.slice(1).map((ms, i) => Math.log(Math.max(1, ms - onsets[i]!)));
  const changes = logGaps.slice(1).map((gap, i) => Math.abs(gap - logGaps[i]!));
  const velocities = notes.map(({ velocity }) => velocity);
  const windows = chunks(notes, SWELL_MS).map((own) => mean(own.map(({ velocity }) => velocity)));
  const paces = chunks(notes, SWELL_MS).map((own) => Math.log(own.length));
  const gap = Math.exp(quantile(logGaps, 0.5));
  return {
    /** From the first to the last note of a chord. */
    spreadMs: mean(chords.map((chord) => chord.at(-1)!.onsetMs - chord[0]!.onsetMs)),
    /** How much the top comes before the rest. */
    leadMs: mean(
      chords.map((chord) => mean(below(chord).map(({ onsetMs }) => onsetMs)) - topOf(chord).onsetMs),
    ),
    topLouder: mean(
      chords.map((chord) => topOf(chord).velocity - mean(below(chord).map(({ velocity }) => velocity))),
    ),
    velocity: mean(velocities),
    velocityDeviation: deviation(velocities),
    velocitySwell: deviation(windows),
    velocityFollows: autocorrelation(velocities),
    louderHigher: slope(notes),
    /** How unevenly like gaps follow one another, as a ratio less one. */
    gapJitter: Math.exp(mean(changes.filter((change) => change < ALIKE))) - 1,
    tempoDrift: deviation(paces),
    heldOverGap: quantile(
      notes.map(({ durationMs }) => durationMs / gap),
      0.5,
    ),
  };
}

/** Velocities a semitone, by least squares. */
function slope(notes: readonly Note[]): number {
  const [pitch, velocity] = [mean(notes.map((n) => n.pitch)), mean(notes.map((n) => n.velocity))];
  const together = mean(notes.map((n) => (n.pitch - pitch) * (n.velocity - velocity)));
  return together / (mean(notes.map((n) => (n.pitch - pitch) ** 2)) || 1);
}

function chunks(notes: readonly Note[], ms: number): Note[][] {
  const by = new Map<number, Note[]>();
  for (const note of notes) {
    const at = Math.floor(note.onsetMs / ms);
    by.set(at, [...(by.get(at) ?? []), note]);
  }
  return [...by.values()];
}
