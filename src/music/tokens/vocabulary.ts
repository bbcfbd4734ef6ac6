import { HIGHEST_PITCH, LOWEST_PITCH, type Music, type Note, toMusic } from '../note.ts';
import { foldPedal } from '../pedal.ts';

/**
 * The model's language: three tokens a note, in fixed slots, on a 10 ms grid.
 *
 *     prefix   [style | loudness | density]        what kind of music follows
 *              [remaining | register | motif?]     how long until it ends, how high it lies, whether a motif follows
 *     motif    notes, then [SEAM | – | –]          an earlier passage to remember, not to be continued
 *     note     [Δonset | pitch | touch]            touch = duration × velocity
 *     rest     [REST | NO_PITCH | NO_TOUCH]        two seconds pass, nothing is struck
 *     mark     [remaining | – | –]                 the end has come nearer: less than 60, 30, 10 s are left
 *     end      [END]
 *
 * Marks and seams are told to the model, never sampled.
 *
 * The slot is the index modulo 3, so the grammar is a table (grammar.ts) and a sampled sequence is always valid.
 * Durations are explicit, so no note is left open; Δ is a whole number of steps, so time never drifts.
 */
export const STEP_MS = 10;
export const REST_MS = 2000;

const DELTA_STEPS = REST_MS / STEP_MS;
export const PITCHES = HIGHEST_PITCH - LOWEST_PITCH + 1;
const DURATION_BINS = 32;
const VELOCITY_BINS = 32;
const VELOCITY_BIN_WIDTH = 4;
const SHORTEST_MS = 20;
const LONGEST_MS = 8000;

/** First id of each family of tokens. */
export const DELTA = 0;
export const REST = DELTA + DELTA_STEPS;
export const END = REST + 1;
export const PITCH = END + 1;
export const NO_PITCH = PITCH + PITCHES;
export const TOUCH = NO_PITCH + 1;
export const NO_TOUCH = TOUCH + DURATION_BINS * VELOCITY_BINS;
export const STYLE = NO_TOUCH + 1;
export const STYLES = [
  'stanford-piano-rolls',
  'giantmidi-piano-sample',
  'nifc-chopin-first-editions',
  'nifc-polish-scores',
  'openscore-lieder',
  'mutopia',
] as const;
export type Style = (typeof STYLES)[number];
const STYLE_ROOM = 8;
export const LOUDNESS = STYLE + STYLE_ROOM;
export const FLAT_LOUDNESS = LOUDNESS + 8;
export const DENSITY = FLAT_LOUDNESS + 1;
/** Upper edges of the density levels, notes per second; the eighth has none. */
export const DENSITY_EDGES = [2, 4, 6, 8, 10, 13, 17] as const;
export const REMAINING = DENSITY + DENSITY_EDGES.length + 1;
/** Time until the last onset of the piece, seconds: level 0 at 60 and more, then under 60, under 30, under 10. */
export const REMAINING_EDGES = [60, 30, 10] as const;
export const REGISTER = REMAINING + REMAINING_EDGES.length + 1;
/** Upper edges of the registers, mean MIDI pitch; the eighth has none. */
export const REGISTER_EDGES = [50, 55, 58, 61, 64, 67, 72] as const;
export const NO_MOTIF = REGISTER + REGISTER_EDGES.length + 1;
export const WITH_MOTIF = NO_MOTIF + 1;
export const SEAM = WITH_MOTIF + 1;
export const VOCABULARY_SIZE = SEAM + 1;

/** Duration of each bin, milliseconds: 20 ms to 8 s in equal ratios (about 21 % apart), on the 10 ms grid. */
export const DURATIONS_MS: readonly number[] = Array.from({ length: DURATION_BINS }, (_, bin) => {
  const ms = SHORTEST_MS * (LONGEST_MS / SHORTEST_MS) ** (bin / (DURATION_BINS - 1));
  return Math.max(SHORTEST_MS + bin * STEP_MS, Math.round(ms / STEP_MS) * STEP_MS);
});

