import { PITCH, STYLE, TOUCH } from './vocabulary.ts';

/** Where the ids of each slot begin and end; the network's output has a softmax of its own in each. */
const SLOTS: readonly (readonly [from: number, to: number])[] = [
  [0, PITCH],
  [PITCH, TOUCH],
  [TOUCH, STYLE],
];

/** Looked up once: as a global it costs more than its work where tests run in a realm of their own. */
const { exp } = Math;

/** −ln of the probability that the network gave a token, nats. @param slot its place in the note, 0 to 2 */
export function natsOf(logits: Float32Array, token: number, slot: number): number {
  const [from, to] = SLOTS[slot]!;
  let highest = logits[from]!;
  for (let id = from + 1; id < to; id++) if (logits[id]! > highest) highest = logits[id]!;
  let sum = 0;
  for (let id = from; id < to; id++) sum += exp(logits[id]! - highest);
  return Math.log(sum) + highest - logits[token]!;
}
