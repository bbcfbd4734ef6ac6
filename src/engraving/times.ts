/** Widths of Times, as far as words must be centred, and letters as PDF's WinAnsiEncoding has them. */

/** Thousandths of the size, of the letters from space to ~ (Adobe's Core 14 AFM files). */
const WIDTHS =
  '250 333 408 500 500 833 778 180 333 333 500 564 250 333 250 278 500 500 500 500 500 500 500 500 500 500 278 278 564 564 564 444 921 722 667 667 722 611 556 722 722 333 389 722 611 889 722 722 556 722 667 556 611 722 722 944 722 722 611 333 278 333 469 500 333 444 500 444 500 444 333 500 500 278 278 500 278 778 500 500 500 500 333 389 278 500 500 722 500 500 444 480 200 480 541'
    .split(' ')
    .map(Number);
/** What the bold letters are wider, on the whole. */
const BOLD = 1.06;

/** Parts of the size. */
export function widthOf(text: string, bold: boolean): number {
  let width = 0;
  for (const letter of text) width += WIDTHS[letter.codePointAt(0)! - 32] ?? 500;
  return (width / 1000) * (bold ? BOLD : 1);
}

/** Letters of Windows' code page that Latin-1 has elsewhere, or not at all. */
const OTHER: Readonly<Record<string, number>> = {
  '–': 0x96,
  '—': 0x97,
  '‘': 0x91,
  '’': 0x92,
  '“': 0x93,
  '”': 0x94,
  '…': 0x85,
  '•': 0x95,
  '€': 0x80,
};
/** What has no letter there. */
const INSTEAD: Readonly<Record<string, string>> = { '♯': '#', '♭': 'b' };

/** Bytes of a text in hexadecimal; a letter that Times has not in every reader is a question mark. */
export const winAnsi = (text: string): string =>
  [...text]
    .map((letter) => {
      const sign = INSTEAD[letter] ?? letter;
      const code = OTHER[sign] ?? sign.codePointAt(0)!;
      return (code > 255 ? 0x3f : code).toString(16).padStart(2, '0');
    })
    .join('');
