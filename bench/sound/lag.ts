/** How much later one signal has what another has: the greatest of their normalised cross-correlations. */

/**
 * @param piece what is looked for, samples
 * @param among where it is looked for: `piece.length + 2 * within` samples, in the middle of which it would have no lag
 * @param within the greatest lag that is looked for, samples
 * @returns `lag` in samples, −within to within, above zero where it is later; `likeness` −1 to 1, and 0 in silence
 */
export function lagOf(
  piece: Float32Array,
  among: Float32Array,
  within: number,
): { readonly lag: number; readonly likeness: number } {
  const power = (signal: Float32Array) => signal.reduce((sum, value) => sum + value ** 2, 0);
  const own = power(piece);
  let best = { lag: 0, likeness: 0 };
  let there = power(among.subarray(0, piece.length));
  for (let lag = -within; lag <= within; lag++) {
    const start = lag + within;
    let product = 0;
    for (let i = 0; i < piece.length; i++) product += piece[i]! * among[start + i]!;
    const likeness = own * there > 0 ? product / Math.sqrt(own * there) : 0;
    if (likeness > best.likeness) best = { lag, likeness };
    there = Math.max(0, there + (among[start + piece.length] ?? 0) ** 2 - among[start]! ** 2);
  }
  return best;
}
