import { DELTA, decodeDelta, REST, STEP_MS } from './vocabulary.ts';

/** The pace is that of the last so many milliseconds: a phrase, so that within it the music may hurry and linger. */
const WINDOW_MS = 8000;
/** Before so much music there is no pace to speak of. */
const EARLIEST_MS = 2000;
/** How strongly the present error bends, and how fast a lasting one builds up, a note. */
const PROPORTIONAL = 1;
const INTEGRAL = 0.02;
const MOST_BENT = [-1.5, 3] as const;
/** Steps in time near this are neither favoured nor hindered; milliseconds. */
const NEUTRAL_MS = 200;
/** Steps longer than this are all favoured alike: slow music has longer notes, not a pause at every turn. */
const FLAT_FROM_MS = 800;
/**
 * A pause is a step of more than a second; the rolls have 2.2 a minute, one in twenty has 14. From the third in half a
 * minute on further ones are made rarer by this much, or slow music falls apart into chords and waiting.
 */
const PAUSE_MS = 1000;
const PAUSES = 3;
const PAUSES_WITHIN_MS = 30_000;
const PAUSE_LOGIT = -3;
/** Keeps chords (Δ = 0) apart from nothing at all: without it their logit would be bent without bound. */
const CHORD_MS = 20;

/**
 * Holds sampled music to a number of notes a second by bending the probabilities of Δonset: a small network hears the
 * density that its prefix states only faintly. Every p(Δ) is multiplied by a power of Δ, (Δ + 20 ms)^tilt, which stretches
 * the scale of time and leaves to the network what is short and long on it. The tilt follows the error of the last 8 s.
 */
export type Pacer = {
  /** Adds the tilt to the logits of the Δ slot, in place. */
  bend(logits: Float32Array): void;
  /** A note was struck. */
  struck(nowMs: number): void;
};

/** ln of each Δ over the neutral one, by token. */
const LOG_DELTA = Float32Array.from({ length: REST + 1 - DELTA }, (_, i) =>
  Math.log((Math.min(FLAT_FROM_MS, decodeDelta(DELTA + i)) + CHORD_MS) / (NEUTRAL_MS + CHORD_MS)),
);

/** @param notesPerSecond the pace wanted @param startMs where the music that counts begins */
export function pacer(notesPerSecond: number, startMs = 0): Pacer {
  const recent: number[] = [];
  const pauses: number[] = [];
  let beforeMs = startMs;
  let lasting = 0;
  let tilt = 0;
  const bounded = (value: number) => Math.min(MOST_BENT[1], Math.max(MOST_BENT[0], value));
  return {
    bend(logits) {
      for (let i = 0; i < LOG_DELTA.length; i++) logits[DELTA + i]! += tilt * LOG_DELTA[i]!;
      if (pauses.length < PAUSES) return;
      for (let token = DELTA + PAUSE_MS / STEP_MS + 1; token <= REST; token++) logits[token]! += PAUSE_LOGIT;
    },
    struck(nowMs) {
      if (nowMs - beforeMs > PAUSE_MS) pauses.push(nowMs);
      while (pauses.length > 0 && pauses[0]! <= nowMs - PAUSES_WITHIN_MS) pauses.shift();
      beforeMs = nowMs;
      recent.push(nowMs);
      while (recent[0]! <= nowMs - WINDOW_MS) recent.shift();
      const heardMs = Math.min(WINDOW_MS, nowMs - startMs);
      if (heardMs < EARLIEST_MS) return;
      const error = Math.log(recent.length / (heardMs / 1000) / notesPerSecond);
      lasting = bounded(lasting + INTEGRAL * error);
      tilt = bounded(lasting + PROPORTIONAL * error);
    },
  };
}
