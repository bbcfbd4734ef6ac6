import { edgeOf, marginPlaces } from '../../music/margin.ts';
import { KEYS, type Music } from '../../music/note.ts';
import { rollRaster } from '../../music/raster.ts';
import { encodePng } from './png.ts';

/** The page's light colours: paper, and ink from soft to loud. */
const PAPER = '#F3EEDF';
const INKS = ['#B9B2A4', '#8F897E', '#67625A', '#433F3A', '#1D1B18'];
const MARGIN = 24;
/** A listener's hole in the margin, dots across; and the darkest ink. */
const PUNCH_DOTS = 4;
const PUNCH_INK = INKS.length;
/** Dots a semitone, so that a key is as high on paper as it should be wide. */
const KEY_DOTS = 6;
const MS_PER_DOT = 50;
const NARROWEST = 1200;
const WIDEST = 16_000;

/**
 * The whole roll as a picture, as wide as the music is long.
 * @param holes that listeners have punched into its margin
 */
export function rollPng(
  music: Music,
  holes = 0,
): {
  readonly png: Uint8Array;
  readonly width: number;
  readonly height: number;
} {
  const width = Math.min(WIDEST, Math.max(NARROWEST, Math.ceil(music.durationMs / MS_PER_DOT)));
  const height = KEYS * KEY_DOTS;
  const { dots } = rollRaster(music.notes, { fromMs: 0, toMs: Math.max(1, music.durationMs), width, height });
  const [fullWidth, fullHeight] = [width + 2 * MARGIN, height + 2 * MARGIN];
  const pixels = new Uint8Array(fullWidth * fullHeight);
  for (let y = 0; y < height; y++) {
    // The last dot of each key stays paper, so that neighbours are told apart.
    if (y % KEY_DOTS === KEY_DOTS - 1) continue;
    for (let x = 0; x < width; x++) {
      const velocity = dots[y * width + x]!;
      if (velocity === 0) continue;
      const ink = 1 + Math.min(INKS.length - 1, Math.floor((velocity / 128) * INKS.length));
      pixels[(y + MARGIN) * fullWidth + x + MARGIN] = ink;
    }
  }
  for (const place of marginPlaces(holes)) {
    const [edge, into] = edgeOf(place);
    const left = MARGIN + Math.floor(place.along * (width - PUNCH_DOTS));
    // A dot of paper is left at the sheet's edge, and beside the music.
    const top = edge * (MARGIN + height) + 1 + Math.floor(into * (MARGIN - PUNCH_DOTS - 1));
    for (let y = 0; y < PUNCH_DOTS; y++) {
      // Round, as far as four dots can be.
      const inset = y === 0 || y === PUNCH_DOTS - 1 ? 1 : 0;
      const from = (top + y) * fullWidth + left;
      pixels.fill(PUNCH_INK, from + inset, from + PUNCH_DOTS - inset);
    }
  }
  return {
    png: encodePng(fullWidth, fullHeight, pixels, [PAPER, ...INKS]),
    width: fullWidth,
    height: fullHeight,
  };
}
