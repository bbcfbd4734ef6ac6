/** What all listeners of the bench have in common, whatever they speak: whose address, how many handshakes at a time, when each joins. */
import { setTimeout as sleep } from 'node:timers/promises';

/** The station takes 64 websockets of one address: each address of loopback is another visitor's. */
const EACH_ADDRESS = 50;
/** Handshakes at a time. */
const AT_ONCE = 50;

/** The address of loopback that a listener has. */
export function addressOf(index: number): string {
  const visitor = Math.floor(index / EACH_ADDRESS);
  return `127.0.${1 + Math.floor(visitor / 200)}.${1 + (visitor % 200)}`;
}

/** Makes so many connections, some at a time. */
export async function connectAll(count: number, one: (index: number) => Promise<void>): Promise<void> {
  for (let from = 0; from < count; from += AT_ONCE)
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, count - from) }, (_, i) => one(from + i)));
}

/** Joins from those numbered `from` to `to` (exclusive), evenly over `ms`; resolves when each has been answered. */
export async function joinEvenly(
  { from, to, ms }: { readonly from: number; readonly to: number; readonly ms: number },
  one: (index: number) => Promise<void>,
): Promise<void> {
  const startedAt = performance.now();
  const all: Promise<void>[] = [];
  for (let i = from; i < to; i++) {
    all.push(one(i));
    const ahead = ((i + 1 - from) / (to - from)) * ms - (performance.now() - startedAt);
    if (ahead > 5) await sleep(ahead);
  }
  await Promise.all(all);
}
