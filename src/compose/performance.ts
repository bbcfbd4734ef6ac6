/** Composes a performance: a programme of movements in bars, written by the network phrase by phrase and then played. */
import { createHash } from 'node:crypto';
import type { Marker } from '../music/midi/file.ts';
import { writeMidiFile } from '../music/midi/write.ts';
import { type Music, type Note, type PedalChange, toMusic } from '../music/note.ts';
import { interpret } from '../music/pianist/interpretation.ts';
import { type Played, play } from '../music/pianist/perform.ts';
import { closed } from '../music/plan/closing-bar.ts';
import type { MovementPlan } from '../music/plan/programme.ts';
import { movementTitle, performanceTitle } from '../music/plan/titles.ts';
import { phrasesOf } from '../music/score/phrases.ts';
import { numbersOf } from '../music/score/recorded.ts';
import { barLength, type Score, STEPS_PER_QUARTER } from '../music/score/score.ts';
import { tidy } from '../music/sheet/tidy.ts';
import type { Originality } from '../music/taste/originality.ts';
import type { Clock, PerformanceRecord, StoredPerformance } from '../ports.ts';
import {
  candidatesWithin,
  DeadlineError,
  programmeWithin,
  sampledBy,
  tokensFrom,
  tokensUntil,
} from './budget.ts';
import { candidatesOf } from './choose-phrase.ts';
import { composeMovement } from './movement.ts';
import type { Prompt } from './prompt.ts';
import { PHRASE_SAMPLING } from './sample-phrase.ts';
import type { Sampler } from './sampler.ts';
import { sectionsOf } from './sections.ts';
import { themeOf } from './week-theme.ts';

/** Of each phrase the best of so many is taken, where nothing is asked for; fewer where time is short. */
export const DEFAULT_CANDIDATES = 8;
/** Less music than this is no performance; milliseconds. */
const SHORTEST_MS = 10_000;
/** How much slower and faster than planned a movement may be played, for the length asked for. */
const GIVES_WAY = [0.9, 1.15] as const;
/** The silence after the last chord of all; milliseconds. */
export const FINAL_SILENCE_MS = 3_000;
/** Seeds of phrases are of 32 bits. */
const SEEDS = 2 ** 32;

export { DeadlineError } from './budget.ts';

export type ComposeSettings = {
  /** The performance's id, a date; its week has the theme. */
  readonly date: string;
  /** Integer; the same date, seed, length, prelude, candidates, budget, prompt, model and index of what is known give the same bytes. */
  readonly seed: number;
  /** Length asked for, rests included. */
  readonly minutes: number;
  readonly candidates?: number;
  /** Length of the first movement, a prelude that is soon there; where none is given it is as long as the others. */
  readonly preludeMinutes?: number;
  /** Tokens that all candidates together may take, the theme's aside; planned from the deadline where none is given. */
  readonly tokenBudget?: number;
  /** When the performance must be whole, epoch milliseconds. */
  readonly deadline?: number;
};

export type Progress = { readonly tokens: number; readonly composedMs: number; readonly ofMs: number };

/** What is known of a performance after a movement. */
export type Known = {
  readonly title: string;
  readonly movements: PerformanceRecord['movements'];
  /** Nothing will be added to the music before this, milliseconds. */
  readonly knownMs: number;
  /** Up to where it will be known after each of the movements to come, by the plan; milliseconds. */
  readonly comingMs: readonly number[];
};

export type ComposePorts = {
  readonly sampler: Sampler;
  readonly clock: Pick<Clock, 'now'>;
  /** Candidates that quote the training at length are passed over; without it nobody looks. */
  readonly originality?: Originality | null;
  /** What the first movement opens with, instead of the week's theme. */
  readonly prompt?: Prompt | null;
  readonly onProgress?: (progress: Progress) => void;
  /** Told of the music so far after each movement, as long as the whole is to be; and what more is known by then. */
  readonly onMovement?: (soFar: Music, known: Known) => void;
  /** Gives up between two notes; nothing is stored. */
  readonly signal?: AbortSignal;
  /** Called by `composeDay` when it is done with the sampler. */
  readonly release?: () => Promise<void>;
};

/** What is composed: the performance, and the scores that it is played from, with where each begins. */
export type Composed = StoredPerformance & {
  readonly scores: readonly { readonly startMs: number; readonly title: string; readonly score: Score }[];
};

/**
 * Speed decides nothing but the budget, which is recorded, and a stop in need, which is recorded as well.
 * @throws DeadlineError when the deadline leaves no time for ten seconds of music
 */
