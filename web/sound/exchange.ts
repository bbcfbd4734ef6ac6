import { gainOf } from '../../src/music/loudness.ts';
import type { Note, PedalChange } from '../../src/music/note.ts';
import { toMusic } from '../../src/music/note.ts';
import { foldPedal } from '../../src/music/pedal.ts';
import { CHUNK_MS } from '../../src/music/timeline.ts';

/** A silence shorter than the longest dampers take is none; milliseconds. */
const REST_MS = 300;
/** So long a rest is waited for; then the quietest boundary of chunks must do. At least one boundary lies within. */
export const WAIT_MS = 30_000;
/** Strings die away over about this time constant, milliseconds. */
const DECAY_MS = 1_200;

/**
 * When one piano may take the place of another without being noticed: at a rest, never within a phrase.
 * @param fromMs notes before it are scheduled already; milliseconds from T0, as is the result
 * @param knownMs up to where the music is in hand
 */
export function exchangeMs(
  notes: readonly Note[],
  pedal: readonly PedalChange[],
  fromMs: number,
  knownMs: number,
): number {
  // The pedal is put where it is known to end: what it holds sounds to there.
  const sounding = foldPedal({ ...toMusic(notes, pedal), durationMs: knownMs }).notes;
  const untilMs = Math.min(fromMs + WAIT_MS, knownMs);
  let silentMs = Number.NEGATIVE_INFINITY;
  for (const { onsetMs, durationMs } of [...sounding, { onsetMs: untilMs, durationMs: 0 }]) {
    const restMs = Math.max(fromMs, silentMs);
    if (restMs <= untilMs && onsetMs - restMs >= REST_MS) return restMs;
    silentMs = Math.max(silentMs, onsetMs + durationMs);
  }
  const first = Math.floor(fromMs / CHUNK_MS) + 1;
  const count = Math.max(1, Math.floor(untilMs / CHUNK_MS) - first + 1);
  const boundaries = Array.from({ length: count }, (_, i) => (first + i) * CHUNK_MS);
  const loudness = boundaries.map((ms) => loudnessAt(sounding, ms));
  return boundaries[loudness.indexOf(Math.min(...loudness))]!;
}

/** Of what sounds at an instant, as a power. */
const loudnessAt = (sounding: readonly Note[], ms: number): number =>
  sounding
    .filter(({ onsetMs, durationMs }) => onsetMs < ms && onsetMs + durationMs > ms)
    .reduce(
      (sum, { onsetMs, velocity }) => sum + (gainOf(velocity) * Math.exp((onsetMs - ms) / DECAY_MS)) ** 2,
      0,
    );
