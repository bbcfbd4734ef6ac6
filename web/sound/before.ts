/**
 * What is heard before the music: a stroke of the bellows as the doors open, then from ten seconds before T0 on the
 * bellows, and one note, by which everybody hears that they hear. On the clock of all, so that all hear it at once.
 */
import type { Note } from '../../src/music/note.ts';
import { LOOK_AHEAD_MS } from '../score/scheduler.ts';

/** A4, as orchestras tune by. Milliseconds from T0; its dampers fall well before the music begins. */
export const TUNING: Note = { onsetMs: -6_000, durationMs: 2_400, pitch: 69, velocity: 54 };

export type Stroke = { readonly ms: number; readonly lengthMs: number; readonly second: boolean };
/** Two treadles in turn, slowly; the last stroke is over when a breath is held. */
const STROKE_MS = 1_900;
const FIRST_MS = -9_600;
const EVERY_MS = 1_650;
/** Doors open five minutes before T0, and pages are told of it some seconds later. */
const OPENED_MS = -290_000;
const OPENED_LENGTH_MS = 2_800;
/** Milliseconds from T0, in order. */
export const STROKES: readonly Stroke[] = [
  { ms: OPENED_MS, lengthMs: OPENED_LENGTH_MS, second: false },
  ...Array.from({ length: 5 }, (_, i) => ({
    ms: FIRST_MS + i * EVERY_MS,
    lengthMs: STROKE_MS,
    second: i % 2 === 1,
  })),
];

export type Before = {
  /** Schedules what falls into the next LOOK_AHEAD_MS; what has begun by then is left out. To be called steadily. */
  tick(): void;
  /** What was scheduled is void, and comes again if its time has not come. */
  reset(): void;
};

/** What is nearer than this cannot be scheduled to the sample, milliseconds. */
const SOON_MS = 60;

export function beforeMusic(world: {
  /** The broadcast that is to come; null: none is known. */
  readonly broadcast: () => { readonly id: string; readonly state: string } | null;
  /** Milliseconds from T0 now; null while it cannot be known, or nothing can sound. */
  readonly position: () => number | null;
  readonly strike: (note: Note) => void;
  readonly stroke: (stroke: Stroke) => void;
  /** Takes back what of them is scheduled. */
  readonly silence: () => void;
}): Before {
  /** Up to here, ms from T0, it is scheduled or too late; and of which broadcast. */
  let untilMs = Number.NEGATIVE_INFINITY;
  let of: string | null = null;
  const reset = () => {
    world.silence();
    untilMs = Number.NEGATIVE_INFINITY;
  };
  return {
    tick() {
      const coming = world.broadcast();
      const position = world.position();
      if (coming?.id !== of) {
        of = coming?.id ?? null;
        reset();
      }
      if (!coming || position === null || position >= 0) return;
      // By the clock the music may begin a moment before the server says so; what was stopped is not announced.
      if (coming.state !== 'doors' && coming.state !== 'live') return;
      const [from, to] = [Math.max(untilMs, position + SOON_MS), position + LOOK_AHEAD_MS];
      if (to <= from) return;
      const isDue = (ms: number) => ms >= from && ms < to;
      for (const stroke of STROKES) if (isDue(stroke.ms)) world.stroke(stroke);
      if (isDue(TUNING.onsetMs)) world.strike(TUNING);
      untilMs = to;
    },
    reset,
  };
}
