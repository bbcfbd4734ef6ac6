/** An engraved page as a PDF's operators: paths, glyphs that are used many times, ellipses and words. */
import { A4, type FontName, type PdfPage } from './pdf.ts';
import { type Element, isA, sizeOf, within } from './svg.ts';
import { pathOperators } from './svg-path.ts';
import { widthOf, winAnsi } from './times.ts';

/** What an element hands down to those inside it. */
type Style = {
  readonly anchor: string;
  readonly size: number;
  readonly bold: boolean;
  readonly italic: boolean;
  readonly stroked: boolean;
};
const PLAIN: Style = { anchor: 'start', size: 0, bold: false, italic: false, stroked: true };

export function paintedPage(page: Element): PdfPage {
  const { width, height } = sizeOf(page);
  const glyphs = new Map<string, Element>();
  for (const element of within(page)) if (element.attributes.id) glyphs.set(element.attributes.id, element);
  const out: string[] = [];
  // From the drawing's units, downwards, to points, upwards.
  out.push(`${number(A4.width / width)} 0 0 ${number(-A4.height / height)} 0 ${A4.height} cm 1 J 1 j`);
  for (const child of page.children.filter(({ name }) => name === 'svg'))
    for (const inside of child.children) paint(inside, PLAIN, glyphs, out);
  return { content: out.join('\n') };
}

function paint(element: Element, above: Style, glyphs: ReadonlyMap<string, Element>, out: string[]): void {
  const { name, attributes, children } = element;
  const style = styleOf(element, above);
  if (name === 'text') {
    words(element, style, out);
    return;
  }
  const moved = attributes.transform ? matrices(attributes.transform) : '';
  if (moved) out.push('q', moved);
  if (name === 'path') {
    const lines = attributes['stroke-width'] !== undefined;
    if (lines) out.push(`${number(Number(attributes['stroke-width']))} w`);
    out.push(pathOperators(attributes.d ?? ''), paintOperator(attributes, lines && style.stroked));
  } else if (name === 'ellipse') out.push(ellipse(attributes), 'f');
  else if (name === 'rect') {
    const [x, y, w, h] = ['x', 'y', 'width', 'height'].map((key) => Number(attributes[key] ?? 0));
    out.push(`${x} ${y} ${w} ${h} re f`);
  } else if (name === 'polygon' || name === 'polyline') {
    const points = (attributes.points ?? '')
      .trim()
      .split(/[\s,]+/)
      .map(Number);
    const pairs = points.flatMap((x, i) => (i % 2 === 0 ? [`${number(x)} ${number(points[i + 1]!)}`] : []));
    out.push(`${pairs.map((pair, i) => `${pair} ${i === 0 ? 'm' : 'l'}`).join(' ')} h f`);
  } else if (name === 'use') {
    const glyph = glyphs.get((attributes.href ?? '').slice(1));
    if (!glyph) throw new RangeError(`a page uses ${attributes.href}, which it has not`);
    paint(glyph, style, glyphs, out);
  } else if (name !== 'g' && name !== 'desc' && name !== 'defs') {
    throw new RangeError(`<${name}> cannot be drawn`);
  }
  if (name !== 'defs') for (const child of children) paint(child, style, glyphs, out);
  if (moved) out.push('Q');
}

const styleOf = ({ attributes }: Element, above: Style): Style => ({
  anchor: attributes['text-anchor'] ?? above.anchor,
  size: attributes['font-size'] ? Number.parseFloat(attributes['font-size']) : above.size,
  bold: attributes['font-weight'] ? attributes['font-weight'] === 'bold' : above.bold,
  italic: attributes['font-style'] ? attributes['font-style'] === 'italic' : above.italic,
  stroked: attributes.stroke === undefined ? above.stroked : attributes.stroke !== 'none',
});

/** A path with a width and two points is a line; with more, as slurs have, it is filled and its edge drawn. */
function paintOperator({ d = '', fill }: Readonly<Record<string, string>>, stroked: boolean): string {
  if (!stroked) return 'f';
  return fill === 'none' || /^M[^MC]*L[^LC]*$/.test(d) ? 'S' : 'B';
}

function words(text: Element, above: Style, out: string[]): void {
  const runs: { text: string; style: Style }[] = [];
  let [x, y] = [Number(text.attributes.x ?? 0), Number(text.attributes.y ?? 0)];
  const walk = (element: Element, from: Style): void => {
    const style = styleOf(element, from);
    if (element.attributes.x) x = Number(element.attributes.x);
    if (element.attributes.y) y = Number(element.attributes.y);
    if (element.text) runs.push({ text: element.text, style });
    for (const child of element.children) if (!isA(child, 'labelAttr')) walk(child, style);
  };
  walk(text, above);
  const width = runs.reduce((sum, run) => sum + widthOf(run.text, run.style.bold) * run.style.size, 0);
  const anchor = styleOf(text, above).anchor;
  const from = anchor === 'middle' ? x - width / 2 : anchor === 'end' ? x - width : x;
  // Upright again: the page's y grows downwards.
  out.push(`BT 1 0 0 -1 ${number(from)} ${number(y)} Tm`);
  for (const run of runs)
    out.push(`/${fontOf(run.style)} ${number(run.style.size)} Tf <${winAnsi(run.text)}> Tj`);
  out.push('ET');
}

const fontOf = ({ bold, italic }: Style): FontName =>
  bold && italic ? 'F4' : italic ? 'F3' : bold ? 'F2' : 'F1';

/** Circles by four curves, whose handles are 0.5523 of the radius long. */
function ellipse({ cx = '0', cy = '0', rx = '0', ry = '0' }: Readonly<Record<string, string>>): string {
  const at = (x: number, y: number) =>
    `${number(Number(cx) + x * Number(rx))} ${number(Number(cy) + y * Number(ry))}`;
  const k = 0.5523;
  return `${at(1, 0)} m ${at(1, k)} ${at(k, 1)} ${at(0, 1)} c ${at(-k, 1)} ${at(-1, k)} ${at(-1, 0)} c ${at(-1, -k)} ${at(-k, -1)} ${at(0, -1)} c ${at(k, -1)} ${at(1, -k)} ${at(1, 0)} c`;
}

/** `translate(…) scale(…)` as matrices, in the order in which they apply. @throws RangeError for another kind */
function matrices(transform: string): string {
  return [...transform.matchAll(/(\w+)\(([^)]*)\)/g)]
    .map(([whole, kind, inside]) => {
      const [a = 0, b] = inside!.split(/[\s,]+/).map(Number);
      if (kind === 'translate') return `1 0 0 1 ${number(a)} ${number(b ?? 0)} cm`;
      if (kind === 'scale') return `${number(a)} 0 0 ${number(b ?? a)} 0 0 cm`;
      throw new RangeError(`a transform ${whole} that is not known`);
    })
    .join(' ');
}

const number = (value: number): string => String(Math.round(value * 1e5) / 1e5);
