import { type Note, toMusic } from '../music/note.ts';
import type { Sampled, SectionRequest } from '../music/plan/section.ts';
import { grammar } from '../music/tokens/grammar.ts';
import { holder } from '../music/tokens/hold.ts';
import { natsOf } from '../music/tokens/likelihood.ts';
import { pacer } from '../music/tokens/pace.ts';
import { registerKeeper } from '../music/tokens/register.ts';
import { type SamplingSettings, sampleToken } from '../music/tokens/sampling.ts';
import {
  DELTA,
  decode,
  decodePitch,
  END,
  encode,
  encodePrefix,
  NO_PITCH,
  remainingLevel,
  remainingMark,
  STEP_MS,
} from '../music/tokens/vocabulary.ts';
import type { Decoder, Random } from '../ports.ts';

/**
 * How each slot is sampled. Unlikely pitches are left out; Δ and touch are fine scales on which the mass of a long
 * pause is spread over many steps, so that a threshold there would cut every pause (measured: 14–45 notes/s). The
 * temperatures are those at which passages are least told from the rolls with these weights (docs/decisions.md).
 */
export const SAMPLING: readonly [delta: SamplingSettings, pitch: SamplingSettings, touch: SamplingSettings] =
  [{ temperature: 1 }, { temperature: 0.9, minP: 0.04 }, { temperature: 0.9 }];
/** What stays in the network's view when its memory is full, and what it sees of the music before, as a part of it. */
const KEEP = 0.6;
/** Notes of the motif, within what training has (model/data.py), and as a part of the memory at most. */
const MOTIF_NOTES = 24;
const MOTIF_PART = 0.1;
/** A section begins with a breath: no onset for at least so long; milliseconds. */
const BREATH_MS = 800;

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
  const keep = Math.floor((contextLength * KEEP) / 3);
  const motifNotes = Math.min(MOTIF_NOTES, Math.floor((contextLength * MOTIF_PART) / 3));
  let motif = tokensOf(request.motif?.slice(0, motifNotes) ?? []);
  // Notes alone: what is left until the end is stated in the prefix, and by marks that only the network sees.
  const sequence = tokensOf(request.before.slice(-keep)).slice(-3 * keep);
  const given = sequence.length;
  // The clock of the music is that of the grammar and this: what was before need not lie on the grid of the tokens.
  let offsetMs = 0;
  const { mayEndFromMs } = request;
  const rules = grammar(() => mayEndFromMs !== null && rules.nowMs + offsetMs >= mayEndFromMs);
  for (const token of sequence) rules.push(token);
  const startMs = rules.nowMs;
  offsetMs = (request.before.at(-1)?.onsetMs ?? 0) - startMs;
  const pace = pacer(request.notesPerSecond, startMs);
  const hold = holder();
  const register = registerKeeper(request.course[0]!.controls.register);

  const nowMs = () => rules.nowMs + offsetMs;
  const controlsNow = () =>
    (request.course.findLast(({ fromMs }) => fromMs <= nowMs()) ?? request.course[0]!).controls;
  const levelNow = () => remainingLevel((request.endsAtMs - nowMs()) / 1000);
  let level = levelNow();
  /** The controls and the motif are stated anew: dropping the oldest tokens alone would lose style and theme. */
  function takeIn(music: readonly number[]): Promise<Float32Array> {
    decoder.reset();
    level = levelNow();
    return decoder.append([...encodePrefix(controlsNow(), level, motif), ...music]);
  }

  const nats: number[] = [];
  let noteNats = 0;
  let ended = false;
  let logits = await takeIn(given === 0 ? (request.heard ?? []).slice(-3 * keep) : sequence);
  for (;;) {
    const slot = sequence.length % 3;
    const allowed = rules.allowed();
    // A copy: the decoder's own array is not ours to change.
    const bent = logits.slice();
    if (slot === 1) register.bend(bent, controlsNow().register);
    if (slot === 2) hold.bend(bent);
    if (slot === 0) {
      if (request.breath && sequence.length === given) allowed.fill(0, DELTA, DELTA + BREATH_MS / STEP_MS);
      pace.bend(bent);
    }
    const token = sampleToken(bent, allowed, SAMPLING[slot]!, random);
    ended = token === END;
    if (ended) break;
    noteNats = (slot === 0 ? 0 : noteNats) + natsOf(logits, token, slot);
    sequence.push(token);
    rules.push(token);
    let mark: readonly number[] = [];
    if (rules.atBoundary) {
      if (sequence.at(-2) !== NO_PITCH) {
        nats.push(noteNats);
        register.struck(decodePitch(sequence.at(-2)!));
        pace.struck(rules.nowMs);
        hold.struck(rules.sounding);
      }
      if (nowMs() >= request.untilMs || !goesOn(sequence.length - given, nowMs())) break;
      if (levelNow() > level) {
        level = levelNow();
        mark = remainingMark(level);
      }
    }
    if (decoder.length + 1 + mark.length > contextLength) {
      // Music from nothing is reminded of its own beginning.
      if (motif.length === 0 && given === 0) motif = sequence.slice(0, 3 * motifNotes);
      logits = await takeIn(sequence.slice(-(keep * 3 + (sequence.length % 3))));
    } else {
      logits = await decoder.append([token, ...mark]);
    }
  }
  const sampled = decode(sequence.slice(given)).notes;
  const notes = sampled.map((note) => ({ ...note, onsetMs: note.onsetMs + startMs + offsetMs }));
  return { notes, tokens: sequence.length - given, ended, nats };
}

const tokensOf = (notes: readonly Note[]): number[] => encode(toMusic(notes)).slice(0, -1);
