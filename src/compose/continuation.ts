import { createHash } from 'node:crypto';
import { characterOf } from '../music/character.ts';
import { lastMs, type Music, type Note, PEDAL_DOWN, type PedalChange, toMusic } from '../music/note.ts';
import { foldPedal } from '../music/pedal.ts';
import {
  beforeClosing,
  type Cadence,
  close,
  cutAtRest,
  FINAL_SILENCE_MS,
  searchMs,
} from '../music/plan/ending.ts';
import { levelOf, touch } from '../music/plan/touch.ts';
import { seededRandom } from '../music/random.ts';
import { type Controls, densityLevel, registerLevel } from '../music/tokens/vocabulary.ts';
import type { Model } from '../ports.ts';
import type { ComposePorts } from './performance.ts';
import { sampleSection } from './sample-section.ts';

/** Paces that the model is asked for; a file may have one note a minute. Notes a second. */
const PACES = [1.5, 17] as const;
export type Continuation = {
  /** The music given, unchanged, and what the model made of it. */
  readonly music: Music;
  /** The first onset of the continuation. */
  readonly continuedFromMs: number;
  readonly title: string;
  readonly cadence: Cadence;
  readonly tokens: number;
  readonly controls: Controls;
  readonly notesPerSecond: number;
};

/** A seed that belongs to the music: the same file goes on in the same way. */
export const seedOfMusic = (music: Music): number =>
  createHash('sha256')
    .update(JSON.stringify([music.notes, music.pedal]))
    .digest()
    .readUInt32BE();

/**
 * Lets the model go on from music for so many minutes, and ends it properly. Nothing of the music given is changed:
 * no key that it holds is struck, and its pedal stays as it is until it is over.
 * @returns null where every key is held all along, so that nothing can be added
 */
export async function goOn(
  given: Music,
  { minutes, seed }: { readonly minutes: number; readonly seed: number },
  { model, onProgress, signal }: { readonly model: Model } & Pick<ComposePorts, 'onProgress' | 'signal'>,
): Promise<Continuation | null> {
  const ofMs = minutes * 60_000;
  const lengthMs = beforeClosing(ofMs);
  const lastOnsetMs = given.notes.at(-1)!.onsetMs;
  const { controls, notesPerSecond, loudness } = characterMeasured(given);
  const sampled = await sampleSection(
    {
      course: [{ fromMs: 0, controls }],
      notesPerSecond,
      endsAtMs: lastOnsetMs + lengthMs,
      before: foldPedal(given).notes,
      breath: false,
      untilMs: lastOnsetMs + lengthMs + searchMs(lengthMs),
      mayEndFromMs: null,
    },
    model.newDecoder(),
    model.contextLength,
    seededRandom(seed),
    (tokens, nowMs) => {
      signal?.throwIfAborted();
      onProgress?.({ tokens, composedMs: nowMs - lastOnsetMs, ofMs });
      return true;
    },
  );
  const fromMs = sampled.notes[0]?.onsetMs ?? lastOnsetMs;
  const own = sampled.notes.map((note) => ({ ...note, onsetMs: note.onsetMs - fromMs }));
  if (own.length === 0) return null;
  const cut = cutAtRest(own, lastOnsetMs + lengthMs - fromMs);
  const played = touch(close(cut.notes), [0], loudness);
  const notes = played.notes
    .map((note) => ({ ...note, onsetMs: note.onsetMs + fromMs }))
    .filter((note) => note.onsetMs > lastOnsetMs && !isHeld(given.notes, note));
  if (notes.length === 0) return null;
  const pedal = played.pedal.map((change) => ({ ...change, ms: change.ms + fromMs }));
  const continuedFromMs = notes[0]!.onsetMs;
  const endMs = Math.max(lastMs(notes, []), given.durationMs);
  return {
    music: toMusic(
      [...given.notes, ...notes],
      [...given.pedal, ...afterwards(given, pedal), { ms: endMs + FINAL_SILENCE_MS, value: 0 }],
    ),
    continuedFromMs,
    title: characterOf(notes, endMs - continuedFromMs),
    cadence: cut.cadence,
    tokens: sampled.tokens,
    controls,
    notesPerSecond,
  };
}

/** How loud, how dense and how high the music is, in the words of the model's prefix. */
function characterMeasured({ notes }: Music) {
  const spanMs = notes.at(-1)!.onsetMs - notes[0]!.onsetMs;
  const [slowest, fastest] = PACES;
  const measured = notes.length / Math.max(1, spanMs / 1000);
  const notesPerSecond = Math.min(fastest, Math.max(slowest, measured));
  const mean = (key: 'velocity' | 'pitch') => notes.reduce((sum, note) => sum + note[key], 0) / notes.length;
  const velocity = mean('velocity');
  const controls: Controls = {
    style: 'stanford-piano-rolls',
    loudness: Math.floor(velocity / 16),
    density: densityLevel(measured),
    register: registerLevel(mean('pitch')),
  };
  return { controls, notesPerSecond, loudness: levelOf(velocity) };
}

/** One release would end both strikes, and one of them is not ours. */
const isHeld = (given: readonly Note[], { pitch, onsetMs }: Note): boolean =>
  given.some((note) => note.pitch === pitch && note.onsetMs + note.durationMs > onsetMs);

/** The pedal of the continuation begins once that of the music given, and its last release, are over. */
function afterwards(given: Music, pedal: readonly PedalChange[]): PedalChange[] {
  const leftDown = (given.pedal.at(-1)?.value ?? 0) >= PEDAL_DOWN;
  const overMs = given.durationMs + 1;
  const own = pedal.filter(({ ms }) => ms > overMs);
  // The first movement that is left may be the rise of one that was not: it does no harm.
  return leftDown ? [{ ms: overMs, value: 0 }, ...own] : own;
}
