/**
 * What movements are like: the music that each is modelled on, its metre, tempo and fullness. The network is asked for
 * what it has learnt: notes a quarter lie between the lower quartile and the median of printed pieces of that source and
 * metre, and tempi are those at which a pianist plays so many notes easily.
 */
import type { Metre } from '../score/score.ts';
import type { Source, Texture } from '../tokens/vocabulary.ts';

export type Character = {
  readonly name: string;
  readonly source: Source;
  readonly metre: Metre;
  readonly texture: Texture;
  /** Quarters a minute, slowest and fastest. */
  readonly quartersPerMinute: readonly [number, number];
  /** Notes a quarter. */
  readonly notesPerQuarter: number;
  /** See tokens/vocabulary.ts. */
  readonly register: number;
};

const IN_FOUR: Metre = { beats: 4, unit: 4 };
const IN_THREE: Metre = { beats: 3, unit: 4 };
const IN_TWO: Metre = { beats: 2, unit: 4 };
const IN_SIX: Metre = { beats: 6, unit: 8 };

const LIEDER = { source: 'openscore-lieder', texture: 'song', register: 4 } as const;
const CHOPIN = { source: 'nifc-chopin-first-editions', texture: 'solo', register: 4 } as const;
const POLISH = { source: 'nifc-polish-scores', texture: 'solo', register: 5 } as const;
const CLASSICAL = { source: 'mutopia', texture: 'solo', register: 4 } as const;

export const CALM: readonly Character[] = [
  { name: 'Song', ...LIEDER, metre: IN_FOUR, quartersPerMinute: [76, 96], notesPerQuarter: 4 },
  { name: 'Cradle song', ...LIEDER, metre: IN_SIX, quartersPerMinute: [76, 92], notesPerQuarter: 4.4 },
  {
    name: 'Song without words',
    ...LIEDER,
    metre: IN_THREE,
    quartersPerMinute: [84, 104],
    notesPerQuarter: 4,
  },
  { name: 'Nocturne', ...CHOPIN, metre: IN_FOUR, quartersPerMinute: [68, 84], notesPerQuarter: 4.5 },
  { name: 'Andante', ...CLASSICAL, metre: IN_FOUR, quartersPerMinute: [72, 92], notesPerQuarter: 4 },
  { name: 'Siciliano', ...CLASSICAL, metre: IN_SIX, quartersPerMinute: [84, 104], notesPerQuarter: 3.4 },
  { name: 'Minuet', ...CLASSICAL, metre: IN_THREE, quartersPerMinute: [96, 120], notesPerQuarter: 3.4 },
];
/** A programme of several movements has one of these in it. */
export const LIVELY: readonly Character[] = [
  { name: 'Mazurka', ...CHOPIN, metre: IN_THREE, quartersPerMinute: [108, 132], notesPerQuarter: 3.6 },
  { name: 'Waltz', ...POLISH, metre: IN_THREE, quartersPerMinute: [126, 150], notesPerQuarter: 3.2 },
  { name: 'Polka', ...POLISH, metre: IN_TWO, quartersPerMinute: [80, 98], notesPerQuarter: 4.8 },
  { name: 'Allegro', ...CLASSICAL, metre: IN_FOUR, quartersPerMinute: [104, 124], notesPerQuarter: 3.6 },
];
/** What a week's theme may be like. */
export const THEMES: readonly Character[] = [
  ...CALM,
  ...LIVELY.filter(({ name }) => name === 'Mazurka' || name === 'Allegro'),
];
