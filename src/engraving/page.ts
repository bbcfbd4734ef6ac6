/**
 * What a page has around its music: title and line at the top, line and number at the foot. And what it must not have:
 * styles, which the site's security policy forbids, and a font of 58 KB in every page for one note's sign.
 */
import { A4 } from './pdf.ts';

export type PageWords = {
  readonly title: string;
  readonly line: string;
  /** From 0. */
  readonly page: number;
  readonly pages: number;
};

/** What Verovio's style sheet says, as attributes. */
const WEIGHTS: readonly (readonly [kind: string, attribute: string])[] = [
  ['tempo', 'font-weight="bold"'],
  ['dir', 'font-style="italic"'],
  ['mNum', 'font-style="italic"'],
];

export function finishedPage(svg: string, words: PageWords): string {
  const [, width = 0, height = 0] = /class="definition-scale"[^>]*viewBox="0 0 (\d+) (\d+)"/.exec(svg) ?? [];
  let page = svg
    .replace(/<style[^>]*>[\s\S]*?<\/style>/g, '')
    .replace('class="definition-scale"', 'class="definition-scale" stroke="currentColor"')
    .replace(/<text\b/g, '<text stroke="none"')
    .replace(/<g id="[^"]*" class="pgHead[\s\S]*?<\/text>\s*<\/g>/, '')
    .replace('<svg viewBox="', `<svg width="${A4.width}pt" height="${A4.height}pt" viewBox="`);
  for (const [kind, attribute] of WEIGHTS)
    page = page.replaceAll(`class="${kind}"`, `class="${kind}" ${attribute}`);
  return withMetronome(page).replace(
    /<\/svg>\s*<\/svg>\s*$/,
    `${around(Number(width), Number(height), words)}</svg></svg>\n`,
  );
}

function around(width: number, height: number, { title, line, page, pages }: PageWords): string {
  const unit = width / 2100;
  const text = (x: number, y: number, size: number, more: string, words: string) =>
    `<text stroke="none" x="${round(x)}" y="${round(y)}" font-size="${round(size * unit)}px" ${more}>${escaped(words)}</text>`;
  const [left, right, foot] = [130 * unit, width - 130 * unit, height - 80 * unit];
  const head =
    page > 0
      ? ''
      : text(width / 2, 165 * unit, 64, 'text-anchor="middle"', title) +
        text(width / 2, 215 * unit, 30, 'text-anchor="middle" font-style="italic"', line);
  return (
    head +
    text(left, foot, 26, 'font-style="italic"', page > 0 ? `${title}. ${line}` : line) +
    text(right, foot, 26, 'text-anchor="end"', `${page + 1} / ${pages}`)
  );
}

/** Metronome marks have a note that is a letter of a font: it is drawn instead, as wide as it was. */
const withMetronome = (svg: string): string =>
  svg.replace(
    /<text stroke="none" x="(\d+)" y="(\d+)" font-size="0px">(\s*<tspan id="[^"]*" class="rend">\s*<tspan id="[^"]*" class="text">\s*<tspan font-family="Leipzig" font-size="(\d+)px">[^<]*<\/tspan>\s*<\/tspan>\s*<\/tspan>)/g,
    (_, x: string, y: string, _old: string, size: string) =>
      quarterNote(Number(x), Number(y), Number(size) / 4) +
      `<text stroke="none" x="${Number(x) + Math.round(Number(size) * 0.4)}" y="${y}" font-size="0px">`,
  );

/** A quarter note whose head is `space` high. */
function quarterNote(x: number, y: number, space: number): string {
  const at = (right: number, up: number) => `${round(x + right * space)} ${round(y - up * space)}`;
  const head = `M${at(0, 0.36)}C${at(0, 0.8)} ${at(0.5, 1)} ${at(0.8, 1)}C${at(1.08, 1)} ${at(1.25, 0.86)} ${at(1.25, 0.64)}C${at(1.25, 0.2)} ${at(0.75, 0)} ${at(0.45, 0)}C${at(0.17, 0)} ${at(0, 0.14)} ${at(0, 0.36)}z`;
  return `<path stroke="none" d="${head}" /><path d="M${at(1.2, 0.6)} L${at(1.2, 3.4)}" stroke-width="${round(space * 0.13)}" />`;
}

const round = (value: number): number => Math.round(value * 10) / 10;
const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text: string): string => text.replace(/[&<>"]/g, (sign) => ENTITIES[sign]!);
