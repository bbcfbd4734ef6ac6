import type { Music } from '../../music/note.ts';
import { type Print, print } from './print.ts';
import { punched } from './punched-letters.ts';

/** The size that the Open Graph protocol's readers show without cutting. */
export const SHARE_WIDTH = 1200;
export const SHARE_HEIGHT = 630;

/** The page's light colours: the desk as ground, and the inks by number. */
const COLOURS = ['#E7DFCA', '#F3EEDF', '#CFC5AB', '#E3DBC6', '#1D1B18', '#B4321E'] as const;
const [PAPER, EDGE, RULE, INK, RED] = [1, 2, 3, 4, 5];

const MARGIN = 64;
const PAPER_TOP = 34;
const PAPER_BOTTOM = SHARE_HEIGHT - 34;
/** The roll lies between these, the letters below. */
const ROLL_TOP = 74;
const ROLL_BOTTOM = 404;
const LETTERS_TOP = 446;
/** So much of the opening is shown that single holes are seen in a picture as small as a thumb, milliseconds. */
const SHOWN_MS = 36_000;
/** Keys shown at least, however few the music uses. */
const FEWEST_KEYS = 40;
const WIDEST_LANE = 7;
const LARGEST_DOT = 11;
const SMALL_DOT = 4.5;
/** Below seven rows of the largest letters. */
const LINE_TOP = LETTERS_TOP + 7 * LARGEST_DOT + 24;

/**
 * The picture that stands for a day elsewhere: the roll's opening, with the title and the date punched into the same
 * paper.
 * @param title what is punched large; @param line what is punched small
 */
export function sharePicture(music: Music, title: string, line: string): Uint8Array {
  const sheet = print(SHARE_WIDTH, SHARE_HEIGHT, COLOURS);
  sheet.rectangle(PAPER, 0, PAPER_TOP, SHARE_WIDTH, PAPER_BOTTOM - PAPER_TOP);
  for (const edge of [PAPER_TOP, PAPER_BOTTOM - 1]) sheet.rectangle(EDGE, 0, edge, SHARE_WIDTH, 1);
  drawRoll(sheet, music, SHARE_WIDTH, ROLL_TOP, ROLL_BOTTOM);
  const room = SHARE_WIDTH - 2 * MARGIN;
  const dotOf = (text: string, largest: number) =>
    Math.min(largest, room / Math.max(1, punched(text).columns));
  drawLetters(sheet, title, INK, MARGIN, LETTERS_TOP, dotOf(title, LARGEST_DOT));
  drawLetters(sheet, line, RED, MARGIN, LINE_TOP, dotOf(line, SMALL_DOT));
  return sheet.png();
}

/** The cover's own: a square, read as small as a stamp in a list of podcasts. */
const COVER_SIDE = 1_400;
const COVER_MARGIN = 90;
const COVER_ROLL = [150, 880] as const;
const COVER_NAME_TOP = 960;
const COVER_LINE_TOP = 1_228;

/** The picture of the podcast: the roll that was its first, and the name. Without a palette, as Apple asks. */
export function coverPicture(music: Music): Uint8Array {
  const sheet = print(COVER_SIDE, COVER_SIDE, COLOURS);
  sheet.rectangle(PAPER, 0, 70, COVER_SIDE, COVER_SIDE - 140);
  for (const edge of [70, COVER_SIDE - 71]) sheet.rectangle(EDGE, 0, edge, COVER_SIDE, 1);
  drawRoll(sheet, music, COVER_SIDE, ...COVER_ROLL);
  const room = COVER_SIDE - 2 * COVER_MARGIN;
  const [name, line] = ['Pianola', 'A new piece every day'];
  drawLetters(sheet, name, INK, COVER_MARGIN, COVER_NAME_TOP, room / punched(name).columns);
  drawLetters(sheet, line, RED, COVER_MARGIN, COVER_LINE_TOP, room / punched(line).columns);
  return sheet.trueColourPng();
}

/** The opening, from one side to the other, between two heights. */
function drawRoll(sheet: Print, { notes }: Music, width: number, rollTop: number, rollBottom: number): void {
  const shown = notes.filter(({ onsetMs }) => onsetMs < SHOWN_MS);
  const pitches = shown.map(({ pitch }) => pitch);
  const highest = pitches.reduce((a, b) => Math.max(a, b), 0);
  const lowest = Math.min(
    pitches.reduce((a, b) => Math.min(a, b), 127),
    highest - FEWEST_KEYS + 1,
  );
  const lane = (rollBottom - rollTop) / (highest - lowest + 1);
  const middleOf = (pitch: number) => rollTop + (highest - pitch + 0.5) * lane;
  for (let c = Math.ceil(lowest / 12) * 12; c <= highest; c += 12) {
    sheet.rectangle(RULE, 0, Math.round(middleOf(c)), width, 1);
  }
  for (const { onsetMs, durationMs, pitch, velocity } of shown) {
    const left = (onsetMs / SHOWN_MS) * width;
    const breadth = Math.min(lane, WIDEST_LANE) * (0.8 + 0.9 * (velocity / 127));
    const length = Math.max(breadth, (durationMs / SHOWN_MS) * width - 2);
    sheet.hole(INK, left, middleOf(pitch), length, breadth);
  }
}

/** @param dot from one dot to the next */
function drawLetters(sheet: Print, text: string, ink: number, left: number, top: number, dot: number): void {
  const breadth = dot * 0.78;
  for (const { row, column, length } of punched(text).slots) {
    sheet.hole(ink, left + column * dot, top + (row + 0.5) * dot, (length - 1) * dot + breadth, breadth);
  }
}
