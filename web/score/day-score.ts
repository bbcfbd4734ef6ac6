import type { Music } from '../../src/music/note.ts';
import { firstAtOrAfter } from '../../src/music/timeline.ts';
import { compareEvents, type ScoreEvent, strokeOf } from './event.ts';

/** The whole music as events, handed out in order: the score of a performance that is over. */
export function replayScore({ notes, pedal }: Music) {
  const events: ScoreEvent[] = [
    ...notes.flatMap(strokeOf),
    ...pedal.map(({ ms, value }): ScoreEvent => ({ kind: 'pedal', ms, value })),
  ].sort(compareEvents);
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
