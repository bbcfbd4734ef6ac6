import type { Music, Note } from '../../src/music/note.ts';
import { toMusic } from '../../src/music/note.ts';
import { foldPedal } from '../../src/music/pedal.ts';
import { timeline } from '../../src/music/timeline.ts';
import { type Cut, evening } from './evening.ts';

/** Milliseconds of music, and of the lead, which is short here so that outages are felt. */
const LENGTH_MS = 75_000;
const LEAD_MS = 20_000;
/** A page that comes back after the end has nothing to hear: the longest wait between two attempts fits in. */
const LAST_CUT_MS = LENGTH_MS - 25_000;
/** After Join, or after the connection is back, everything is right from here on: 5 pings at 120 ms, and the way. */
const GRACE_MS = 1_500;
/** A page's clock may be as wrong. */
const CLOCK_MS = 50;
/** How often a page asks again for what a lossy wire has swallowed, and the check that sees it. */
const ASK_MS = 6_000;

export type Verdict = { readonly stuck: number; readonly doubled: number; readonly missed: number };

/** A random piece, a page that joins at a random moment of it and is cut off at others, on a wire that loses frames. */
export function trial(random: () => number): Verdict {
  const music = anyMusic(random);
  const openMs = Math.floor(random() * (LAST_CUT_MS - 5_000));
  const oneWay = 5 + random() * 145;
  const { sounds, openedMs } = evening({
    music: timeline(music),
    up: () => oneWay * (1 + 0.1 * random()),
    down: () => oneWay * (1 + 0.1 * random()),
    work: () => 5 + 20 * random(),
    loss: 0.1 * random(),
    random,
    openMs,
    joinMs: openMs + random() * 3_000,
    audioMs: 60,
    cuts: anyCuts(random, openMs),
    endMs: LENGTH_MS + 25_000,
    leadMs: LEAD_MS,
  });
  const counts = new Map<string, number>();
  for (const { note } of sounds) counts.set(keyOf(note), (counts.get(keyOf(note)) ?? 0) + 1);
  const rejoined = Math.max(...openedMs, openMs + 3_000 + 60) + GRACE_MS + ASK_MS;
  const ends = new Map(foldPedal(music).notes.map((note) => [keyOf(note), note.onsetMs + note.durationMs]));
  // What sounds then, held from before, is as much to be there as what begins later.
  const wanted = music.notes.filter((note) => ends.get(keyOf(note))! > rejoined);
  return {
    stuck: sounds.filter(({ note, dampedMs }) => {
      const end = ends.get(keyOf(note)) ?? 0;
      // What the pedal holds at the end rings out by itself; what it held at the cut, until more is known.
      return dampedMs === null ? end < music.durationMs : dampedMs > Math.max(end, rejoined) + CLOCK_MS;
    }).length,
    doubled: [...counts.values()].filter((count) => count > 1).length,
    missed: wanted.filter((note) => !counts.has(keyOf(note))).length,
  };
}

const keyOf = ({ onsetMs, pitch }: Note): string => `${onsetMs}/${pitch}`;

/** Up to three outages, some longer than what a page has in hand. */
function anyCuts(random: () => number, openMs: number): Cut[] {
  return Array.from({ length: 1 + Math.floor(3 * random()) }, () => {
    const fromMs = openMs + 2_000 + random() * (LAST_CUT_MS - 2_000 - openMs);
    return { fromMs, toMs: Math.min(fromMs + 100 + random() ** 2 * 30_000, LAST_CUT_MS) };
  });
}

/** Dense, with repeated keys, long notes and a moving pedal; no key is struck while it is held. */
function anyMusic(random: () => number): Music {
  const free = new Map<number, number>();
  const notes: Note[] = [];
  for (let onsetMs = 0; onsetMs < LENGTH_MS; onsetMs += Math.floor(20 + random() * 700)) {
    const pitch = 21 + Math.floor(random() * 88);
    if ((free.get(pitch) ?? 0) > onsetMs) continue;
    const durationMs = 1 + Math.floor(random() ** 3 * 15_000);
    free.set(pitch, onsetMs + durationMs);
    notes.push({ onsetMs, durationMs, pitch, velocity: 1 + Math.floor(random() * 127) });
  }
  const pedal = Array.from({ length: Math.floor(random() * 30) }, () => ({
    ms: Math.floor(random() * LENGTH_MS),
    value: Math.floor(random() * 128),
  }));
  return toMusic(
    notes,
    pedal.sort((a, b) => a.ms - b.ms),
  );
}
