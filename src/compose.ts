import { createHash } from 'node:crypto';
import { composeMovement } from './movement.ts';
import { characterOf, titleOf } from './music/character.ts';
import { type Marker, writeMidiFile } from './music/midi-file.ts';
import { type Music, type Note, type PedalChange, toMusic } from './music/note.ts';
import { planProgramme } from './music/programme.ts';
import { seededRandom } from './music/random.ts';
import { encode } from './music/tokens.ts';
import { TOUCH_SETTINGS } from './music/touch.ts';
import type { Clock, Model, PerformanceRecord, Performances, StoredPerformance } from './ports.ts';
import { type Prompt, promptOf } from './prompted.ts';
import { SAMPLING } from './sample-section.ts';

export const DEFAULT_MINUTES = 8;
/** The silence after the last chord; milliseconds. */
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
  /** What the first movement goes on from. */
  readonly prompt?: Prompt | null;
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
  const { model, prompt } = ports;
  const decoder = model.newDecoder();
  const heard = prompt ? encode(prompt.music).slice(0, -1) : [];
  const notes: Note[] = [];
  const pedal: PedalChange[] = [];
  const movements: PerformanceRecord['movements'][number][] = [];
  let tokens = 0;
  let startMs = 0;
  let cutShort = false;
  const deadlineMs = (settings.deadline ?? Number.POSITIVE_INFINITY) - RESERVE_MS;
  for (const plan of plans) {
    startMs += plan.restMs;
    const from = startMs;
    const movement = await composeMovement(
      plan,
      decoder,
      model.contextLength,
      random,
      plan === plans[0] ? heard : [],
      (count, nowMs) => {
        ports.signal?.throwIfAborted();
        const composedMs = from + nowMs;
        ports.onProgress?.({ tokens: tokens + count, composedMs, ofMs: settings.minutes * 60_000 });
        cutShort = ports.clock.now() >= deadlineMs;
        return !cutShort;
      },
    );
    tokens += movement.tokens;
    const { music, cadence } = movement;
    if (music.notes.length > 0) {
      const sections = movement.sections.map((section) => ({ ...section, startMs: section.startMs + from }));
      movements.push({ startMs, title: characterOf(music.notes, music.durationMs), cadence, sections });
      for (const note of music.notes) notes.push({ ...note, onsetMs: note.onsetMs + from });
      for (const change of music.pedal) pedal.push({ ...change, ms: change.ms + from });
      startMs += music.durationMs;
    }
    if (cutShort) break;
  }
  const sounding = toMusic(notes, pedal);
  // A pedal that rises where it is up already: nothing is heard of it, but the file lasts as long as its silence.
  const music = toMusic(notes, [...pedal, { ms: sounding.durationMs + FINAL_SILENCE_MS, value: 0 }]);
  if (sounding.durationMs < Math.min(SHORTEST_MS, settings.minutes * 30_000)) {
    throw new DeadlineError(
      'the deadline leaves no time for music: give more time, or ask for fewer minutes',
    );
  }
  return toStored(settings, ports, music, movements, tokens, cutShort);
}

function toStored(
  { date, seed, minutes }: ComposeSettings,
  { model, clock, prompt }: ComposePorts,
  music: Music,
  movements: PerformanceRecord['movements'],
  tokens: number,
  cutShort: boolean,
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
    modelSha256: model.sha256,
    midiSha256: createHash('sha256').update(midi).digest('hex'),
    settings: {
      minutes,
      pitchTemperature: SAMPLING[1].temperature,
      pitchMinP: SAMPLING[1].minP ?? 0,
      cutShort,
      touch: JSON.stringify(TOUCH_SETTINGS),
      ...(prompt ? { promptSha256: prompt.sha256 } : {}),
    },
    tokens,
    movements,
  };
  return { record, midi };
}

export type DayOutcome =
  | { readonly outcome: 'composed' | 'present'; readonly performance: StoredPerformance }
  | { readonly outcome: 'conflict'; readonly existing: PerformanceRecord; readonly differs: string };

/**
 * The performance of a day: composed and stored if it is not there yet. A retry or a duplicate event finds the
 * one that is. Without a prompt of its own it goes on from where the last day ended. Settings given explicitly must be
 * those of the stored one, unless `force` replaces it.
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
  const prompt = ports.prompt ?? (await dayBefore(date, performances));
  const performance = await compose(
    { date, seed, minutes, ...(deadline === undefined ? {} : { deadline }) },
    { ...ports, prompt },
  );
  if (request.force) {
    await performances.replace(performance);
  } else if ((await performances.create(performance)) === 'exists') {
    const first = await performances.get(date);
    if (first) return agree(request, first);
  }
  return { outcome: 'composed', performance };
}

/** The last performance before a date; one that cannot be read is no reason for a silent day. */
async function dayBefore(date: string, performances: Performances): Promise<Prompt | null> {
  const id = (await performances.list()).find((earlier) => earlier < date);
  const stored = id === undefined ? null : await performances.get(id).catch(() => null);
  return stored && promptOf({ sha256: stored.record.midiSha256, midi: stored.midi });
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
