import { MAX_SOUNDING } from '../sounding.ts';
import {
  DELTA,
  decodeDelta,
  decodeTouch,
  END,
  isMark,
  NO_PITCH,
  NO_TOUCH,
  PITCH,
  PITCHES,
  REST,
  REST_MS,
  STEP_MS,
  TOUCH,
  VOCABULARY_SIZE,
} from './vocabulary.ts';

/** Rests that may follow one another: 4 s and what the next Δ adds. */
const MAX_RESTS = 2;

/**
 * Follows a token sequence and says what may come next, so that every sampled sequence is a valid performance:
 * each token in its slot, chords written upwards, no key struck while it sounds, silence and polyphony bounded.
 * Marks may be pushed wherever a note may begin: they are never offered, and for the music nothing has happened.
 */
export type Grammar = {
  /** 1 where a token may follow, one entry a token id; valid until the next `push`. */
  allowed(): Uint8Array;
  push(token: number): void;
  /** Milliseconds from the start to the onset being written. */
  readonly nowMs: number;
  /** Notes that sound then. */
  readonly sounding: number;
  /** Between notes, where the music may be cut. */
  readonly atBoundary: boolean;
};

/** @param mayEnd whether END is offered between notes; where not, the caller decides when to stop */
export function grammar(mayEnd: () => boolean): Grammar {
  const mask = new Uint8Array(VOCABULARY_SIZE);
  /** When each key falls silent. */
  const soundsUntil = new Float64Array(PITCHES);
  let slot = 0;
  let now = 0;
  let rests = 0;
  let lastDelta = REST;
  let pitch = -1;
  let inMark = false;

  const free = (key: number, atMs: number): boolean => soundsUntil[key]! <= atMs;

  function allowDeltas(): void {
    // Δ = 0 adds to the chord, above its last note.
    let chordMayGrow = false;
    for (let key = pitch + 1; pitch >= 0 && key < PITCHES; key++) chordMayGrow ||= free(key, now);
    if (pitch < 0) chordMayGrow = true;
    const ends = Array.from(soundsUntil)
      .filter((end) => end > now)
      .sort((a, b) => b - a);
    // With n notes sounding, one of the MAX_SOUNDING - 1 longest must be the last to hold the others up.
    const roomAt = ends[MAX_SOUNDING - 1] ?? now;
    const fewest = Math.max(chordMayGrow ? 0 : 1, Math.ceil((roomAt - now) / STEP_MS));
    if (fewest < REST - DELTA) mask.fill(1, DELTA + fewest, REST);
    if (rests < MAX_RESTS || fewest >= REST - DELTA) mask[REST] = 1;
    if (mayEnd()) mask[END] = 1;
  }

  function allowPitches(): void {
    if (lastDelta === REST) {
      mask[NO_PITCH] = 1;
      return;
    }
    const lowest = lastDelta === DELTA ? pitch + 1 : 0;
    for (let key = lowest; key < PITCHES; key++) if (free(key, now)) mask[PITCH + key] = 1;
  }

  return {
    get nowMs() {
      return now;
    },
    get sounding() {
      return soundsUntil.reduce((count, end) => (end > now ? count + 1 : count), 0);
    },
    get atBoundary() {
      return slot === 0;
    },
    allowed() {
      mask.fill(0);
      if (slot === 0) allowDeltas();
      else if (inMark) mask[slot === 1 ? NO_PITCH : NO_TOUCH] = 1;
      else if (slot === 1) allowPitches();
      else if (lastDelta === REST) mask[NO_TOUCH] = 1;
      else mask.fill(1, TOUCH, NO_TOUCH);
      return mask;
    },
    push(token) {
      if (slot === 0) inMark = isMark(token);
      if (inMark) {
        slot = (slot + 1) % 3;
        return;
      }
      if (slot === 0 && token !== END) {
        now += token === REST ? REST_MS : decodeDelta(token);
        lastDelta = token;
        rests = token === REST ? rests + 1 : 0;
      } else if (slot === 1 && token !== NO_PITCH) {
        pitch = token - PITCH;
      } else if (slot === 2 && token !== NO_TOUCH) {
        soundsUntil[pitch] = now + decodeTouch(token).durationMs;
      }
      // After a rest there is no chord to add to.
      if (slot === 1 && token === NO_PITCH) pitch = -1;
      slot = (slot + 1) % 3;
    },
  };
}
