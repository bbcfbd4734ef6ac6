/**
 * A PDF file (ISO 32000-1) of drawn pages: A4, Times as every reader has it (9.6.2.2), compressed. The general writers on npm
 * bring some twenty megabytes of fonts and their shaping, of which this needs nothing.
 */
import { deflateSync } from 'node:zlib';

/** Points. */
export const A4 = { width: 595, height: 842 } as const;

export type PdfPage = {
  /** Operators that draw it (8.2), in points from its lower left corner. */
  readonly content: string;
};

/** Names of fonts in a page's content. */
export const FONTS = {
  F1: 'Times-Roman',
  F2: 'Times-Bold',
  F3: 'Times-Italic',
  F4: 'Times-BoldItalic',
} as const;
export type FontName = keyof typeof FONTS;

/** @param about what a reader shows as title and author */
export function pdfOf(
  pages: readonly PdfPage[],
  about: { readonly title: string; readonly line: string },
): Uint8Array {
  const objects: Buffer[] = [];
  const add = (...parts: (string | Uint8Array)[]): number => {
    objects.push(
      Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : part))),
    );
    return objects.length;
  };
  const fonts = Object.entries(FONTS).map(([name, base]) => {
    const font = add(`<</Type/Font/Subtype/Type1/BaseFont/${base}/Encoding/WinAnsiEncoding>>`);
    return `/${name} ${font} 0 R`;
  });
  // The pages' parent comes after them and their contents: its number is known beforehand.
  const parent = objects.length + 2 * pages.length + 1;
  const kids = pages.map(({ content }) => {
    const bytes = deflateSync(Buffer.from(content, 'latin1'));
    const stream = add(`<</Filter/FlateDecode/Length ${bytes.length}>>\nstream\n`, bytes, '\nendstream');
    return add(
      `<</Type/Page/Parent ${parent} 0 R/MediaBox[0 0 ${A4.width} ${A4.height}]/Contents ${stream} 0 R/Resources<</Font<<${fonts.join('')}>>>>>>`,
    );
  });
  add(`<</Type/Pages/Count ${kids.length}/Kids[${kids.map((kid) => `${kid} 0 R`).join(' ')}]>>`);
  const catalog = add(
    `<</Type/Catalog/Pages ${parent} 0 R/Lang(en)/ViewerPreferences<</DisplayDocTitle true>>>>`,
  );
  const info = add(`<</Title${utf16(about.title)}/Author${utf16(about.line)}/Producer(Pianola)>>`);
  return file(objects, catalog, info);
}

/** Header, objects, and the table that says at which byte each begins (7.5). */
function file(objects: readonly Buffer[], catalog: number, info: number): Uint8Array {
  const parts: Buffer[] = [Buffer.from('%PDF-1.4\n%\xe2\xe3\xcf\xd3\n', 'latin1')];
  let at = parts[0]!.length;
  const offsets = objects.map((object, i) => {
    const part = Buffer.concat([Buffer.from(`${i + 1} 0 obj\n`), object, Buffer.from('\nendobj\n')]);
    const offset = at;
    parts.push(part);
    at += part.length;
    return offset;
  });
  const rows = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  const trailer = `<</Size ${objects.length + 1}/Root ${catalog} 0 R/Info ${info} 0 R>>`;
  parts.push(
    Buffer.from(
      `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${rows}trailer\n${trailer}\nstartxref\n${at}\n%%EOF\n`,
    ),
  );
  return new Uint8Array(Buffer.concat(parts));
}

/** A string that may have any letter (7.9.2.2). */
const utf16 = (text: string): string =>
  `<FEFF${[...Array(text.length).keys()].map((i) => text.charCodeAt(i).toString(16).padStart(4, '0')).join('')}>`;
