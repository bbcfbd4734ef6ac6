import { createHash } from 'node:crypto';
import { characterOf } from './music/character.ts';
import { type Cadence, close, cutAtRest, restsAtEnd } from './music/ending.ts';
import { grammar } from './music/grammar.ts';
import { type Marker, writeMidiFile } from './music/midi-file.ts';
import { type Music, type Note, toMusic } from './music/note.ts';
import { pacer } from './music/pace.ts';
import { type MovementPlan, planProgramme } from './music/programme.ts';
import { seededRandom } from './music/random.ts';
import { type SamplingSettings, sampleToken } from './music/sampling.ts';
import { decode, END, encodePrefix, NO_PITCH } from './music/tokens.ts';
import type {
  Clock,
  Decoder,
  Model,
  PerformanceRecord,
  Performances,
  Random,
  StoredPerformance,
} from './ports.ts';

export const DEFAULT_MINUTES = 8;
/**
 * How each slot is sampled. Unlikely pitches are left out; Δ and touch are fine scales on which the mass of a long
 * pause is spread over many steps, so that a threshold there would cut every pause (measured: 14–45 notes/s).
 */
const SAMPLING: readonly [delta: SamplingSettings, pitch: SamplingSettings, touch: SamplingSettings] = [
  { temperature: 1 },
  { temperature: 0.97, minP: 0.03 },
  { temperature: 1 },
];
/** What stays in the network's view when its memory is full, as a part of it. */
const KEEP = 0.6;
/** The model may end a movement by itself from this part of its length on. */
const MAY_END_FROM = 0.85;
/** Music composed beyond the length asked for, so that a good pause can be chosen around it; milliseconds. */
const BEYOND_MS = 10_000;
/** What slowing down and the closing chord add to a movement, and the silence after the last; milliseconds. */
const CLOSING_MS = 7_000;
const FINAL_SILENCE_MS = 3_000;
/** Time kept back before a deadline to end the piece, write and store it; milliseconds. */
const RESERVE_MS = 2_000;
/** Less music than this is no performance; milliseconds. */
const SHORTEST_MS = 10_000;

export type ComposeSettings = {
  /** The performance's id, a date. */
  readonly date: string;
  /** Integer; the same seed, length and model give the same bytes. */
  readonly seed: number;
  /** Length asked for, rests included. */
  readonly minutes: number;
  /** When the performance must be whole, epoch milliseconds. */
  readonly deadline?: number;
};

export type Progress = { readonly tokens: number; readonly composedMs: number; readonly ofMs: number };

export type ComposePorts = {
  readonly model: Model;
  readonly clock: Pick<Clock, 'now'>;
  readonly onProgress?: (progress: Progress) => void;
  /** Gives up between two notes; nothing is stored. */
  readonly signal?: AbortSignal;
};

/** There was too little time for any music. */
export class DeadlineError extends Error {
  readonly code = 'deadline';
}

/** The seed of a day: its date as a number, 20261121. */
export const seedOf = (date: string): number => Number(date.replaceAll('-', ''));

/**
 * Composes a performance: a programme of movements, each sampled under the token grammar and ended properly.
 * @throws DeadlineError when the deadline leaves no time for ten seconds of music
 */
export async function compose(settings: ComposeSettings, ports: ComposePorts): Promise<StoredPerformance> {
  const random = seededRandom(settings.seed);
  const plans = planProgramme(settings.minutes, random);
  const decoder = ports.model.newDecoder();
  const notes: Note[] = [];
  const movements: { startMs: number; title: string; cadence: Cadence }[] = [];
  let tokens = 0;
  let startMs = 0;
  let cutShort = false;
  for (const plan of plans) {
    startMs += plan.restMs;
    const from = startMs;
    const movement = await sampleMovement(plan, decoder, random, settings, ports, (count, composedMs) =>
      ports.onProgress?.({
        tokens: tokens + count,
        composedMs: from + composedMs,
        ofMs: settings.minutes * 60_000,
      }),
    );
    tokens += movement.tokens;
    cutShort ||= movement.cutShort;
    if (movement.notes.length > 0) {
      const lengthMs = toMusic(movement.notes).durationMs;
      movements.push({ startMs, title: characterOf(movement.notes, lengthMs), cadence: movement.cadence });
      for (const note of movement.notes) notes.push({ ...note, onsetMs: note.onsetMs + startMs });
      startMs += lengthMs;
    }
    if (cutShort) break;
  }
  const sounding = toMusic(notes);
  // A pedal that rises where it is up already: nothing is heard of it, but the file lasts as long as its silence.
  const music = toMusic(notes, [{ ms: sounding.durationMs + FINAL_SILENCE_MS, value: 0 }]);
  if (sounding.durationMs < Math.min(SHORTEST_MS, settings.minutes * 30_000)) {
    throw new DeadlineError(
      'the deadline leaves no time for music: give more time, or ask for fewer minutes',
    );
  }
  return toStored(settings, ports, music, movements, tokens, cutShort);
}

