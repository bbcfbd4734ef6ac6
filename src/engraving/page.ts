/**
 * What a page has around its music: title and line at the top, line and number at the foot. And what it must not have:
 * styles, which the site's security policy forbids, and fonts.
 */
import { withMetronome } from './metronome.ts';
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

const round = (value: number): number => Math.round(value * 10) / 10;
const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text: string): string => text.replace(/[&<>"]/g, (sign) => ENTITIES[sign]!);
