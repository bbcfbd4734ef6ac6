/** How a figure goes on over time, by least squares: its rise from one sample to the next. */
export function slope(values: readonly number[]): number {
  const mean = (numbers: readonly number[]) => numbers.reduce((sum, x) => sum + x, 0) / numbers.length;
  const [middle, level] = [(values.length - 1) / 2, mean(values)];
  const rise = values.reduce((sum, value, i) => sum + (i - middle) * (value - level), 0);
  const spread = values.reduce((sum, _, i) => sum + (i - middle) ** 2, 0);
  return spread === 0 ? 0 : rise / spread;
}