/** What a model must agree with; its hash is written beside the weights. */
export const VOCABULARY = {
  version: 2,
  size: VOCABULARY_SIZE,
  stepMs: STEP_MS,
  restMs: REST_MS,
  delta: DELTA,
  rest: REST,
  end: END,
  pitch: PITCH,
  lowestPitch: LOWEST_PITCH,
  pitches: PITCHES,
  noPitch: NO_PITCH,
  touch: TOUCH,
  durationBins: DURATION_BINS,
  durationsMs: DURATIONS_MS,
  velocityBins: VELOCITY_BINS,
  velocityBinWidth: VELOCITY_BIN_WIDTH,
  noTouch: NO_TOUCH,
  style: STYLE,
  styles: STYLES,
  loudness: LOUDNESS,
  flatLoudness: FLAT_LOUDNESS,
  density: DENSITY,
  densityEdges: DENSITY_EDGES,
  remaining: REMAINING,
  remainingEdges: REMAINING_EDGES,
  register: REGISTER,
  registerEdges: REGISTER_EDGES,
  noMotif: NO_MOTIF,
  withMotif: WITH_MOTIF,
  seam: SEAM,
} as const;

export type Controls = {
  readonly style: Style;
  /** 0 (softest) to 7: mean velocity / 16. */
  readonly loudness: number;
  /** 0 (under 2 notes/s) to 7 (17 and more): see DENSITY_EDGES. */
  readonly density: number;
  /** 0 (mean pitch under 50) to 7 (72 and more): see REGISTER_EDGES. */
  readonly register: number;
};

/** Levels of the controls, from what they are measured by: notes a second, and mean MIDI pitch. */
export const densityLevel = (notesPerSecond: number): number =>
  DENSITY_EDGES.filter((edge) => edge <= notesPerSecond).length;
export const registerLevel = (meanPitch: number): number =>
  REGISTER_EDGES.filter((edge) => edge <= meanPitch).length;

/** Tokens that open every sequence. */
export const PREFIX_TOKENS = 6;

/** Seconds until the last onset as a level: 0 (60 and more) to 3 (under 10). */
export const remainingLevel = (seconds: number): number =>
  REMAINING_EDGES.filter((edge) => seconds < edge).length;

/**
 * What opens every sequence: the controls and, where there is one, a motif to remember.
 * @param level see remainingLevel
 * @param motif note triples of an earlier passage, as `encode` writes them, without END
 */
export function encodePrefix(controls: Controls, level: number, motif: readonly number[] = []): number[] {
  const { style, loudness, density, register } = controls;
  return [
    ...[STYLE + STYLES.indexOf(style), LOUDNESS + loudness, DENSITY + density],
    ...[REMAINING + level, REGISTER + register, motif.length > 0 ? WITH_MOTIF : NO_MOTIF],
    ...(motif.length > 0 ? [...motif, SEAM, NO_PITCH, NO_TOUCH] : []),
  ];
}

/** The mark that tells the model how much is left. */
export const remainingMark = (level: number): number[] => [REMAINING + level, NO_PITCH, NO_TOUCH];
export const isMark = (token: number): boolean => token >= REMAINING && token < REGISTER;

/** One note as its pitch and touch tokens; Δ depends on the note before it. */
const velocityBin = (velocity: number): number =>
  Math.min(VELOCITY_BINS - 1, Math.floor(velocity / VELOCITY_BIN_WIDTH));
/** The middle of the bin, so that encoding what was decoded gives the same token. */
const velocityOfBin = (bin: number): number => Math.min(127, bin * VELOCITY_BIN_WIDTH + 2);

/** The bin nearest to a duration by ratio, but never one that would reach beyond `roomMs`. */
function durationBin(durationMs: number, roomMs: number): number {
  let best = 0;
  for (let bin = 1; bin < DURATION_BINS; bin++) {
    const ms = DURATIONS_MS[bin]!;
    if (ms > roomMs) break;
    if (Math.abs(Math.log(ms / durationMs)) < Math.abs(Math.log(DURATIONS_MS[best]! / durationMs)))
      best = bin;
  }
  return best;
}

