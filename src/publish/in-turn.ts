import type { Site } from '../ports.ts';

const last = new WeakMap<Site, Promise<unknown>>();

/**
 * One after the other on a site, in this process: between reading what days there are and writing it nobody else of it
 * writes, and nothing of theirs is lost.
 */
export function inTurn<T>(site: Site, work: () => Promise<T>): Promise<T> {
  const before = last.get(site) ?? Promise.resolve();
  const turn = before.then(work, work);
  last.set(site, turn);
  return turn;
}
