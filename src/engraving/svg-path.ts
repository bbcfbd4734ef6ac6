/** SVG's path data (SVG 1.1, 8.3) as a PDF's path operators: lines and cubic curves, which is all that music is drawn with. */
const ARGUMENTS: Readonly<Record<string, number>> = { m: 2, l: 2, h: 1, v: 1, c: 6, s: 4, q: 4, z: 0 };

/** @throws RangeError for a command that is none of these */
export function pathOperators(data: string): string {
  const out: string[] = [];
  let [x, y, startX, startY] = [0, 0, 0, 0];
  /** The last curve's second handle. */
  let [handleX, handleY] = [0, 0];
  for (const [, command, text = ''] of data.matchAll(/([a-zA-Z])([^a-zA-Z]*)/g)) {
    const kind = command!.toLowerCase();
    const count = ARGUMENTS[kind];
    if (count === undefined) throw new RangeError(`a path's command ${command} that is not known`);
    const relative = command === kind;
    const values = (text.match(/-?(?:\d+\.?\d*|\.\d+)/g) ?? []).map(Number);
    if (kind === 'z') {
      out.push('h');
      [x, y, handleX, handleY] = [startX, startY, startX, startY];
      continue;
    }
    for (let i = 0; i + count <= values.length; i += count) {
      const [baseX, baseY] = relative ? [x, y] : [0, 0];
      const v = values.slice(i, i + count);
      const at = (j: number): [number, number] => [baseX + v[j]!, baseY + v[j + 1]!];
      let curve: readonly [number, number][] | null = null;
      if (kind === 'h') x = baseX + v[0]!;
      else if (kind === 'v') y = baseY + v[0]!;
      else if (kind === 'm' || kind === 'l') [x, y] = at(0);
      else if (kind === 'c') curve = [at(0), at(2), at(4)];
      else if (kind === 's') curve = [[2 * x - handleX, 2 * y - handleY], at(0), at(2)];
      else curve = cubic([x, y], at(0), at(2));
      if (curve) {
        out.push(`${curve.flat().map(number).join(' ')} c`);
        [[handleX, handleY], [x, y]] = [curve[1]!, curve[2]!];
        continue;
      }
      const begins = kind === 'm' && i === 0;
      out.push(`${number(x)} ${number(y)} ${begins ? 'm' : 'l'}`);
      [handleX, handleY] = [x, y];
      if (begins) [startX, startY] = [x, y];
    }
  }
  return out.join(' ');
}

type Point = readonly [number, number];
/** A quadratic curve is a cubic one with handles two thirds of the way. */
function cubic(from: Point, handle: Point, to: Point): [number, number][] {
  const towards = (end: Point): [number, number] => [
    end[0] + (2 / 3) * (handle[0] - end[0]),
    end[1] + (2 / 3) * (handle[1] - end[1]),
  ];
  return [towards(from), towards(to), [to[0], to[1]]];
}

const number = (value: number): string => String(Math.round(value * 1e3) / 1e3);
