/** A process that may be killed or stand still: all that it does goes through ports that know of it. */
import type { Clock } from '../../src/ports.ts';

export type SimProcess = {
  readonly name: string;
  readonly clock: Clock;
  /** The same ports, as this process has them: after its death no call has an effect, and none returns. */
  guard<P extends object>(ports: P): P;
  /** @param late the next call still has its effect; only its answer is lost */
  kill(late?: boolean): void;
  /** Nothing that it does goes on before an instant. */
  stall(until: number): void;
  readonly dead: boolean;
};

/** What answers at once. */
const SYNCHRONOUS = new Set(['now', 'log', 'share', 'composing']);
/** A new one each time: what waits for a promise that is kept is kept with it, 100 KB an evening. */
const never = () => new Promise<never>(() => {});

export function simProcess(name: string, clock: Clock): SimProcess {
  let life: 'alive' | 'dying' | 'dead' = 'alive';
  let stalledUntil = Number.NEGATIVE_INFINITY;
  const call = async <R>(effect: () => Promise<R>): Promise<R> => {
    await awake();
    const last = life === 'dying';
    if (last) life = 'dead';
    const result = await effect();
    if (last) return never();
    await awake();
    return result;
  };
  const awake = async () => {
    if (life === 'dead') await never();
    while (clock.now() < stalledUntil) await clock.sleepUntil(stalledUntil);
    if (life === 'dead') await never();
  };
  const guarded = (key: string, f: (...args: unknown[]) => unknown) => {
    if (SYNCHRONOUS.has(key)) return f;
    return (...args: unknown[]) => {
      // Of the listeners' list all is read at once.
      if (key !== 'list') return call(async () => f(...args));
      const listed = f(...args);
      if (listed instanceof Promise) return call(() => listed);
      return (async function* () {
        yield* await call(() => collect(listed as AsyncIterable<unknown>));
      })();
    };
  };
  const guard = (value: unknown, key: string): unknown => {
    if (typeof value === 'function') return guarded(key, value as (...args: unknown[]) => unknown);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([inner, one]) => [inner, guard(one, inner)]));
  };
  return {
    name,
    clock: {
      now: clock.now,
      async sleepUntil(instant, signal) {
        await clock.sleepUntil(instant, signal).finally(awake);
      },
    },
    guard: <P extends object>(ports: P): P => guard(ports, '') as P,
    kill(late = false) {
      if (life === 'alive') life = late ? 'dying' : 'dead';
    },
    stall(until) {
      stalledUntil = Math.max(stalledUntil, until);
    },
    get dead() {
      return life === 'dead';
    },
  };
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
