import type { Connections, Log, Post } from './ports.ts';

/** Posts under way at once. */
const AT_ONCE = 64;
/** Frames that may wait for one listener; one that is further behind loses them, and will ask again. */
const MAX_WAITING = 16;

/** Posts frames to many listeners side by side, in order for each; a stalled one keeps only itself waiting. */
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
  const ready: string[] = [];
  let active = 0;
  let waiters: (() => void)[] = [];

  async function drain(id: string, line: string[]): Promise<void> {
    for (let frame = line.shift(); frame !== undefined; frame = line.shift()) {
      const outcome = await post(id, frame);
      if (outcome === 'gone') await connections.remove(id);
      if (outcome !== 'sent') return;
    }
  }

  function pump(): void {
    while (active < AT_ONCE && ready.length > 0) {
      const id = ready.shift()!;
      active++;
      drain(id, lines.get(id)!)
        .catch((error: unknown) => {
          log('post.failed', { reason: error instanceof Error ? error.message : String(error) });
        })
        .finally(() => {
          lines.delete(id);
          active--;
          pump();
        });
    }
    if (active === 0) {
      for (const wake of waiters) wake();
      waiters = [];
    }
  }

  return {
    send(ids, frames) {
      for (const id of ids) {
        const line = lines.get(id);
        if (!line) {
          lines.set(id, [...frames]);
          ready.push(id);
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
