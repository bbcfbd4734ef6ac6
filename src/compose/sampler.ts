import type { Sampled, SectionRequest } from '../music/plan/section.ts';
import { seededRandom } from '../music/random.ts';
import type { Model } from '../ports.ts';
import { sampleSection } from './sample-section.ts';

/** A network that goes on from music, several times side by side. */
export type Sampler = {
  /** Of the network's weights. */
  readonly sha256: string;
  /** The same request and seed give the same section, whatever else is sampled meanwhile. */
  sample(request: SectionRequest, seed: number, watch?: Watch): Promise<Sampled>;
};
export type Watch = {
  /** Told now and then: tokens so far, and the clock of the music. */
  readonly onProgress?: (tokens: number, nowMs: number) => void;
  /** Once it is aborted sampling ends at the next note, and what there is until then is the section. */
  readonly signal?: AbortSignal;
};

/** Samples in this thread, where nobody else waits for it. */
export const samplerOf = (model: Model): Sampler => ({
  sha256: model.sha256,
  sample: (request, seed, { onProgress, signal } = {}) =>
    sampleSection(request, model.newDecoder(), model.contextLength, seededRandom(seed), (tokens, nowMs) => {
      onProgress?.(tokens, nowMs);
      return !signal?.aborted;
    }),
});
