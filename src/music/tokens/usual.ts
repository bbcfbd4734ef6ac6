/** A value's weight in the mean: some thirty are remembered. */
const WEIGHT = 0.03;

/** A running mean of what was last heard. */
export type Usual = {
  readonly mean: number;
  add(value: number): void;
};

/** @param from as if there had been nothing else before */
export function usual(from: number): Usual {
  let mean = from;
  return {
    get mean() {
      return mean;
    },
    add(value) {
      mean += WEIGHT * (value - mean);
    },
  };
}
