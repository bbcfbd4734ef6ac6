/** What lies on the desk, frame by frame: blank paper, and the roll that is punched, to its end. */
import type { Listener } from '../listener/listener.ts';
import type { StateName } from '../page/facts.ts';
import { RESTING_MS } from '../page/moments.ts';
import type { Roll, RollView } from './roll.ts';

/** States in which paper lies in the piano. */
export const PLAYING: ReadonlySet<StateName> = new Set(['doors', 'leader', 'start', 'live', 'closing']);

/** From one tick on the leader to the next, and how many steps a crowd takes; milliseconds. */
const ARRIVES_MS = 140;
const MOST_ARRIVALS = 40;

export type Paper = { draw(state: StateName): void };

export function paper({
  roll,
  station,
  now,
}: {
  readonly roll: Roll;
  readonly station: Pick<Listener, 'score' | 'position' | 'here'>;
  /** Milliseconds, of any origin. */
  readonly now: () => number;
}): Paper {
  /** How far the music was heard; what was never played stays unpunched. */
  let heardTo = 0;
  /** Listeners at T0, as far as this page knows, and of which broadcast. */
  let hereAtStart = 0;
  let ticksOf: string | null = null;

  /** Ticks on the leader, and when the last of them came. */
  let arrived = 0;
  let arrivedAt = 0;
  /** They come one by one, faster where many have come at once; never fewer. */
  const arrivals = (state: StateName): number => {
    const here = state === 'doors' || state === 'leader' || state === 'start' ? (station.here ?? 0) : 0;
    if (here === 0) arrived = 0;
    else if (arrived < here && now() - arrivedAt >= ARRIVES_MS) {
      arrived = Math.min(here, arrived + Math.ceil((here - arrived) / MOST_ARRIVALS));
      arrivedAt = now();
    }
    return arrived;
  };

  const viewOf = (state: StateName): RollView => {
    const { notes, pedal, form, hello } = station.score;
    const here = arrivals(state) || (hello?.broadcast === ticksOf ? hereAtStart : 0);
    const growing = state === 'composing' ? (hello?.composing?.weave ?? '') : '';
    const plain = { notes, pedal, form, here, torn: state === 'silent', growing };
    const lengthMs = hello?.durationMs ?? heardTo;
    if ((state === 'end' || state === 'ended' || state === 'stopped') && notes.length > 0)
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
