/** A network that writes phrases, several side by side. */
import { seededRandom } from '../music/random.ts';
import type { Model } from '../ports.ts';
import { type PhraseRequest, type SampledPhrase, samplePhrase } from './sample-phrase.ts';

export type Sampler = {
  /** Of the network's weights. */
  readonly sha256: string;
  /** Tokens that the network can look back on. */
  readonly contextLength: number;
  /** Mean nats a note that printed music has for the network. */
  readonly usualNats: number;
  /** The same request and seed give the same phrase, whatever else is sampled meanwhile. */
  sample(request: PhraseRequest, seed: number, watch?: Watch): Promise<SampledPhrase>;
};
export type Watch = {
  /** Told now and then: tokens so far. */
  readonly onProgress?: (tokens: number) => void;
  /** Once it is aborted sampling ends at the next note, and what there is until then is the answer. */
  readonly signal?: AbortSignal;
};

/** Samples in this thread, where nobody else waits for it. */
export const samplerOf = (model: Model): Sampler => ({
  sha256: model.sha256,
  contextLength: model.contextLength,
  usualNats: model.usualNats,
  sample: (request, seed, { onProgress, signal } = {}) =>
    samplePhrase(request, model.newDecoder(), model.contextLength, seededRandom(seed), (tokens) => {
      onProgress?.(tokens);
      return !signal?.aborted;
    }),
});
