/**
 * The note of a metronome mark, drawn: Verovio writes it as letters of a font (SMuFL, "Metronome marks" U+ECA0–U+ECBF), which would be 58 KB
 * in every page.
 */

/** By letter: whether its head is filled, and whether it has a stem and a flag. */
const NOTES: Readonly<
  Record<string, { readonly full: boolean; readonly stem: boolean; readonly flag: boolean }>
> = {
  '\uECA2': { full: false, stem: false, flag: false },
  '\uECA3': { full: false, stem: true, flag: false },
  '\uECA5': { full: true, stem: true, flag: false },
  '\uECA7': { full: true, stem: true, flag: true },
};
const DOT = '\uECB7';

/** A page whose metronome marks have drawn notes, and what follows them beside these. @throws RangeError for a note that is none of ours */
export const withMetronome = (svg: string): string =>
  svg.replace(
    /<text stroke="none" x="(\d+)" y="(\d+)" font-size="0px">\s*<tspan id="[^"]*" class="rend">\s*<tspan id="[^"]*" class="text">\s*<tspan font-family="Leipzig" font-size="(\d+)px">([^<]*)<\/tspan>\s*<\/tspan>\s*<\/tspan>/g,
    (_, x: string, y: string, size: string, letters: string) => {
      const note = drawn(letters, Number(x), Number(y), Number(size) / 4);
      return `${note.paths}<text stroke="none" x="${Math.round(note.right)}" y="${y}" font-size="0px">`;
    },
  );

/** @param space height of a head, as far as two lines of a staff are apart */
function drawn(letters: string, x: number, y: number, space: number) {
  const [letter = '', dot] = letters.trim().split(/\s+/);
  const note = NOTES[letter];
  if (!note || (dot ?? DOT) !== DOT)
    throw new RangeError(`a metronome mark of U+${letters.codePointAt(0)?.toString(16)} is not drawn here`);
  const at = (right: number, up: number) => `${round(x + right * space)} ${round(y - up * space)}`;
  const line = `stroke-width="${round(space * 0.13)}"`;
  const outline = `M${at(0, 0.36)}C${at(0, 0.8)} ${at(0.5, 1)} ${at(0.8, 1)}C${at(1.08, 1)} ${at(1.25, 0.86)} ${at(1.25, 0.64)}C${at(1.25, 0.2)} ${at(0.75, 0)} ${at(0.45, 0)}C${at(0.17, 0)} ${at(0, 0.14)} ${at(0, 0.36)}z`;
  const paths = [
    note.full ? `<path stroke="none" d="${outline}" />` : `<path fill="none" d="${outline}" ${line} />`,
  ];
  if (note.stem) paths.push(`<path d="M${at(1.2, 0.6)} L${at(1.2, 3.4)}" ${line} />`);
  if (note.flag)
    paths.push(
      `<path stroke="none" d="M${at(1.15, 3.4)}C${at(1.3, 2.6)} ${at(2.15, 2.3)} ${at(1.85, 1.2)}C${at(1.85, 1.85)} ${at(1.5, 2.2)} ${at(1.15, 2.4)}z" />`,
    );
  const width = note.flag ? 2.05 : 1.25;
  const radius = round(space * 0.22);
  if (dot)
    paths.push(
      `<ellipse stroke="none" cx="${round(x + (width + 0.45) * space)}" cy="${round(y - 0.5 * space)}" rx="${radius}" ry="${radius}" />`,
    );
  return { paths: paths.join(''), right: x + (width + (dot ? 0.95 : 0.35)) * space };
}

const round = (value: number): number => Math.round(value * 10) / 10;
