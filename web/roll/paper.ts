import type { Note } from '../../src/music/note.ts';
import { weaveOf } from '../../src/music/weave.ts';
import type { Listener } from '../listener/listener.ts';
import { CLOSING_MS, END_MS, RESTING_MS } from '../page/moments.ts';
import type { StateName } from '../page/page-state.ts';
import type { WovenDay } from '../published/week.ts';
import type { Roll, RollView } from './roll.ts';
import { progressAt, type WeekView } from './week.ts';

/** States in which paper lies in the piano. */
export const PLAYING: ReadonlySet<StateName> = new Set(['doors', 'leader', 'start', 'live', 'closing']);

/** What lies on the desk, frame by frame: blank paper, the roll that is punched, and where it goes in the end. */
export type Paper = { draw(state: StateName): void };

export function paper(world: {
  readonly roll: Roll;
  readonly station: Pick<Listener, 'score' | 'position' | 'here'>;
  readonly reducedMotion: () => boolean;
  /** The week of a day, as far as it is known. */
  readonly daysOf: (date: string) => readonly WovenDay[];
  /** The strip of the newest day; '' while it is unknown. */
  readonly lastWeave: () => string;
}): Paper {
  const { roll, station, reducedMotion, daysOf, lastWeave } = world;
  /** How far the music was heard; what was never played stays unpunched. */
  let heardTo = 0;
  /** Listeners at T0, as far as this page knows, and of which broadcast. */
  let hereAtStart = 0;
  let ticksOf: string | null = null;
  let woven: { notes: readonly Note[]; of: readonly WovenDay[]; days: readonly WovenDay[] } | null = null;

  /** The days around one, its own strip made from what was heard where that is known. */
  const daysAround = (date: string): readonly WovenDay[] => {
    const of = daysOf(date);
    const { notes, pedal, hello } = station.score;
    if (woven?.notes === notes && woven.of === of) return woven.days;
    const own = notes.length > 0 ? weaveOf({ notes, pedal, durationMs: hello?.durationMs ?? heardTo }) : '';
    const days = of.map((day) => (day.date === date && !day.weave ? { ...day, weave: own } : day));
    woven = { notes, of, days };
    return days;
  };

  const weekView = (): WeekView | null => {
    const { hello } = station.score;
    const date = hello?.performance ?? null;
    const position = station.position();
    if (!hello || date === null || position === null) return null;
    const sinceMs = position - (hello.durationMs ?? 0) - CLOSING_MS - END_MS;
    return {
      date,
      days: daysAround(date),
      progress: progressAt(sinceMs, reducedMotion()),
      next: hello.next !== null,
    };
  };

  const viewOf = (state: StateName): RollView => {
    const { notes, pedal, hello } = station.score;
    const here = hello?.broadcast === ticksOf ? hereAtStart : 0;
    const faint = state === 'waiting' ? lastWeave() : '';
    const plain = { notes, pedal, here, torn: state === 'silent', faint, week: null };
    const lengthMs = hello?.durationMs ?? heardTo;
    if (state === 'ended') return { ...plain, positionMs: lengthMs, wholeMs: lengthMs, week: weekView() };
    if ((state === 'end' || state === 'stopped') && notes.length > 0)
      return { ...plain, positionMs: state === 'stopped' ? heardTo : lengthMs, wholeMs: lengthMs };
    const position = PLAYING.has(state) ? station.position() : null;
    // It rests until its paper begins to move.
    const moving = position !== null && position > RESTING_MS;
    return { ...plain, positionMs: moving ? position : null, wholeMs: null };
  };

  return {
    draw(state) {
      const position = station.position();
      if (PLAYING.has(state)) heardTo = position ?? heardTo;
      const broadcast = station.score.hello?.broadcast ?? null;
      if (station.here !== null && broadcast !== ticksOf && (position ?? -1) >= 0) {
        ticksOf = broadcast;
        hereAtStart = station.here;
      }
      roll.draw(viewOf(state));
    },
  };
}
