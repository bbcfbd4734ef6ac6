/** Lets the network write one phrase: plain data in, plain data out, so that another thread can do it. */
import type { Key } from '../music/key.ts';
import type { Metre } from '../music/score/score.ts';
import { grammar } from '../music/tokens/grammar.ts';
import { type SamplingSettings, sampleToken } from '../music/tokens/sampling.ts';
import { EMPTY_BAR, LENGTH, PITCH, SOURCE, type Texture } from '../music/tokens/vocabulary.ts';
import type { Decoder, Random } from '../ports.ts';

export type PhraseRequest = {
  /** Prefix, motif, earlier phrases, and the marks of this one; it must leave room for the phrase itself. */
  readonly tokens: readonly number[];
  readonly bars: number;
  readonly metre: Metre;
  readonly texture: Texture;
  /** First bars that are told; the network goes on from them. */
  readonly opening?: readonly number[];
  /** The key in which its last bar comes to rest, where it ends a piece. */
  readonly rests?: Key;
};

export type SampledPhrase = {
  /** Notes and empty bars, without marks; what was told is among them. */
  readonly tokens: readonly number[];
  /** How improbable each note was to the network that it was not told: −ln p of its tokens and of the empty bars before it, nats. */
  readonly nats: readonly number[];
};

/** How each slot is sampled; see docs/decisions.md. */
export const PHRASE_SAMPLING: readonly [
  place: SamplingSettings,
  pitch: SamplingSettings,
  length: SamplingSettings,
] = [
  { temperature: 1.1, minP: 0.01 },
  { temperature: 1.1, minP: 0.01 },
  { temperature: 1.1, minP: 0.01 },
];
const SLOTS: readonly (readonly [from: number, to: number])[] = [
  [0, PITCH],
  [PITCH, LENGTH],
  [LENGTH, SOURCE],
];

/**
 * @param goesOn asked at every note with the tokens sampled so far; false stops, and what there is until then is returned
 */
export async function samplePhrase(
  request: PhraseRequest,
  decoder: Decoder,
  contextLength: number,
  random: Random,
  goesOn: (tokens: number) => boolean = () => true,
  sampling = PHRASE_SAMPLING,
): Promise<SampledPhrase> {
  const rules = grammar(request);
  const tokens: number[] = [...(request.opening ?? [])];
  const nats: number[] = [];
  let noteNats = 0;
  for (const token of tokens) rules.push(token);
  decoder.reset();
  let logits = await decoder.append([...request.tokens, ...tokens]);
  for (;;) {
    const { slot } = rules;
    const token = sampleToken(logits, rules.allowed(), sampling[slot]!, random);
    const place = slot === 0 ? token : tokens.at(-slot);
    // Of an empty bar the place alone was ever learnt.
    if (slot === 0 || place !== EMPTY_BAR) noteNats += natsWithin(logits, token, SLOTS[slot]!);
    rules.push(token);
    if (rules.over) break;
    tokens.push(token);
    if (rules.slot === 0) {
      if (place !== EMPTY_BAR) {
        nats.push(noteNats);
        noteNats = 0;
      }
      if (!goesOn(tokens.length)) break;
    }
    // A phrase that fills the network's memory is cut at a whole note.
    if (decoder.length + 1 > contextLength) break;
    logits = await decoder.append([token]);
  }
  return { tokens: tokens.slice(0, tokens.length - (tokens.length % 3)), nats };
}

const { exp } = Math;

/** −ln of the probability that the network gave a token among those of its slot, nats. */
function natsWithin(logits: Float32Array, token: number, [from, to]: readonly [number, number]): number {
  let highest = logits[from]!;
  for (let id = from + 1; id < to; id++) if (logits[id]! > highest) highest = logits[id]!;
  let sum = 0;
  for (let id = from; id < to; id++) sum += exp(logits[id]! - highest);
  return Math.log(sum) + highest - logits[token]!;
}
