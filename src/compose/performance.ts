import { createHash } from 'node:crypto';
import { characterOf, titleOf } from '../music/character.ts';
import type { Marker } from '../music/midi/file.ts';
import { writeMidiFile } from '../music/midi/write.ts';
import { type Music, type Note, type PedalChange, toMusic } from '../music/note.ts';
import { FINAL_SILENCE_MS } from '../music/plan/ending.ts';
import type { SectionRequest } from '../music/plan/section.ts';
import { TOUCH_SETTINGS } from '../music/plan/touch.ts';
import type { Taste } from '../music/taste/taste.ts';
import { encode } from '../music/tokens/vocabulary.ts';
import type { Clock, PerformanceRecord, StoredPerformance } from '../ports.ts';
import {
  candidatesWithin,
  DeadlineError,
  programmeWithin,
  sampledBy,
  tokensFor,
  tokensUntil,
} from './budget.ts';
import { chooseMovement } from './choose-movement.ts';
import { chooseSection } from './choose-section.ts';
import { composeMovement } from './movement.ts';
import type { Prompt } from './prompt.ts';
import { SAMPLING } from './sample-section.ts';
import type { Sampler } from './sampler.ts';

export { DeadlineError } from './budget.ts';

/** Of each section the best of so many is taken, where nothing is asked for; fewer where time is short. */
export const DEFAULT_CANDIDATES = 8;
/** Less music than this is no performance; milliseconds. */
const SHORTEST_MS = 10_000;
/** Seeds of sections are of 32 bits. */
const SEEDS = 2 ** 32;

export type ComposeSettings = {
  /** The performance's id, a date. */
  readonly date: string;
  /** Integer; the same seed, length, candidates, budget, model, taste and prompt give the same bytes. */
  readonly seed: number;
  /** Length asked for, rests included. */
  readonly minutes: number;
  /** Of each section the best of so many is taken; fewer where the budget does not suffice, one where there is no taste. */
  readonly candidates?: number;
  /** Tokens that all candidates together may take; planned from the deadline where none is given. */
  readonly tokenBudget?: number;
  /** When the performance must be whole, epoch milliseconds. */
  readonly deadline?: number;
};

export type Progress = { readonly tokens: number; readonly composedMs: number; readonly ofMs: number };

export type ComposePorts = {
  readonly sampler: Sampler;
  readonly clock: Pick<Clock, 'now'>;
  /** What candidates are judged by; without it there is one of each section. */
  readonly taste?: Taste | null;
  /** What the first movement goes on from. */
  readonly prompt?: Prompt | null;
  readonly onProgress?: (progress: Progress) => void;
  /** Told of all that is composed, whenever a movement is whole; its music lasts as long as the piece is to. */
  readonly onMovement?: (soFar: Music) => void;
  /** Gives up between two notes; nothing is stored. */
  readonly signal?: AbortSignal;
  /** Called by `composeDay` when it is done with the sampler. */
  readonly release?: () => Promise<void>;
};

/**
 * Composes a performance: a programme of movements, each of sections chosen from candidates and ended properly.
 * Speed decides nothing but the budget, which is recorded, and a stop in need, which is recorded as well.
 * @throws DeadlineError when the deadline leaves no time for ten seconds of music
 */
