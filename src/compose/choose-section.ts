import type { Sampled, SectionRequest } from '../music/plan/section.ts';
import { bestOf, type Judgement, judge, type Taste } from '../music/taste/taste.ts';
import type { Sampler } from './sampler.ts';

/** Rounds of candidates, if all of one quote the training at more length than nine in ten human passages do. */
const ROUNDS = 3;
/** Seeds of a section's candidates are neighbours; sections' own are so far apart. */
const SEEDS_APART = 2 ** 16;

export type Chosen = Sampled & {
  /** Tokens of all candidates. */
  readonly spent: number;
  readonly knownRun: number | null;
};

/**
 * Samples candidates of a section side by side and chooses one. The choice depends on seed and count alone.
 * @param count candidates, at least 1 @param taste null: the first is taken
 * @param onProgress told of the tokens of all candidates, and of the mean clock of their music
 * @param signal ends all sampling; the longest candidate so far is then the one
 */
export async function chooseSection(
  request: SectionRequest,
  { seed, count }: { readonly seed: number; readonly count: number },
  sampler: Sampler,
  taste: Taste | null,
  onProgress: (tokens: number, nowMs: number) => void,
  signal: AbortSignal,
): Promise<Chosen> {
  const fromMs = request.before.at(-1)?.onsetMs ?? 0;
  let spent = 0;
  const round = (first: number): Promise<Sampled[]> => {
    const so = Array.from({ length: count }, () => ({ tokens: 0, nowMs: fromMs }));
    return Promise.all(
      so.map((own, i) =>
        sampler.sample(request, seed * SEEDS_APART + first + i, {
          signal,
          onProgress(tokens, nowMs) {
            Object.assign(own, { tokens, nowMs });
            const sum = (key: 'tokens' | 'nowMs') => so.reduce((total, each) => total + each[key], 0);
            onProgress(spent + sum('tokens'), sum('nowMs') / count);
          },
        }),
      ),
    );
  };

  type Candidate = { readonly sampled: Sampled; readonly judgement: Judgement };
  let best: Candidate | null = null;
  for (let i = 0; i < ROUNDS; i++) {
    const candidates: Sampled[] = await round(i * count);
    spent += candidates.reduce((sum, { tokens }) => sum + tokens, 0);
    if (signal.aborted) {
      const longest = candidates.reduce((a, b) => (b.notes.length > a.notes.length ? b : a));
      return { ...(best?.sampled ?? longest), spent, knownRun: best?.judgement.knownRun ?? null };
    }
    if (!taste) return { ...candidates[0]!, spent, knownRun: null };
    const judged: Candidate[] = candidates.map((sampled) => ({
      sampled,
      judgement: judge(sampled, request, sampler.sha256, taste),
    }));
    if (best) judged.unshift(best);
    best =
      judged[
        bestOf(
          judged.map(({ judgement }) => judgement),
          taste.longestRun,
        )
      ]!;
    if (best.judgement.knownRun <= taste.longestRun) break;
  }
  return { ...best!.sampled, spent, knownRun: best!.judgement.knownRun };
}
