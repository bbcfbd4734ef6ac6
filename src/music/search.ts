/** Where something lies in a list that ascends: by halves. */

/** Index of the first of `count` items for which it holds, as it does for all that come after; `count`: for none. */
export function firstIndex(count: number, holds: (index: number) => boolean): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Index of the last element ≤ value in an ascending list, or -1. */
export const lastAtOrBefore = (ascending: readonly number[], value: number): number =>
  firstIndex(ascending.length, (i) => ascending[i]! > value) - 1;
