export type SamplingSettings = {
  /** > 0; 1 leaves the model's probabilities, lower makes it surer of itself. */
  readonly temperature: number;
  /** Drops tokens less probable than this part of the most probable one; 0 keeps all. */
  readonly minP?: number;
  /** Keeps the fewest tokens whose probabilities sum to this; 1 keeps all. */
  readonly topP?: number;
};

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
  let best = -1;
  for (let id = 0; id < allowed.length; id++) {
    if (allowed[id] && (best < 0 || logits[id]! > logits[best]!)) best = id;
  }
  if (best < 0) throw new RangeError('the grammar allows no token');
  const highest = logits[best]!;
  if (!Number.isFinite(highest)) throw new RangeError(`the model gave ${highest} for token ${best}`);

  // In units of the most probable token, min-p is a plain threshold and nothing overflows.
  const lowest = minP > 0 ? Math.log(minP) : Number.NEGATIVE_INFINITY;
  let kept: { id: number; weight: number }[] = [];
  let total = 0;
  for (let id = 0; id < allowed.length; id++) {
    if (!allowed[id]) continue;
    const scaled = (logits[id]! - highest) / temperature;
    if (!(scaled >= lowest)) continue;
    const weight = Math.exp(scaled);
    kept.push({ id, weight });
    total += weight;
  }
  if (topP < 1) {
    kept = nucleus(kept, topP * total);
    total = kept.reduce((sum, { weight }) => sum + weight, 0);
  }
  let left = random() * total;
  for (const { id, weight } of kept) {
    left -= weight;
    if (left < 0) return id;
  }
  // Rounding may leave a hair's breadth at the end.
  return kept.at(-1)!.id;
}

/** The most probable tokens that together reach `mass`; ties fall to the lower id. */
function nucleus(tokens: { id: number; weight: number }[], mass: number): { id: number; weight: number }[] {
  tokens.sort((a, b) => b.weight - a.weight || a.id - b.id);
  let sum = 0;
  const end = tokens.findIndex(({ weight }) => {
    sum += weight;
    return sum >= mass;
  });
  return end < 0 ? tokens : tokens.slice(0, end + 1);
}
