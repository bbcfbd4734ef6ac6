import { messageOf } from '../errors.ts';
import type { Attempt, Clock, Connections, Log } from '../ports.ts';

/** Posts under way at once. */
const AT_ONCE = 64;
/** Of these, posts to whoever did not take its last one. */
const DOUBTFUL_AT_ONCE = 16;
/** Posts in one turn of the event loop, where their outcomes are known at once: some milliseconds. */
const EACH_TURN = 256;
/** Frames that may wait for one listener; one that is further behind loses them, and will ask again. */
const MAX_WAITING = 16;

/**
 * Posts frames to many listeners side by side, in order for each; a stalled one keeps only itself waiting. Everybody is
 * given a first frame before anybody a second one: a stop must not wait for what is said after it. Whoever is refused waits
 * outside of all places, and then comes after those whose turn it is. Whoever did not take its last frame comes after all
 * others, and has a quarter of the places: a post that is never answered holds one for seconds.
 */
export type FanOut = {
  /** Puts frames in line for these listeners, and returns before many have been posted. */
  send(connectionIds: readonly string[], frames: readonly string[]): void;
  /** Resolves when nothing is waiting or under way. */
  idle(): Promise<void>;
};

type Line = {
  /** Those from `next` on are in line. Many share the array, until one has more. */
  frames: readonly string[];
  next: number;
  /** Of the first frame. */
  refusals: number;
};
const waitingIn = ({ frames, next }: Line): number => frames.length - next;

/** Frames for many who had none in line: those from `next` on get a line of their own when their turn comes, for thousands of them take time to make. */
type Wave = { readonly ids: readonly string[]; readonly frames: readonly string[]; next: number };

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
  /** Comes before all turns: nobody in it has had a frame of it. */
  let wave: Wave | null = null;
  let [active, doubtfulActive, resting] = [0, 0, 0];
  /** Others are heard before the next turn. */
  let paused = false;
  let waiters: (() => void)[] = [];

  async function again(id: string, line: Line, frame: string, inMs: number): Promise<void> {
    [line.frames, line.next] = [[frame, ...line.frames.slice(line.next)], 0];
    line.refusals++;
    resting++;
    await clock.sleepUntil(clock.now() + inMs);
    resting--;
    takeTurn(id);
    pump();
  }

  function failed(id: string, error: unknown): void {
    doubtful.add(id);
    lines.delete(id);
    log('post.failed', { reason: messageOf(error) });
  }

  /** A promise only where something is still to be waited for. */
  function settled(
    id: string,
    line: Line,
    frame: string,
    outcome: Awaited<ReturnType<Attempt>>,
  ): Promise<void> | undefined {
    if (typeof outcome !== 'string') {
      void again(id, line, frame, outcome.againInMs);
      return;
    }
    line.refusals = 0;
    if (outcome === 'slow') doubtful.add(id);
    else doubtful.delete(id);
    if (outcome === 'gone') return connections.remove(id).then(() => void lines.delete(id));
    if (outcome === 'sent' && waitingIn(line) > 0) takeTurn(id);
    else lines.delete(id);
    return;
  }

  function postNext(id: string, line: Line): Promise<void> | undefined {
    const frame = line.frames[line.next++]!;
    try {
      const outcome = post(id, frame, line.refusals);
      const rest =
        typeof outcome === 'object' && 'then' in outcome
          ? outcome.then((known) => settled(id, line, frame, known))
          : settled(id, line, frame, outcome);
      return rest?.catch((error: unknown) => failed(id, error));
    } catch (error) {
      failed(id, error);
      return;
    }
  }

  const takeTurn = (id: string) => void (doubtful.has(id) ? lastTurns : turns).add(id);

  function begin(id: string, isDoubtful: boolean): void {
    const rest = postNext(id, lines.get(id)!);
    if (!rest) return;
    active++;
    if (isDoubtful) doubtfulActive++;
    void rest.then(() => {
      active--;
      if (isDoubtful) doubtfulActive--;
      pump();
    });
  }

  function pause(): void {
    paused = true;
    setImmediate(() => {
      paused = false;
      pump();
    });
  }

  function enter(id: string, frames: readonly string[]): void {
    lines.set(id, { frames, next: 0, refusals: 0 });
    takeTurn(id);
  }

  /** What is said after it has to know who is still to be given it. */
  function endWave(): void {
    if (!wave) return;
    const { ids, frames, next } = wave;
    wave = null;
    const later = [...turns];
    turns.clear();
    for (let i = next; i < ids.length; i++) enter(ids[i]!, frames);
    for (const id of later) turns.add(id);
  }

  function pump(): void {
    if (paused) return;
    let left = EACH_TURN;
    while (wave) {
      const { ids, frames, next } = wave;
      if (next === ids.length) {
        wave = null;
        break;
      }
      if (active === AT_ONCE) return;
      if (left-- === 0) {
        pause();
        return;
      }
      wave.next++;
      enter(ids[next]!, frames);
      if (turns.delete(ids[next]!)) begin(ids[next]!, false);
    }
    for (const id of turns) {
      if (active === AT_ONCE) return;
      if (left-- === 0) {
        pause();
        return;
      }
      turns.delete(id);
      begin(id, false);
    }
    for (const id of lastTurns) {
      if (active === AT_ONCE || doubtfulActive === DOUBTFUL_AT_ONCE) return;
      if (left-- === 0) {
        pause();
        return;
      }
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
      endWave();
      if (lines.size === 0) wave = { ids, frames, next: 0 };
      else
        for (const id of ids) {
          const line = lines.get(id);
          if (!line) enter(id, frames);
          else if (waitingIn(line) + frames.length <= MAX_WAITING) {
            [line.frames, line.next] = [[...line.frames.slice(line.next), ...frames], 0];
          } else {
            log('post.behind', { waiting: waitingIn(line) });
          }
        }
      pump();
    },
    idle: () =>
      active + resting === 0 && !paused ? Promise.resolve() : new Promise((resolve) => waiters.push(resolve)),
  };
}
