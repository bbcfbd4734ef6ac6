import { grammar } from './music/grammar.ts';
import { holder } from './music/hold.ts';
import { type Note, toMusic } from './music/note.ts';
import { pacer } from './music/pace.ts';
import { type SamplingSettings, sampleToken } from './music/sampling.ts';
import {
  type Controls,
  DELTA,
  decode,
  END,
  encode,
  encodePrefix,
  NO_PITCH,
  STEP_MS,
} from './music/tokens.ts';
import type { Decoder, Random } from './ports.ts';

/**
 * How each slot is sampled. Unlikely pitches are left out; Δ and touch are fine scales on which the mass of a long
 * pause is spread over many steps, so that a threshold there would cut every pause (measured: 14–45 notes/s).
 */
export const SAMPLING: readonly [delta: SamplingSettings, pitch: SamplingSettings, touch: SamplingSettings] =
  [{ temperature: 1 }, { temperature: 0.97, minP: 0.03 }, { temperature: 1 }];
/** What stays in the network's view when its memory is full, and what it sees of the music before, as a part of it. */
const KEEP = 0.6;
/** A section begins with a breath: no onset for at least so long; milliseconds. */
const BREATH_MS = 800;

export type SectionRequest = {
  readonly controls: Controls;
  readonly notesPerSecond: number;
  /** What was played before, in order of onset; the section goes on from its last onset. */
  readonly before: readonly Note[];
  /** Whether a pause comes first. */
  readonly breath: boolean;
  /** Sampling stops at the first onset from here on; milliseconds, on the clock of `before`. */
  readonly untilMs: number;
  /** The model may end by itself from here on. */
  readonly mayEndFromMs: number;
};
export type Sampled = {
  /** Without those of `before`. */
  readonly notes: readonly Note[];
  readonly tokens: number;
  /** The model said that this is the end. */
  readonly ended: boolean;
};

/**
 * Lets the model go on from music, under the grammar and at the pace asked for.
 * @param goesOn asked at every note, with the tokens sampled so far and the clock of the music; false stops
 */
export async function sampleSection(
  request: SectionRequest,
  decoder: Decoder,
  contextLength: number,
  random: Random,
  goesOn: (tokens: number, nowMs: number) => boolean,
): Promise<Sampled> {
  const prefix = encodePrefix(request.controls);
  const keep = Math.floor((contextLength * KEEP) / 3);
  const seen = request.before.slice(-keep);
  const sequence =
    seen.length === 0
      ? []
      : encode(toMusic(seen))
          .slice(0, -1)
          .slice(-3 * keep);
  // The clock of the music is that of the grammar and this: what was before need not lie on the grid of the tokens.
  let offsetMs = 0;
  const rules = grammar(() => rules.nowMs + offsetMs >= request.mayEndFromMs);
  for (const token of sequence) rules.push(token);
  const given = sequence.length;
  const startMs = rules.nowMs;
  offsetMs = (request.before.at(-1)?.onsetMs ?? 0) - startMs;
  const pace = pacer(request.notesPerSecond, startMs);
  const hold = holder();

  decoder.reset();
  let logits = await decoder.append([...prefix, ...sequence]);
  let ended = false;
  for (;;) {
    const allowed = rules.allowed();
    // A copy: the decoder's own array is not ours to change.
    logits = logits.slice();
    if (sequence.length % 3 === 2) hold.bend(logits);
    if (rules.atBoundary) {
      if (request.breath && sequence.length === given) allowed.fill(0, DELTA, DELTA + BREATH_MS / STEP_MS);
      pace.bend(logits);
    }
    const token = sampleToken(logits, allowed, SAMPLING[sequence.length % 3]!, random);
    ended = token === END;
    if (ended) break;
    sequence.push(token);
    rules.push(token);
    if (rules.atBoundary) {
      if (sequence.at(-2) !== NO_PITCH) {
        pace.struck(rules.nowMs);
        hold.struck(rules.sounding);
      }
      const nowMs = rules.nowMs + offsetMs;
      if (nowMs >= request.untilMs || !goesOn(sequence.length - given, nowMs)) break;
    }
    if (decoder.length + 1 > contextLength) {
      // The prefix and the last of the music are taken in anew: dropping the oldest alone would lose the style.
      decoder.reset();
      logits = await decoder.append([...prefix, ...sequence.slice(-(keep * 3 + (sequence.length % 3)))]);
    } else {
      logits = await decoder.append([token]);
    }
  }
  const sampled = decode(sequence.slice(given)).notes;
  const notes = sampled.map((note) => ({ ...note, onsetMs: note.onsetMs + startMs + offsetMs }));
  return { notes, tokens: sequence.length - given, ended };
}
