import type { Music } from '../../src/music/note.ts';
import { firstAtOrAfter } from '../../src/music/timeline.ts';
import type { ScoreEvent } from './event.ts';

/** Order at one instant: a key let go while the pedal goes down is caught by it. */
const RANK = { state: 0, pedal: 1, off: 2, on: 3 } as const;

/** The whole music as events, handed out in order: the score of a performance that is over. */
export function replayScore({ notes, pedal }: Music) {
  const events: ScoreEvent[] = [
    ...notes.flatMap((note): ScoreEvent[] => [
      { kind: 'on', ms: note.onsetMs, note },
      { kind: 'off', ms: note.onsetMs + note.durationMs, note },
    ]),
    ...pedal.map(({ ms, value }): ScoreEvent => ({ kind: 'pedal', ms, value })),
  ].sort((a, b) => a.ms - b.ms || RANK[a.kind] - RANK[b.kind]);
  let next = 0;
  return {
    /** Events before `ms` that were not handed out yet. */
    eventsUntil(ms: number): readonly ScoreEvent[] {
      const end = Math.max(
        next,
        firstAtOrAfter(events, (event) => event.ms, ms),
      );
      const due = events.slice(next, end);
      next = end;
      return due;
    },
    /** Hands everything out again from the beginning. */
    rewind(): void {
      next = 0;
    },
  };
}
