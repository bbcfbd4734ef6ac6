/** The composer goes on from a file: on its own beat, in its metre and key, at its pace; what was given stays as it is. */
import { createHash } from 'node:crypto';
import type { Key } from '../music/key.ts';
import { lastMs, type Music, type Note, PEDAL_DOWN, type PedalChange, toMusic } from '../music/note.ts';
import { interpret } from '../music/pianist/interpretation.ts';
import { play } from '../music/pianist/perform.ts';
import { slursOf } from '../music/pianist/slurs.ts';
import { closed } from '../music/plan/closing-bar.ts';
import { planPhrases } from '../music/plan/phrase-form.ts';
import { movementTitle } from '../music/plan/titles.ts';
import { seededRandom } from '../music/random.ts';
import { phrasesOf } from '../music/score/phrases.ts';
import type { Placed } from '../music/score/place.ts';
import { barLength, type Score, STEPS_PER_QUARTER } from '../music/score/score.ts';
import type { Slur } from '../music/sheet/notations.ts';
import { tidy } from '../music/sheet/tidy.ts';
import { encodePhrases } from '../music/tokens/encode.ts';
import { registerLevel, type Texture } from '../music/tokens/vocabulary.ts';
import { candidatesOf } from './choose-phrase.ts';
import { composeMovement } from './movement.ts';
import { type ComposePorts, DEFAULT_CANDIDATES, FINAL_SILENCE_MS } from './performance.ts';

const SEEDS = 2 ** 32;
/** Loudness of what is told before it is played. */
const PLAIN_VELOCITY = 64;
/** Bounds of what the network is asked for, notes a quarter. */
const DENSITIES = [1, 6] as const;

export type Continuation = {
  /** The music given, unchanged, and what was composed. */
  readonly music: Music;
  /** As it is engraved and played. */
  readonly score: Score;
  readonly slurs: readonly Slur[];
  /** The first onset of the continuation. */
  readonly continuedFromMs: number;
  readonly title: string;
  /** Of the continuation, as it was found in the music given. */
  readonly home: Key;
  readonly quartersPerMinute: number;
  readonly tokens: number;
  /** Whether beats had to be found, since the file has no grid. */
  readonly quantised: boolean;
};

/** A seed that belongs to the music: the same file goes on in the same way. */
export const seedOfMusic = (music: Music): number =>
  createHash('sha256')
    .update(JSON.stringify([music.notes, music.pedal]))
    .digest()
    .readUInt32BE();

export type GoOnPorts = Omit<ComposePorts, 'clock' | 'prompt' | 'release' | 'onMovement'> & {
  /** Told after each phrase of what is written so far: at its place after the music given, not yet played by a pianist. */
  readonly onPhrase?: (written: readonly Note[]) => void;
};

/**
 * Goes on for so many minutes, and comes to an end. No key that the music given holds is struck, and its pedal stays as
 * it is until it is over. @param placed the same music in bars @returns null where nothing could be added
 */
export async function goOn(
  given: Music,
  placed: Placed,
  { minutes, seed, candidates = DEFAULT_CANDIDATES }: { minutes: number; seed: number; candidates?: number },
  { sampler, onProgress, onPhrase, signal, originality = null }: GoOnPorts,
): Promise<Continuation | null> {
  const { score: before, quartersPerMinute, quantised } = placed;
  const { metre } = before.bars.at(-1)!;
  const width = barLength(metre);
  const barMs = (width * 60_000) / (STEPS_PER_QUARTER * quartersPerMinute);
  const home = phrasesOf(before).at(-1)!.key;
  const random = seededRandom(seed);
  const phrases = planPhrases('ternary', (minutes * 60_000) / barMs, home, random);
  const bars = phrases.reduce((sum, phrase) => sum + phrase.bars, 0);
  let tokens = 0;
  let written = 0;
  const never = new AbortController().signal;
  const fromMs = Math.max(placed.endMs, given.notes.at(-1)!.onsetMs + 1);
  const msOf = (steps: number) => Math.round((steps / width) * barMs);
  const movement = await composeMovement(
    { ...characterOf(before), metre, phrases, barsInAll: bars, before: encodePhrases(before, bars) },
    sampler,
    originality,
    async (request, phrase) => {
      const own = { seed: Math.floor(random() * SEEDS), count: candidates };
      const report = (sampled: number) =>
        onProgress?.({ tokens: tokens + sampled, composedMs: written * barMs, ofMs: minutes * 60_000 });
      const answer = await candidatesOf(request, own, sampler, report, signal ?? never);
      signal?.throwIfAborted();
      tokens += answer!.reduce((sum, candidate) => sum + candidate.tokens.length, 0);
      written += phrase.bars;
      return answer;
    },
    (notes) =>
      onPhrase?.(
        notes.map(({ onset, length, pitch }) => ({
          onsetMs: fromMs + msOf(onset),
          durationMs: Math.max(1, msOf(length)),
          pitch,
          velocity: PLAIN_VELOCITY,
        })),
      ),
  );
  if (movement.score.notes.length === 0) return null;
  const score = tidy(closed(movement.score, home));
  const own = phrasesOf(score);
  const { music: played } = play(score, { ...interpret(score, own, seed), tempo: quartersPerMinute }, own);
  const notes = played.notes
    .map((note) => ({ ...note, onsetMs: note.onsetMs + fromMs }))
    .filter((note) => !isHeld(given.notes, note));
  if (notes.length === 0) return null;
  const pedal = played.pedal.map((change) => ({ ...change, ms: change.ms + fromMs }));
  const endMs = Math.max(lastMs(notes, []), given.durationMs);
  return {
    music: toMusic(
      [...given.notes, ...notes],
      [...given.pedal, ...afterwards(given, pedal), { ms: endMs + FINAL_SILENCE_MS, value: 0 }],
    ),
    score,
    slurs: slursOf(score, played.notes),
    continuedFromMs: notes[0]!.onsetMs,
    title: movementTitle('Continuation', home),
    home,
    quartersPerMinute,
    tokens,
    quantised,
  };
}

/** What the music given is like, in the words of the network's prefix. */
function characterOf({ notes, bars }: Score) {
  const quarters = (bars.at(-1)!.start + bars.at(-1)!.length) / STEPS_PER_QUARTER;
  const [fewest, most] = DENSITIES;
  const texture: Texture = notes.some(({ part }) => part === 'voice') ? 'song' : 'solo';
  return {
    source: texture === 'song' ? 'openscore-lieder' : 'nifc-polish-scores',
    texture,
    notesPerQuarter: Math.min(most, Math.max(fewest, notes.length / quarters)),
    register: registerLevel(notes.reduce((sum, { pitch }) => sum + pitch, 0) / notes.length),
  } as const;
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
