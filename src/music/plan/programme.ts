import { type Controls, densityLevel } from '../tokens/vocabulary.ts';

/** One movement to be composed. */
export type MovementPlan = {
  readonly controls: Controls;
  /** The pace that its sampling is held to. */
  readonly notesPerSecond: number;
  /** How long its music should be, milliseconds. */
  readonly lengthMs: number;
  /** Silence before it, milliseconds. */
  readonly restMs: number;
};

/** A movement is this long on average; the piano rolls' pieces have a median of 5.8 minutes, in several sections. */
const MOVEMENT_MINUTES = [2.2, 2.7] as const;
const REST_RANGE_MS = [4000, 7000] as const;
/** Notes a second and loudness level (see tokens/vocabulary.ts) of the characters that a programme draws from; one is fast. */
const CALM: readonly [notesPerSecond: number, loudness: number][] = [
  [3.8, 2],
  [4.4, 2],
  [4.8, 3],
  [5.5, 3],
];
const FAST: readonly [notesPerSecond: number, loudness: number] = [10, 3];
/** Where a movement lies: mean pitch 58 to 64, as two rolls of three do. */
const REGISTERS = [3, 4] as const;

/**
 * Divides a performance into movements with rests between them; where there are several, one is fast.
 * @param random uniform in [0, 1)
 */
export function planProgramme(minutes: number, random: () => number): MovementPlan[] {
  const [briefest, broadest] = MOVEMENT_MINUTES;
  const count = Math.max(1, Math.round(minutes / (briefest + random() * (broadest - briefest))));
  const fast = count > 1 ? 1 + Math.floor(random() * (count - 1)) : -1;
  const [shortest, longest] = REST_RANGE_MS;
  const rests = Array.from({ length: count }, (_, i) =>
    i === 0 ? 0 : Math.round(shortest + random() * (longest - shortest)),
  );
  // Movements differ in length by up to a quarter, as a programme of equal ones would sound cut by the yard.
  const weights = Array.from({ length: count }, () => 0.875 + random() * 0.25);
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const musicMs = minutes * 60_000 - rests.reduce((total, rest) => total + rest, 0);
  return weights.map((weight, i) => {
    const [notesPerSecond, loudness] = i === fast ? FAST : CALM[Math.floor(random() * CALM.length)]!;
    return {
      controls: {
        style: 'stanford-piano-rolls',
        density: densityLevel(notesPerSecond),
        loudness,
        register: REGISTERS[Math.floor(random() * REGISTERS.length)]!,
      },
      notesPerSecond,
      lengthMs: Math.round((musicMs * weight) / sum),
      restMs: rests[i]!,
    };
  });
}