export async function compose(settings: ComposeSettings, ports: ComposePorts): Promise<StoredPerformance> {
  const { candidates = DEFAULT_CANDIDATES, deadline = Number.POSITIVE_INFINITY } = settings;
  const { sampler, clock, taste = null, prompt, signal } = ports;
  const wholeAt = sampledBy(deadline, clock);
  const tokenBudget =
    settings.tokenBudget ??
    (deadline === Number.POSITIVE_INFINITY ? deadline : await tokensUntil(wholeAt, sampler, clock));
  const { plans, minutes, random } = programmeWithin(tokenBudget, settings.minutes, settings.seed);
  const budget = candidatesWithin(tokenBudget, taste ? candidates : 1);
  const heard = prompt ? encode(prompt.music).slice(0, -1) : [];
  const late = new AbortController();
  const stopped = signal ? AbortSignal.any([late.signal, signal]) : late.signal;

  const notes: Note[] = [];
  const pedal: PedalChange[] = [];
  const movements: PerformanceRecord['movements'][number][] = [];
  let tokens = 0;
  let startMs = 0;
  let composedMs = 0;
  for (const [i, plan] of plans.entries()) {
    startMs += plan.restMs;
    const from = startMs;
    const later = plans
      .slice(i + 1)
      .reduce((sum, next) => sum + tokensFor(next.lengthMs, next.notesPerSecond), 0);
    const sample = async (request: SectionRequest) => {
      const seed = Math.floor(random() * SEEDS);
      if (stopped.aborted) return null;
      const restMs = request.endsAtMs - (request.before.at(-1)?.onsetMs ?? 0);
      const count = budget.count(later + tokensFor(restMs, plan.notesPerSecond));
      const onProgress = (sampled: number, nowMs: number) => {
        // A movement that is composed once more is no step back.
        composedMs = Math.max(composedMs, from + nowMs);
        ports.onProgress?.({ tokens: tokens + sampled, composedMs, ofMs: settings.minutes * 60_000 });
        if (clock.now() >= wholeAt) late.abort();
      };
      const chosen = await chooseSection(request, { seed, count }, sampler, taste, onProgress, stopped);
      signal?.throwIfAborted();
      tokens += chosen.spent;
      budget.spend(chosen.spent);
      return chosen;
    };
    const own = tokensFor(plan.lengthMs, plan.notesPerSecond);
    const movement = await chooseMovement(
      () => composeMovement(plan, random, i === 0 ? heard : [], sample),
      taste?.ranges ?? null,
      () => candidates > 1 && budget.count(later + own) === candidates,
      stopped,
    );
    signal?.throwIfAborted();
    const { music, cadence, attempts } = movement;
    if (music.notes.length > 0) {
      const sections = movement.sections.map((section) => ({ ...section, startMs: section.startMs + from }));
      movements.push({
        startMs,
        title: characterOf(music.notes, music.durationMs),
        cadence,
        attempts,
        sections,
      });
      for (const note of music.notes) notes.push({ ...note, onsetMs: note.onsetMs + from });
      for (const change of music.pedal) pedal.push({ ...change, ms: change.ms + from });
      startMs += music.durationMs;
      ports.onMovement?.({ ...toMusic(notes, pedal), durationMs: settings.minutes * 60_000 });
    }
    if (late.signal.aborted) break;
  }
  const sounding = toMusic(notes, pedal);
  if (sounding.durationMs < Math.min(SHORTEST_MS, settings.minutes * 30_000)) throw new DeadlineError();
  // A pedal that rises where it is up already: nothing is heard of it, but the file lasts as long as its silence.
  const music = toMusic(notes, [...pedal, { ms: sounding.durationMs + FINAL_SILENCE_MS, value: 0 }]);
  const made = {
    minutes: settings.minutes,
    plannedMinutes: Math.round(minutes * 1000) / 1000,
    candidates,
    tokenBudget: Number.isFinite(tokenBudget) ? tokenBudget : null,
    cutShort: late.signal.aborted,
    tasteSha256: taste?.sha256 ?? null,
  };
  return toStored(settings, ports, music, movements, tokens, made);
}

function toStored(
  { date, seed }: ComposeSettings,
  { sampler, clock, prompt }: ComposePorts,
  music: Music,
  movements: PerformanceRecord['movements'],
  tokens: number,
  made: PerformanceRecord['settings'],
): StoredPerformance {
  const title = titleOf(music.notes, movements.length);
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
    modelSha256: sampler.sha256,
    midiSha256: createHash('sha256').update(midi).digest('hex'),
    settings: {
      ...made,
      pitchTemperature: SAMPLING[1].temperature,
      pitchMinP: SAMPLING[1].minP ?? 0,
      touchTemperature: SAMPLING[2].temperature,
      touch: JSON.stringify(TOUCH_SETTINGS),
      ...(prompt ? { promptSha256: prompt.sha256 } : {}),
    },
    tokens,
    movements,
  };
  return { record, midi };
}
