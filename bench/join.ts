import { toMusic } from '../src/music/note.ts';
import { seededRandom } from '../src/music/random.ts';
import { timeline } from '../src/music/timeline.ts';
import { evening } from './join/evening.ts';
import { trial } from './join/trial.ts';
import { lambdaDelay, path, quantile } from './sync/path.ts';

/**
 * How soon a visitor hears the music, and whether anything goes wrong for one who is cut off:
 * `npm run bench -- join --json`.
 */
const TRIALS = 10_000;
const JOINS = 1_000;
const SEED = 20_261_121;
/** From the gesture until the audio clock runs, milliseconds: Chromium on Linux takes 20 to 60. */
const AUDIO_MS = 60;
/** A person finds the button no sooner than this after the page has opened, and within that much more. */
const SOONEST_MS = 1_000;
const WITHIN_MS = 9_000;

const TARGET_MS = 1_500;

export async function run(): Promise<object> {
  const person = (random: () => number) => SOONEST_MS + random() * WITHIN_MS;
  const joins = Array.from({ length: JOINS }, (_, i) => join(seededRandom(SEED + i), person));
  const atOnce = Array.from({ length: JOINS }, (_, i) => join(seededRandom(SEED + i), () => 0));
  const sum = { stuck: 0, doubled: 0, missed: 0 };
  for (let i = 0; i < TRIALS; i++) {
    const { stuck, doubled, missed } = trial(seededRandom(SEED + JOINS + i));
    sum.stuck += stuck;
    sum.doubled += doubled;
    sum.missed += missed;
  }
  const joinToFirstSoundP95Ms = p95(joins.map(({ soundMs }) => soundMs));
  const heldWrong = joins.reduce((all, { heldWrong }) => all + heldWrong, 0);
  return {
    bench: 'join',
    joins: JOINS,
    joinToFirstSoundP95Ms,
    // For one who presses Join in the very moment the page opens, handshake and all.
    openToFirstSoundP95Ms: p95(atOnce.map(({ soundMs }) => soundMs)),
    heldWrong,
    trials: TRIALS,
    stuckNotes: sum.stuck,
    doubledNotes: sum.doubled,
    missedAfterRejoin: sum.missed,
    targets: {
      joinToFirstSoundP95Ms: TARGET_MS,
      heldWrong: 0,
      stuckNotes: 0,
      doubledNotes: 0,
      missedAfterRejoin: 0,
    },
    met: joinToFirstSoundP95Ms <= TARGET_MS && heldWrong + sum.stuck + sum.doubled + sum.missed === 0,
  };
}

const p95 = (values: readonly number[]): number => Math.round(quantile(values, 0.95));

/** Chords of three that follow one another every four seconds: at any instant exactly one is held. */
const CHORD_MS = 4_000;
const LENGTH_MS = 60_000;
const CHORDS = toMusic(
  Array.from({ length: (3 * LENGTH_MS) / CHORD_MS }, (_, i) => ({
    onsetMs: Math.floor(i / 3) * CHORD_MS,
    durationMs: CHORD_MS - 1,
    pitch: 40 + 12 * (i % 3) + (Math.floor(i / 3) % 12),
    velocity: 64,
  })),
  [],
);

/** One page opens while the music plays, and joins. */
function join(random: () => number, after: (random: () => number) => number) {
  const way = path(random);
  const openMs = 5_000 + random() * 30_000;
  const joinMs = openMs + after(random);
  const { sounds } = evening({
    music: timeline(CHORDS),
    up: way.up,
    down: way.down,
    work: () => lambdaDelay(random),
    loss: 0,
    random,
    openMs,
    joinMs,
    audioMs: AUDIO_MS,
    cuts: [],
    endMs: joinMs + 5_000,
    leadMs: 120_000,
  });
  const heard = sounds.map(({ atMs, givenMs }) => Math.max(atMs, givenMs));
  const first = Math.min(...heard);
  const held = CHORDS.notes.filter((note) => note.onsetMs <= first && note.onsetMs + note.durationMs > first);
  const sounding = sounds.filter((_, i) => heard[i]! <= first + 1).map(({ note }) => note);
  const right = held.filter((note) => sounding.includes(note) || sounding.some((one) => same(one, note)));
  return { soundMs: first - joinMs, heldWrong: Math.abs(held.length - right.length) };
}

const same = (a: { onsetMs: number; pitch: number }, b: { onsetMs: number; pitch: number }): boolean =>
  a.onsetMs === b.onsetMs && a.pitch === b.pitch;