/** Silences longer than this are shortened to it when music becomes tokens. */
const LONGEST_SILENCE_MS = 4 * REST_MS;

/**
 * Music as tokens, without the prefix, with END. The pedal is folded into the durations; keys beyond the piano's
 * 88 are left out, as are notes that strike a key which, on the 10 ms grid, sounds already.
 */
export function encode(music: Music): number[] {
  const onGrid = gridNotes(foldPedal(music).notes);
  const tokens: number[] = [];
  let now = onGrid[0]?.step ?? 0;
  for (let i = 0; i < onGrid.length; i++) {
    const { step, note, roomMs } = onGrid[i]!;
    let wait = Math.min(step - now, LONGEST_SILENCE_MS / STEP_MS);
    for (; wait >= DELTA_STEPS; wait -= DELTA_STEPS) tokens.push(REST, NO_PITCH, NO_TOUCH);
    const bin = durationBin(note.durationMs, roomMs);
    tokens.push(
      DELTA + wait,
      PITCH + note.pitch - LOWEST_PITCH,
      TOUCH + bin * VELOCITY_BINS + velocityBin(note.velocity),
    );
    now = step;
  }
  tokens.push(END);
  return tokens;
}

type GridNote = { step: number; note: Note; roomMs: number };

/** Rounds onsets to the grid, drops doubled strikes and notes how long each may last before its key is struck again. */
function gridNotes(notes: readonly Note[]): GridNote[] {
  const kept: GridNote[] = notes
    .filter((note) => note.pitch >= LOWEST_PITCH && note.pitch <= HIGHEST_PITCH)
    .map((note) => ({ step: Math.round(note.onsetMs / STEP_MS), note, roomMs: Number.POSITIVE_INFINITY }))
    .sort((a, b) => a.step - b.step || a.note.pitch - b.note.pitch);
  const last = new Map<number, GridNote>();
  return kept.filter((current) => {
    const before = last.get(current.note.pitch);
    if (before) {
      const roomMs = (current.step - before.step) * STEP_MS;
      if (roomMs < SHORTEST_MS) return false;
      before.roomMs = roomMs;
    }
    last.set(current.note.pitch, current);
    return true;
  });
}

/** Durations and velocity of a touch token. */
export function decodeTouch(token: number): { durationMs: number; velocity: number } {
  const touch = token - TOUCH;
  return {
    durationMs: DURATIONS_MS[Math.floor(touch / VELOCITY_BINS)]!,
    velocity: velocityOfBin(touch % VELOCITY_BINS),
  };
}

/** The MIDI pitch of a token of the pitch slot. */
export const decodePitch = (token: number): number => token - PITCH + LOWEST_PITCH;

/** Milliseconds that a token of the Δ slot lets pass. */
export const decodeDelta = (token: number): number => (token === REST ? REST_MS : (token - DELTA) * STEP_MS);

/**
 * Tokens without prefix as music; stops at END. Every sequence that the grammar allows decodes without repair.
 * @throws RangeError when a token stands in a slot that is not its own.
 */
export function decode(tokens: readonly number[]): Music {
  const notes: Note[] = [];
  let now = 0;
  for (let i = 0; i + 2 < tokens.length; i += 3) {
    const [delta, pitch, touch] = [tokens[i]!, tokens[i + 1]!, tokens[i + 2]!];
    if (delta === END) break;
    if (isMark(delta)) continue;
    if (!(delta >= DELTA && delta <= REST)) throw new RangeError(`token ${delta} at ${i} is not a Δonset`);
    now += decodeDelta(delta);
    if (delta === REST) continue;
    if (!(pitch >= PITCH && pitch < NO_PITCH))
      throw new RangeError(`token ${pitch} at ${i + 1} is not a pitch`);
    if (!(touch >= TOUCH && touch < NO_TOUCH))
      throw new RangeError(`token ${touch} at ${i + 2} is not a touch`);
    notes.push({ onsetMs: now, pitch: decodePitch(pitch), ...decodeTouch(touch) });
  }
  return toMusic(notes);
}
