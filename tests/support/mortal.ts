/**
 * The ports of a process that is killed at its n-th call of any of them: the call never returns, and no other is made
 * after it. Each asynchronous function counts, also those of objects; what answers at once, like a clock's `now`, does not.
 * @param how `after`: the call still had its effect, and only its answer was lost; `fault`: nobody dies, but the call
 * throws, as that of a service out of reach does, and those after it work again
 */
export function mortal<P extends object>(
  ports: P,
  n: number,
  how: 'before' | 'after' | 'fault',
): { ports: P; calls: () => number } {
  let calls = 0;
  const never = new Promise<never>(() => {});
  const die = <R>(call: () => Promise<R>): Promise<R> => {
    calls++;
    if (calls < n || (how === 'fault' && calls > n)) return call();
    if (how === 'fault') return Promise.reject(new Error('out of reach'));
    return calls === n && how === 'after' ? call().then(() => never) : never;
  };
  const guarded = (name: string, f: (...args: unknown[]) => unknown) => {
    if (SYNCHRONOUS.has(name)) return f;
    // A post that fails is a matter between it and one listener, who will ask again.
    if (how === 'fault' && name === 'post') return f;
    // A list is read whole: one call.
    if (name === 'list')
      return (...args: unknown[]) => {
        const listed = f(...args);
        if (listed instanceof Promise) return die(() => listed);
        return (async function* () {
          yield* await die(() => collect(listed as AsyncIterable<unknown>));
        })();
      };
    return (...args: unknown[]) => die(async () => f(...args));
  };
  const guard = (value: unknown, name: string): unknown => {
    if (typeof value === 'function') return guarded(name, value as (...args: unknown[]) => unknown);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, guard(inner, key)]));
  };
  return { ports: guard(ports, '') as P, calls: () => calls };
}

const SYNCHRONOUS = new Set(['now', 'log', 'share']);

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
