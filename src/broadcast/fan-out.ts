import { messageOf } from '../errors.ts';
import type { Attempt, Clock, Connections, Log } from '../ports.ts';

/** Posts under way at once. */
const AT_ONCE = 64;
/** Of these, posts to whoever did not take its last one. */
const DOUBTFUL_AT_ONCE = 16;
/** Frames that may wait for one listener; one that is further behind loses them, and will ask again. */
const MAX_WAITING = 16;

/**
 * Posts frames to many listeners side by side, in order for each; a stalled one keeps only itself waiting. Everybody is
 * given a first frame before anybody a second one: a stop must not wait for what is said after it. Whoever is refused waits
 * outside of all places, and then comes after those whose turn it is. Whoever did not take its last frame comes after all
 * others, and has a quarter of the places: a post that is never answered holds one for seconds.
 */
export type FanOut = {
  /** Puts frames in line for these listeners, and returns at once. */
  send(connectionIds: readonly string[], frames: readonly string[]): void;
  /** Resolves when nothing is waiting or under way. */
  idle(): Promise<void>;
};

type Line = {
  readonly frames: string[];
  /** Of the first frame. */
  refusals: number;
};

export function fanOut(ports: {
  readonly connections: Pick<Connections, 'remove'>;
  readonly post: Attempt;
  readonly clock: Clock;
  readonly log: Log;
}): FanOut {
  const { connections, post, clock, log } = ports;
  /** For each listener that has frames in line, or that a post to is under way. */
  const lines = new Map<string, Line>();
  /** Those of them whose turn is to come, in its order; those who did not take their last frame are apart. */
  const turns = new Set<string>();
  const lastTurns = new Set<string>();
  const doubtful = new Set<string>();
  let [active, doubtfulActive, resting] = [0, 0, 0];
  let waiters: (() => void)[] = [];

  async function again(id: string, line: Line, frame: string, inMs: number): Promise<void> {
    line.frames.unshift(frame);
    line.refusals++;
    resting++;
    await clock.sleepUntil(clock.now() + inMs);
    resting--;
    takeTurn(id);
    pump();
  }

  async function postNext(id: string, line: Line): Promise<void> {
    const frame = line.frames.shift()!;
    try {
      const outcome = await post(id, frame, line.refusals);
      if (typeof outcome !== 'string') return void again(id, line, frame, outcome.againInMs);
      line.refusals = 0;
      if (outcome === 'slow') doubtful.add(id);
      else doubtful.delete(id);
      if (outcome === 'gone') await connections.remove(id);
      if (outcome === 'sent' && line.frames.length > 0) takeTurn(id);
      else lines.delete(id);
    } catch (error) {
      doubtful.add(id);
      lines.delete(id);
      log('post.failed', { reason: messageOf(error) });
    }
  }

  const takeTurn = (id: string) => void (doubtful.has(id) ? lastTurns : turns).add(id);

  function begin(id: string, isDoubtful: boolean): void {
    active++;
    if (isDoubtful) doubtfulActive++;
    void postNext(id, lines.get(id)!).then(() => {
      active--;
      if (isDoubtful) doubtfulActive--;
      pump();
    });
  }

  function pump(): void {
    for (const id of turns) {
      if (active === AT_ONCE) return;
      turns.delete(id);
      begin(id, false);
    }
    for (const id of lastTurns) {
      if (active === AT_ONCE || doubtfulActive === DOUBTFUL_AT_ONCE) return;
      lastTurns.delete(id);
      begin(id, true);
    }
    if (active + resting > 0) return;
    for (const wake of waiters) wake();
    waiters = [];
  }

  return {
    send(ids, frames) {
      if (frames.length === 0) return;
      for (const id of ids) {
        const line = lines.get(id);
        if (!line) {
          lines.set(id, { frames: [...frames], refusals: 0 });
          takeTurn(id);
        } else if (line.frames.length + frames.length <= MAX_WAITING) {
          line.frames.push(...frames);
        } else {
          log('post.behind', { waiting: line.frames.length });
        }
      }
      pump();
    },
    idle: () =>
      active + resting === 0 ? Promise.resolve() : new Promise((resolve) => waiters.push(resolve)),
  };
}
