/** What holds for visitors' music, wherever it is composed. */
import type { Note } from '../music/note.ts';
import type { GivenTold, NotAccepted, PlainNote } from '../ports.ts';
import type { Given } from './given.ts';

/** Uploads that wait. */
export const MOST_WAITING = 24;
/** What is done is there for so long, unless it is kept; milliseconds. */
export const DONE_MS = 1_800_000;
/** Whoever has asked may send the music for so long; milliseconds. */
export const UPLOAD_MS = 300_000;
/** Half of what a day has: the page's visitor waits. Four are sampled in one run of the network. */
export const CANDIDATES = 4;
const SHORTEST_MINUTES = 0.5;
const LONGEST_MINUTES = 2;
const MOST_NAME = 120;
const ID = /^[0-9a-f]{32}$/;

/** Whether an id may be one of ours: it is part of a name, and of nothing else. */
export const isId = (id: string): boolean => ID.test(id);
export const calledBy = (name: string): string => name.slice(0, MOST_NAME) || 'your music';
export const withinMinutes = (minutes: number): number =>
  Math.min(LONGEST_MINUTES, Math.max(SHORTEST_MINUTES, minutes));

export const tooMany = (waiting: number): NotAccepted => ({
  outcome: 'refused',
  reason: 'busy',
  message: `${waiting} others are waiting already: come again in a few minutes`,
  retryAfterS: 60,
});

export const plain = ({ onsetMs, durationMs, pitch, velocity }: Note): PlainNote => [
  ...([onsetMs, durationMs, pitch, velocity] as const),
];

export function toldOf({ file: { music, verdict, warnings } }: Given): GivenTold {
  return { verdict, warnings, given: music.notes.map(plain), durationMs: music.durationMs };
}
