import { messageOf } from '../errors.ts';
import type { Connections, Log, Post } from '../ports.ts';

/** Posts under way at once. */
const AT_ONCE = 64;
/** Frames that may wait for one listener; one that is further behind loses them, and will ask again. */
const MAX_WAITING = 16;

/**
 * Posts frames to many listeners side by side, in order for each; a stalled one keeps only itself waiting. Everybody is
 * given a first frame before anybody a second one: a stop must not wait for what is said after it.
 */
export type FanOut = {
  /** Puts frames in line for these listeners, and returns at once. */
  send(connectionIds: readonly string[], frames: readonly string[]): void;
  /** Resolves when nothing is waiting or under way. */
  idle(): Promise<void>;
};

export function fanOut(ports: { connections: Connections; post: Post; log: Log }): FanOut {
  const { connections, post, log } = ports;
  /** The frames in line, for each listener that has any or that a post to is under way. */
  const lines = new Map<string, string[]>();
  /** Those of them that no post is under way to, in the order of their turns. */
  const turns = new Set<string>();
  let active = 0;
  let waiters: (() => void)[] = [];

  /** Whether the listener may have more. */
  async function postNext(id: string, line: string[]): Promise<boolean> {
    try {
      const outcome = await post(id, line.shift()!);
      if (outcome === 'gone') await connections.remove(id);
      return outcome === 'sent';
    } catch (error) {
      log('post.failed', { reason: messageOf(error) });
      return false;
    }
  }

  function pump(): void {
    for (const id of turns) {
      if (active === AT_ONCE) return;
      turns.delete(id);
      active++;
      const line = lines.get(id)!;
      void postNext(id, line).then((more) => {
        active--;
        if (more && line.length > 0) turns.add(id);
        else lines.delete(id);
        pump();
      });
    }
    if (active > 0) return;
    for (const wake of waiters) wake();
    waiters = [];
  }

  return {
    send(ids, frames) {
      if (frames.length === 0) return;
      for (const id of ids) {
        const line = lines.get(id);
        if (!line) {
          lines.set(id, [...frames]);
          turns.add(id);
        } else if (line.length + frames.length <= MAX_WAITING) {
          line.push(...frames);
        } else {
          log('post.behind', { waiting: line.length });
        }
      }
      pump();
    },
    idle: () => (active === 0 ? Promise.resolve() : new Promise((resolve) => waiters.push(resolve))),
  };
}
