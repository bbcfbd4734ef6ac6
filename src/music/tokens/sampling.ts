export type SamplingSettings = {
  /** > 0; 1 leaves the model's probabilities, lower makes it surer of itself. */
  readonly temperature: number;
  /** Drops tokens less probable than this part of the most probable one; 0 keeps all. */
  readonly minP?: number;
  /** Keeps the fewest tokens whose probabilities sum to this; 1 keeps all. */
  readonly topP?: number;
};

/** Looked up once: as a global it costs more than its work where tests run in a realm of their own. */
const { exp } = Math;

/**
 * Chooses a token id. One random number a call, always, so that changing a setting never shifts the stream.
 * @param logits one a token id; entries beyond `allowed` are never chosen
 * @param allowed 1 where the grammar lets a token follow; at least one
 * @throws RangeError when nothing is allowed, or the logits are not finite where it is
 */
export function sampleToken(
  logits: Float32Array,
  allowed: Uint8Array,
  { temperature, minP = 0, topP = 1 }: SamplingSettings,
  random: () => number,
): number {
  let [first, best, end] = [-1, -1, -1];
  for (let id = 0; id < allowed.length; id++) {
    if (!allowed[id]) continue;
    if (best < 0 || logits[id]! > logits[best]!) best = id;
    if (first < 0) first = id;
    end = id + 1;
  }
  if (best < 0) throw new RangeError('the grammar allows no token');
  const highest = logits[best]!;
  if (!Number.isFinite(highest)) throw new RangeError(`the model gave ${highest} for token ${best}`);

  // In units of the most probable token, min-p is a plain threshold and nothing overflows.
  const lowest = minP > 0 ? Math.log(minP) : Number.NEGATIVE_INFINITY;
  /** Of the ids from `first` on. */
  const weights = new Float64Array(end - first);
  let total = 0;
  for (let id = first; id < end; id++) {
    if (!allowed[id]) continue;
    const scaled = (logits[id]! - highest) / temperature;
    if (!(scaled >= lowest)) continue;
    weights[id - first] = exp(scaled);
    total += weights[id - first]!;
  }
  if (topP < 1) total = keepNucleus(weights, topP * total);
  let left = random() * total;
  let last = best;
  for (let i = 0; i < weights.length; i++) {
    if (weights[i] === 0) continue;
    left -= weights[i]!;
    if (left < 0) return first + i;
    last = first + i;
  }
  // Rounding may leave a hair's breadth at the end.
  return last;
}

/** Sets all to 0 but the greatest that together reach `mass`; ties fall to the earlier. @returns what is left */
function keepNucleus(weights: Float64Array, mass: number): number {
  const ranked = Array.from(weights.keys()).sort((a, b) => weights[b]! - weights[a]! || a - b);
  let sum = 0;
  for (const i of ranked) {
    if (sum >= mass) weights[i] = 0;
    sum += weights[i]!;
  }
  return sum;
}