function toStored(
  { date, seed, minutes }: ComposeSettings,
  { model, clock }: ComposePorts,
  music: Music,
  movements: PerformanceRecord['movements'],
  tokens: number,
  cutShort: boolean,
): StoredPerformance {
  const title = `Pianola ${date}`;
  const markers: Marker[] = movements.map(({ startMs, title }) => ({ ms: startMs, text: title }));
  const midi = writeMidiFile({ title, music, markers });
  const record: PerformanceRecord = {
    schema: 1,
    id: date,
    title,
    composedAt: clock.now(),
    seed,
    durationMs: music.durationMs,
    notes: music.notes.length,
    modelSha256: model.sha256,
    midiSha256: createHash('sha256').update(midi).digest('hex'),
    settings: {
      minutes,
      pitchTemperature: SAMPLING[1].temperature,
      pitchMinP: SAMPLING[1].minP ?? 0,
      cutShort,
    },
    tokens,
    movements,
  };
  return { record, midi };
}

type Movement = {
  readonly notes: readonly Note[];
  readonly tokens: number;
  readonly cutShort: boolean;
  readonly cadence: Cadence;
};

/** Samples until the length is reached, the model ends, or the deadline comes near; always ends the music properly. */
async function sampleMovement(
  plan: MovementPlan,
  decoder: Decoder,
  random: Random,
  { deadline = Number.POSITIVE_INFINITY }: ComposeSettings,
  { model, clock, signal }: ComposePorts,
  onProgress: (tokens: number, composedMs: number) => void,
): Promise<Movement> {
  const prefix = encodePrefix(plan.controls);
  const targetMs = Math.max(plan.lengthMs / 2, plan.lengthMs - CLOSING_MS);
  const rules = grammar(() => rules.nowMs >= targetMs * MAY_END_FROM);
  const pace = pacer(plan.notesPerSecond);
  const sequence: number[] = [];
  decoder.reset();
  let logits = await decoder.append(prefix);
  let cutShort = false;
  let ended = false;
  for (;;) {
    if (rules.atBoundary) {
      // A copy: the decoder's own array is not ours to change.
      logits = logits.slice();
      pace.bend(logits);
    }
    const token = sampleToken(logits, rules.allowed(), SAMPLING[sequence.length % 3]!, random);
    ended = token === END;
    if (ended) break;
    sequence.push(token);
    rules.push(token);
    if (rules.atBoundary) {
      if (sequence.at(-2) !== NO_PITCH) pace.struck(rules.nowMs);
      signal?.throwIfAborted();
      onProgress(sequence.length, rules.nowMs);
      if (rules.nowMs >= targetMs + BEYOND_MS) break;
      cutShort = clock.now() >= deadline - RESERVE_MS;
      if (cutShort) break;
    }
    if (decoder.length + 1 > model.contextLength) {
      // The prefix and the last of the music are taken in anew: dropping the oldest alone would lose the style.
      const keep = Math.floor((model.contextLength * KEEP) / 3) * 3 + (sequence.length % 3);
      decoder.reset();
      logits = await decoder.append([...prefix, ...sequence.slice(-keep)]);
    } else {
      logits = await decoder.append([token]);
    }
  }
  const sampled = decode(sequence).notes;
  const firstMs = sampled[0]?.onsetMs ?? 0;
  const notes = sampled.map((note) => ({ ...note, onsetMs: note.onsetMs - firstMs }));
  if (notes.length === 0) return { notes, tokens: sequence.length, cutShort, cadence: 'rule' };
  // An end that the model found by itself is not moved.
  const cut = ended ? { notes, cadence: restsAtEnd(notes) } : cutAtRest(notes, targetMs);
  return { notes: close(cut.notes), tokens: sequence.length, cutShort, cadence: cut.cadence };
}

export type DayOutcome =
  | { readonly outcome: 'composed' | 'present'; readonly performance: StoredPerformance }
  | { readonly outcome: 'conflict'; readonly existing: PerformanceRecord; readonly differs: string };

/**
 * The performance of a day: composed and stored if it is not there yet. A retry or a duplicate event finds the
 * one that is. Settings given explicitly must be those of the stored one, unless `force` replaces it.
 */
export async function composeDay(
  request: { date: string; seed?: number; minutes?: number; deadline?: number; force?: boolean },
  performances: Performances,
  /** Opened only when there is something to compose. */
  open: () => Promise<ComposePorts>,
): Promise<DayOutcome> {
  const stored = request.force ? null : await performances.get(request.date);
  if (stored) return agree(request, stored);
  const ports = await open();
  const { date, seed = seedOf(request.date), minutes = DEFAULT_MINUTES, deadline } = request;
  const performance = await compose(
    { date, seed, minutes, ...(deadline === undefined ? {} : { deadline }) },
    ports,
  );
  if (request.force) {
    await performances.replace(performance);
  } else if ((await performances.create(performance)) === 'exists') {
    const first = await performances.get(date);
    if (first) return agree(request, first);
  }
  return { outcome: 'composed', performance };
}

function agree(request: { seed?: number; minutes?: number }, stored: StoredPerformance): DayOutcome {
  const { seed, settings } = stored.record;
  const differs: string[] = [];
  if (request.seed !== undefined && request.seed !== seed) differs.push(`seed ${seed}, not ${request.seed}`);
  if (request.minutes !== undefined && request.minutes !== settings.minutes) {
    differs.push(`${settings.minutes} minutes, not ${request.minutes}`);
  }
  if (differs.length === 0) return { outcome: 'present', performance: stored };
  return { outcome: 'conflict', existing: stored.record, differs: differs.join('; ') };
}
