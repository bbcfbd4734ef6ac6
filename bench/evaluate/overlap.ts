import { deviation, quantile } from '../../src/music/statistics.ts';

const POINTS = 400;
/** The curves are looked at this many bandwidths beyond the outermost values. */
const BEYOND = 4;

/**
 * How far the distributions of a figure agree, 0 to 1: the area below both of their densities (the "overlapped area" of
 * Yang & Lerch, Neural Computing and Applications 2018). Gaussian kernels, bandwidth by Silverman's rule.
 */
export function overlappedArea(a: readonly number[], b: readonly number[]): number {
  const widths = [bandwidth(a), bandwidth(b)];
  const all = [...a, ...b];
  const reach = BEYOND * Math.max(...widths);
  const [from, to] = [Math.min(...all) - reach, Math.max(...all) + reach];
  // Where both have one value alone, they agree or they do not.
  if (from === to) return 1;
  const step = (to - from) / POINTS;
  let area = 0;
  for (let i = 0; i < POINTS; i++) {
    const x = from + (i + 0.5) * step;
    area += step * Math.min(density(a, widths[0]!, x), density(b, widths[1]!, x));
  }
  return area;
}

function bandwidth(values: readonly number[]): number {
  const spread = Math.min(deviation(values), (quantile(values, 0.75) - quantile(values, 0.25)) / 1.34);
  const usual = spread || deviation(values) || 1e-3 * Math.max(1, Math.abs(values[0] ?? 0));
  return 0.9 * usual * values.length ** -0.2;
}

const density = (values: readonly number[], width: number, x: number): number =>
  values.reduce((sum, value) => sum + Math.exp(-0.5 * ((x - value) / width) ** 2), 0) /
  (values.length * width * Math.sqrt(2 * Math.PI));
