/** Samples candidates of a phrase side by side. Which is taken is the movement's to say; see taste/phrase.ts. */

import type { PhraseRequest, SampledPhrase } from './sample-phrase.ts';
import type { Sampler } from './sampler.ts';

/** Seeds of a phrase's candidates are neighbours; phrases' own are so far apart. */
const SEEDS_APART = 2 ** 16;

/**
 * @param count candidates, at least 1 @param onProgress told of the tokens of all of them
 * @param signal ends all sampling; null is then returned
 */
export async function candidatesOf(
  request: PhraseRequest,
  { seed, count }: { readonly seed: number; readonly count: number },
  sampler: Sampler,
  onProgress: (tokens: number) => void,
  signal: AbortSignal,
): Promise<readonly SampledPhrase[] | null> {
  if (signal.aborted) return null;
  const sampled = new Array<number>(count).fill(0);
  const candidates = await Promise.all(
    sampled.map((_, i) =>
      sampler.sample(request, seed * SEEDS_APART + i, {
        signal,
        onProgress(tokens) {
          sampled[i] = tokens;
          onProgress(sampled.reduce((sum, own) => sum + own, 0));
        },
      }),
    ),
  );
  return signal.aborted ? null : candidates;
}
