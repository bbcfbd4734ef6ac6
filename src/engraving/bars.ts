/** Where each bar stands on its page, for what follows the music with its finger. */
import type { BarPlace } from '../ports.ts';
import { type Element, isA, sizeOf, within } from './svg.ts';

const LINE = /^M(-?[\d.]+) (-?[\d.]+) L(-?[\d.]+) (-?[\d.]+)$/;
const MOVE = /^translate\((-?[\d.]+), (-?[\d.]+)\)$/;

/** The rectangle from a bar's uppermost to its lowest staff line. @throws RangeError for a bar without staff lines */
export function placesOf(page: Element, index: number): BarPlace[] {
  const { width, height } = sizeOf(page);
  const margin = [...within(page)].find((element) => isA(element, 'page-margin'));
  const [, left = '0', top = '0'] = MOVE.exec(margin?.attributes.transform ?? '') ?? [];
  const round = (part: number) => Math.round(part * 1e4) / 1e4;
  return [...within(page)]
    .filter((element) => isA(element, 'measure'))
    .map((measure) => {
      const lines = measure.children
        .filter((child) => isA(child, 'staff'))
        .flatMap(({ children }) => children.flatMap(({ attributes }) => LINE.exec(attributes.d ?? '') ?? []));
      const numbers = (at: number) => lines.filter((_, i) => i % 5 === at).map(Number);
      const [from, to, ys] = [Math.min(...numbers(1)), Math.max(...numbers(3)), numbers(2)];
      if (ys.length === 0) throw new RangeError(`a bar without staff lines on page ${index + 1}`);
      const [first, last] = [Math.min(...ys), Math.max(...ys)];
      return {
        page: index,
        x: round((from + Number(left)) / width),
        y: round((first + Number(top)) / height),
        width: round((to - from) / width),
        height: round((last - first) / height),
      };
    });
}
