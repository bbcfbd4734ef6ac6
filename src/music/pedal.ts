import { type Music, type Note, PEDAL_DOWN, toMusic } from './note.ts';
import { lastAtOrBefore } from './search.ts';

/**
 * Folds the sustain pedal into the durations: a note released while the pedal is down sounds until the pedal
 * rises or the same key is struck again. Only tokens need this; files and frames keep the pedal as it is.
 */
export function foldPedal(music: Music): Music {
  const rises: number[] = [];
  const downs: number[] = [];
  let down = false;
  for (const change of music.pedal) {
    const now = change.value >= PEDAL_DOWN;
    if (now && !down) downs.push(change.ms);
    if (!now && down) rises.push(change.ms);
    down = now;
  }
  const end = music.durationMs;

  /** When a key let go at `releaseMs` stops sounding. */
  const damped = (releaseMs: number): number => {
    const span = lastAtOrBefore(downs, releaseMs);
    if (span < 0) return releaseMs;
    const rise = rises[span] ?? end;
    return releaseMs < rise ? rise : releaseMs;
  };

  const nextOnset = new Map<number, number>();
  const folded: Note[] = [];
  for (let i = music.notes.length - 1; i >= 0; i--) {
    const note = music.notes[i]!;
    const struckAgain = nextOnset.get(note.pitch) ?? Number.POSITIVE_INFINITY;
    const soundsUntil = Math.min(damped(note.onsetMs + note.durationMs), struckAgain);
    folded.push({ ...note, durationMs: Math.max(1, soundsUntil - note.onsetMs) });
    nextOnset.set(note.pitch, note.onsetMs);
  }
  return toMusic(folded);
}