export async function compose(settings: ComposeSettings, ports: ComposePorts): Promise<Composed> {
  const { candidates = DEFAULT_CANDIDATES, deadline = Number.POSITIVE_INFINITY } = settings;
  const { sampler, clock, signal, originality = null, prompt = null } = ports;
  const wholeAt = sampledBy(deadline, clock);
  const late = new AbortController();
  const stopped = signal ? AbortSignal.any([late.signal, signal]) : late.signal;
  const ofMs = settings.minutes * 60_000;
  let tokens = 0;
  const tell = (sampled: number, composedMs: number): void => {
    ports.onProgress?.({ tokens: tokens + sampled, composedMs, ofMs });
    if (clock.now() >= wholeAt) late.abort();
  };
  const theme =
    prompt?.theme ??
    (await themeOf(settings.date, sampler, originality, stopped, (sampled) => tell(sampled, 0)));
  tokens += theme?.spent ?? 0;
  signal?.throwIfAborted();
  const tokenBudget =
    settings.tokenBudget ??
    (deadline === Number.POSITIVE_INFINITY ? deadline : await tokensUntil(wholeAt, sampler, clock));
  const { plans, minutes, random } = programmeWithin(tokenBudget, settings, theme);
  const budget = candidatesWithin(tokenBudget, candidates);

  const title = performanceTitle(plans.map(({ character, home }) => ({ name: character.name, home })));
  const notes: Note[] = [];
  const pedal: PedalChange[] = [];
  const movements: PerformanceRecord['movements'][number][] = [];
  const scores: Composed['scores'][number][] = [];
  let startMs = 0;
  for (const [i, plan] of plans.entries()) {
    const { character, home, quartersPerMinute } = plan;
    startMs += plan.restMs;
    let written = 0;
    const phraseMs = (phrase: (typeof plan.phrases)[number]): number =>
      (phrase.bars * barLength(character.metre) * 60_000) / (STEPS_PER_QUARTER * quartersPerMinute);
    const movement = await composeMovement(
      { ...character, phrases: plan.phrases, ...(i === 0 && theme ? { theme } : {}) },
      sampler,
      originality,
      async (request, phrase) => {
        const seed = Math.floor(random() * SEEDS);
        const count = budget.count(tokensFrom(phrase, plans.slice(i)));
        const report = (sampled: number) => tell(sampled, startMs + written);
        const answer = await candidatesOf(request, { seed, count }, sampler, report, stopped);
        signal?.throwIfAborted();
        const spent = (answer ?? []).reduce((sum, candidate) => sum + candidate.tokens.length, 0);
        tokens += spent;
        budget.spend(spent);
        written += phraseMs(phrase);
        return answer;
      },
    );
    if (movement.score.notes.length > 0) {
      const score = tidy(closed(movement.score, home));
      const own = movementTitle(character.name, home);
      const seed = Math.floor(random() * SEEDS);
      const { music, barsMs, tempo } = playFor(plan.lengthMs, score, quartersPerMinute, seed);
      const sections = sectionsOf(movement.phrases).map(({ bar, ...section }) => ({
        ...section,
        startMs: bar === 0 ? startMs : startMs + barsMs[bar]!,
      }));
      movements.push({
        startMs,
        title: own,
        sections,
        score: {
          ...numbersOf(score),
          ...home,
          quartersPerMinute: tempo,
          barsMs: barsMs.map((ms) => ms + startMs),
        },
      });
      scores.push({ startMs, title: own, score });
      for (const note of music.notes) notes.push({ ...note, onsetMs: note.onsetMs + startMs });
      for (const change of music.pedal) pedal.push({ ...change, ms: change.ms + startMs });
      startMs += music.durationMs;
      const [knownMs, ...comingMs] = endsOf(plans.slice(i + 1), startMs);
      ports.onMovement?.(
        { ...toMusic(notes, pedal), durationMs: ofMs },
        { title, movements: [...movements], knownMs: knownMs!, comingMs },
      );
    }
    if (late.signal.aborted) break;
  }
  const sounding = toMusic(notes, pedal);
  if (sounding.durationMs < Math.min(SHORTEST_MS, settings.minutes * 30_000)) throw new DeadlineError();
  // A pedal that rises where it is up already: nothing is heard of it, but the file lasts as long as its silence.
  const music = toMusic(notes, [...pedal, { ms: sounding.durationMs + FINAL_SILENCE_MS, value: 0 }]);
  const markers: Marker[] = movements.map((movement) => ({ ms: movement.startMs, text: movement.title }));
  const midi = writeMidiFile({ title, music, markers });
  const [place, pitch, length] = PHRASE_SAMPLING;
  const record: PerformanceRecord = {
    schema: 1,
    id: settings.date,
    title,
    composedAt: clock.now(),
    seed: settings.seed,
    durationMs: music.durationMs,
    notes: music.notes.length,
    modelSha256: sampler.sha256,
    midiSha256: createHash('sha256').update(midi).digest('hex'),
    settings: {
      minutes: settings.minutes,
      plannedMinutes: Math.round(minutes * 1000) / 1000,
      candidates,
      tokenBudget: Number.isFinite(tokenBudget) ? tokenBudget : null,
      cutShort: late.signal.aborted,
      originalitySha256: originality?.sha256 ?? null,
      ...(settings.preludeMinutes ? { preludeMinutes: settings.preludeMinutes } : {}),
      ...(prompt ? { promptSha256: prompt.sha256 } : {}),
      sampling: JSON.stringify({ place, pitch, length }),
    },
    tokens,
    movements,
  };
  return { record, midi, scores };
}

/** Where silence ends that begins at an instant, and, by the plan, those after each of the movements that follow; milliseconds. */
function endsOf(plans: readonly MovementPlan[], fromMs: number): number[] {
  const ends = [fromMs + (plans[0]?.restMs ?? 0)];
  for (const [i, { lengthMs }] of plans.entries())
    ends.push(ends[i]! + lengthMs + (plans[i + 1]?.restMs ?? 0));
  return ends;
}

/** Plays a score at a tempo, or at one near it with which it lasts as long as it should. */
function playFor(
  lengthMs: number,
  score: Score,
  quartersPerMinute: number,
  seed: number,
): Played & { tempo: number } {
  const phrases = phrasesOf(score);
  const plan = interpret(score, phrases, seed);
  const plain = play(score, { ...plan, tempo: quartersPerMinute }, phrases);
  const [slowest, fastest] = GIVES_WAY;
  const factor = Math.min(fastest, Math.max(slowest, plain.music.durationMs / lengthMs));
  const tempo = Math.round(quartersPerMinute * factor * 10) / 10;
  return { ...play(score, { ...plan, tempo }, phrases), tempo };
}
