/** How a piano answers: loudness, colour and damping by key and velocity. */

/** Loudness against velocity: velocities 31 to 86 span 21 dB by this, and some more by the low-pass. */
const LOUDNESS = 2.4;
/** The velocity that sounds as the samples were recorded. */
const RECORDED_VELOCITY = 72;

export const gainOf = (velocity: number): number => (velocity / RECORDED_VELOCITY) ** LOUDNESS;

export const frequencyOf = (pitch: number): number => 440 * 2 ** ((pitch - 69) / 12);

/** Soft notes are dark: an octave of cutoff for 12 steps of velocity, never below the second partial. In hertz. */
export function cutoffOf(pitch: number, velocity: number): number {
  const open = 18_000 * 2 ** (Math.min(0, velocity - RECORDED_VELOCITY) / 12);
  return Math.min(18_000, Math.max(open, 2.5 * frequencyOf(pitch)));
}

/** A piano has no dampers above this key (F♯6). */
const HIGHEST_DAMPED = 90;

/** Time constant of the damped sound, seconds: bass strings take 300 ms to fall silent, treble ones 80. */
export function dampingS(pitch: number): number | null {
  if (pitch > HIGHEST_DAMPED) return null;
  const part = (pitch - 21) / (HIGHEST_DAMPED - 21);
  return (0.3 - 0.22 * Math.min(1, Math.max(0, part))) / 4;
}

/**
 * Evens out recordings: their loudness is brought onto a straight line over the keys (in decibels), most of the
 * way. As they come, one key is up to 9 dB softer than its neighbour.
 */
export function levelling(samples: readonly { pitch: number; rms: number }[]): (pitch: number) => number {
  const points = samples
    .filter(({ rms }) => rms > 0)
    .map(({ pitch, rms }) => ({ pitch, db: 20 * Math.log10(rms) }));
  if (points.length < 3) return () => 1;
  const mean = (of: (point: { pitch: number; db: number }) => number) =>
    points.reduce((sum, point) => sum + of(point), 0) / points.length;
  const pitch = mean((point) => point.pitch);
  const db = mean((point) => point.db);
  const slope =
    mean((point) => (point.pitch - pitch) * (point.db - db)) / mean((point) => (point.pitch - pitch) ** 2);
  const gains = new Map(
    points.map((point) => {
      const wanted = db + slope * (point.pitch - pitch) - point.db;
      return [point.pitch, 10 ** (Math.max(-MOST_DB, Math.min(MOST_DB, wanted)) / 20)];
    }),
  );
  return (of) => gains.get(of) ?? 1;
}
const MOST_DB = 9;
