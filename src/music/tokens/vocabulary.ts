/**
 * The composer's language: three tokens a note, in fixed slots, in bars and on 24 steps a quarter.
 *
 *     prefix   [source | metre | texture]           what kind of music
 *              [register | motif? | –]              how high it lies, whether a motif follows
 *     motif    notes, then [SEAM | – | –]           an earlier passage to remember, not to be continued
 *     phrase   [bars | key | recalls]               a phrase begins with the next bar: how long, in which key, like which
 *              [bars left | cadence | density]      until the piece ends; how the phrase comes to rest; notes a quarter
 *     metre    [metre | – | –]                      with the next bar the metre changes
 *     note     [place | pitch | length × part]      place: step in this bar, or in the next one
 *     empty    [EMPTY_BAR | – | –]                  the next bar passes without a note
 *     end      [END]
 *
 * Prefix, motif, phrase and metre are told to the model, never sampled. The slot is the index modulo 3. Bar lines make
 * the clock: a place is a whole number of steps in a bar, so nothing drifts and no duration decides when the next note comes.
 */
import { HIGHEST_PITCH, LOWEST_PITCH } from '../note.ts';
import { CADENCES, LONGEST_PHRASE, RECALLS_OPENING } from '../score/phrases.ts';
import { type Metre, PARTS, STEPS_PER_QUARTER } from '../score/score.ts';

/** Steps of the longest bar: eight quarters. */
export const LONGEST_BAR = 8 * STEPS_PER_QUARTER;
export const PITCHES = HIGHEST_PITCH - LOWEST_PITCH + 1;
/** Lengths of notation, steps: from a 96th to two whole notes, dotted and triplet values among them. */
export const LENGTHS = [
  1, 2, 3, 4, 6, 8, 9, 12, 16, 18, 21, 24, 30, 32, 36, 42, 48, 60, 72, 84, 96, 120, 144, 192,
] as const;
export const SOURCES = [
  'nifc-chopin-first-editions',
  'nifc-polish-scores',
  'openscore-lieder',
  'mutopia',
] as const;
export type Source = (typeof SOURCES)[number];
const SOURCE_ROOM = 8;
export const METRES: readonly Metre[] = [
  { beats: 2, unit: 4 },
  { beats: 3, unit: 4 },
  { beats: 4, unit: 4 },
  { beats: 2, unit: 2 },
  { beats: 6, unit: 8 },
  { beats: 3, unit: 8 },
  { beats: 9, unit: 8 },
  { beats: 12, unit: 8 },
  { beats: 3, unit: 2 },
];
/** `solo` is for two hands, `song` a voice over two hands, `line` a single staff. */
export const TEXTURES = ['solo', 'song', 'line'] as const;
export type Texture = (typeof TEXTURES)[number];
/** Upper edges of the density levels, notes a quarter; the last has none. */
export const DENSITY_EDGES = [1, 1.5, 2, 2.5, 3, 4, 5, 7] as const;
/** Upper edges of the registers, mean MIDI pitch; the last has none. */
export const REGISTER_EDGES = [50, 55, 58, 61, 64, 67, 72] as const;
/** Bars left, this one included, until the piece ends: level 0 over 48, then 48, 24, 12, 4 and fewer. */
export const BARS_LEFT_EDGES = [48, 24, 12, 4] as const;

/** First id of each family of tokens. */
export const HERE = 0;
export const NEXT = HERE + LONGEST_BAR;
export const EMPTY_BAR = NEXT + LONGEST_BAR;
export const END = EMPTY_BAR + 1;
export const PITCH = END + 1;
export const NO_PITCH = PITCH + PITCHES;
/** Part by part: the lengths of the right hand, of the left, of the voice. */
export const LENGTH = NO_PITCH + 1;
export const NO_LENGTH = LENGTH + PARTS.length * LENGTHS.length;
export const SOURCE = NO_LENGTH + 1;
export const METRE = SOURCE + SOURCE_ROOM;
export const OTHER_METRE = METRE + METRES.length;
export const TEXTURE = OTHER_METRE + 1;
export const REGISTER = TEXTURE + TEXTURES.length;
export const NO_MOTIF = REGISTER + REGISTER_EDGES.length + 1;
export const WITH_MOTIF = NO_MOTIF + 1;
export const SEAM = WITH_MOTIF + 1;
export const PHRASE = SEAM + 1;
/** Tonic, 0–11, and 12 more for the minor keys. */
export const KEY = PHRASE + LONGEST_PHRASE;
export const RECALLS = KEY + 24;
export const BARS_LEFT = RECALLS + RECALLS_OPENING + 1;
export const CADENCE = BARS_LEFT + BARS_LEFT_EDGES.length + 1;
export const DENSITY = CADENCE + CADENCES.length;
export const VOCABULARY_SIZE = DENSITY + DENSITY_EDGES.length + 1;

/** Tokens that open every sequence. */
export const PREFIX_TOKENS = 6;

/** What a model must agree with; its hash is written beside the weights. */
export const VOCABULARY = {
  version: 3,
  size: VOCABULARY_SIZE,
  stepsPerQuarter: STEPS_PER_QUARTER,
  longestBar: LONGEST_BAR,
  here: HERE,
  next: NEXT,
  emptyBar: EMPTY_BAR,
  end: END,
  pitch: PITCH,
  lowestPitch: LOWEST_PITCH,
  pitches: PITCHES,
  noPitch: NO_PITCH,
  length: LENGTH,
  lengths: LENGTHS,
  parts: PARTS,
  noLength: NO_LENGTH,
  source: SOURCE,
  sources: SOURCES,
  metre: METRE,
  metres: METRES.map(({ beats, unit }) => `${beats}/${unit}`),
  otherMetre: OTHER_METRE,
  texture: TEXTURE,
  textures: TEXTURES,
  register: REGISTER,
  registerEdges: REGISTER_EDGES,
  noMotif: NO_MOTIF,
  withMotif: WITH_MOTIF,
  seam: SEAM,
  phrase: PHRASE,
  longestPhrase: LONGEST_PHRASE,
  key: KEY,
  recalls: RECALLS,
  recallsOpening: RECALLS_OPENING,
  barsLeft: BARS_LEFT,
  barsLeftEdges: BARS_LEFT_EDGES,
  cadence: CADENCE,
  cadences: CADENCES,
  density: DENSITY,
  densityEdges: DENSITY_EDGES,
} as const;

const levelOf = (edges: readonly number[], value: number): number =>
  edges.filter((edge) => edge <= value).length;
export const densityLevel = (notesPerQuarter: number): number => levelOf(DENSITY_EDGES, notesPerQuarter);
export const registerLevel = (meanPitch: number): number => levelOf(REGISTER_EDGES, meanPitch);
export const barsLeftLevel = (bars: number): number => BARS_LEFT_EDGES.filter((edge) => bars <= edge).length;

/** The token of a metre. */
export function metreToken({ beats, unit }: Metre): number {
  const index = METRES.findIndex((metre) => metre.beats === beats && metre.unit === unit);
  return index < 0 ? OTHER_METRE : METRE + index;
}

/** Index of the length of notation nearest to so many steps by ratio. */
export function lengthIndex(steps: number): number {
  let best = 0;
  for (let i = 1; i < LENGTHS.length; i++)
    if (Math.abs(Math.log(LENGTHS[i]! / steps)) < Math.abs(Math.log(LENGTHS[best]! / steps))) best = i;
  return best;
}
