/**
 * Capitals as a perforator punches them, five columns by seven rows. Rows from the top, each a digit to the base of
 * 32 whose highest bit is the leftmost dot.
 */
const COLUMNS = 5;
const ROWS = 7;
/** From one letter to the next, columns. */
const ADVANCE = COLUMNS + 1;
const BLANK_ADVANCE = 4;
const GLYPHS: Readonly<Record<string, string>> = {
  A: 'ehhvhhh',
  B: 'uhhuhhu',
  C: 'ehggghe',
  D: 'uhhhhhu',
  E: 'vgguggv',
  F: 'vgguggg',
  G: 'ehgnhhf',
  H: 'hhhvhhh',
  I: 'e44444e',
  J: '72222ic',
  K: 'hikokih',
  L: 'ggggggv',
  M: 'hrllhhh',
  N: 'hplljhh',
  O: 'ehhhhhe',
  P: 'uhhuggg',
  Q: 'ehhhlid',
  R: 'uhhukih',
  S: 'fgge11u',
  T: 'v444444',
  U: 'hhhhhhe',
  V: 'hhhhaa4',
  W: 'hhhllrh',
  X: 'hha4ahh',
  Y: 'hha4444',
  Z: 'v1248gv',
  0: 'ehhhhhe',
  1: '4c4444e',
  2: 'eh1248v',
  3: 'eh161he',
  4: '26aiv22',
  5: 'vgu11he',
  6: 'egguhhe',
  7: 'v122444',
  8: 'ehhehhe',
  9: 'ehhf11e',
  '.': '0000004',
  ',': '0000048',
  ':': '0040400',
  ';': '0040480',
  '!': '4444404',
  '?': 'eh12404',
  "'": '4480000',
  '-': '000e000',
  '/': '11248gg',
  '&': 'cik8lid',
  '(': '2488842',
  ')': '8422248',
};

/** Dots that lie side by side are one slot; columns and rows from the top left of the text. */
export type Slot = { readonly row: number; readonly column: number; readonly length: number };

/** What can be punched of a text: capitals without accents; anything else leaves a blank. */
export function punched(text: string): {
  readonly columns: number;
  readonly rows: number;
  readonly slots: Slot[];
} {
  const letters = text
    .normalize('NFD')
    .replace(/\p{Mark}/gu, '')
    .toUpperCase();
  const slots: Slot[] = [];
  let left = 0;
  for (const letter of letters) {
    const glyph = Object.hasOwn(GLYPHS, letter) ? GLYPHS[letter]! : '';
    [...glyph].forEach((digit, row) => {
      const dots = Number.parseInt(digit, 32).toString(2).padStart(COLUMNS, '0');
      for (const { 0: run, index } of dots.matchAll(/1+/g)) {
        slots.push({ row, column: left + index, length: run.length });
      }
    });
    left += glyph ? ADVANCE : BLANK_ADVANCE;
  }
  return { columns: Math.max(0, left - 1), rows: ROWS, slots };
}
