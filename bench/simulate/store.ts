/** Stores that may be slow, out of reach, or fail to say that they have done something; and who holds a lease. */
import type { Broadcasts, Clock, Lease } from '../../src/ports.ts';

/** How the stores are just now. */
export type Weather = {
  downUntil: number;
  slowUntil: number /** So many answers more are lost. */;
  lostAnswers: number;
};
const SLOWEST_MS = 1_500;

/** The same port, in this weather. */
export function inWeather<P extends object>(
  port: P,
  weather: Weather,
  clock: Clock,
  random: () => number,
): P {
  const call = async <R>(effect: () => R): Promise<Awaited<R>> => {
    if (clock.now() < weather.slowUntil) await clock.sleepUntil(clock.now() + random() * SLOWEST_MS);
    if (clock.now() < weather.downUntil) throw new Error('out of reach');
    const result = await effect();
    if (weather.lostAnswers <= 0) return result;
    weather.lostAnswers--;
    throw new Error('no answer');
  };
  const wrapped = Object.entries(port).map(([key, value]) => {
    const method = value as (...args: unknown[]) => unknown;
    // What yields is read as a whole by who guards it; a fault of it is one of the others.
    return [key, key === 'list' ? method : (...args: unknown[]) => call(() => method(...args))];
  });
  return Object.fromEntries(wrapped) as P;
}

/** The same broadcasts, watched; `free`: whoever held a lease is dead, and that is known. */
export type Watched = { readonly broadcasts: Broadcasts; free(): void };

/** Watches that nobody is given a lease while another holds it. */
export function watchLeases(of: Broadcasts, clock: Clock, complain: (what: string) => void): Watched {
  const held = new Map<string, { owner: string; epoch: number; until: number }>();
  const isHeld = ({ broadcast, owner, epoch }: Lease) => {
    const holder = held.get(broadcast);
    return holder?.owner === owner && holder.epoch === epoch;
  };
  const broadcasts: Broadcasts = {
    ...of,
    async acquire(id, owner, now, until) {
      const taken = await of.acquire(id, owner, now, until);
      const holder = held.get(id);
      if (!('epoch' in taken)) return taken;
      if (holder && holder.owner !== owner && holder.until > clock.now())
        complain(`${owner} took the lease that ${holder.owner} holds`);
      if (holder && taken.epoch < holder.epoch + (holder.owner === owner ? 0 : 1))
        complain(`epoch ${taken.epoch} came after ${holder.epoch}`);
      held.set(id, { owner, epoch: taken.epoch, until });
      return taken;
    },
    async renew(lease, now, until) {
      const renewed = await of.renew(lease, now, until);
      if (renewed && !isHeld(lease)) complain(`${lease.owner} renewed a lease that it has lost`);
      if (renewed) held.set(lease.broadcast, { owner: lease.owner, epoch: lease.epoch, until });
      return renewed;
    },
    async release(lease) {
      await of.release(lease);
      if (isHeld(lease)) held.set(lease.broadcast, { owner: '', epoch: lease.epoch, until: 0 });
    },
  };
  return {
    broadcasts,
    free() {
      for (const [id, holder] of held) held.set(id, { ...holder, owner: '', until: 0 });
    },
  };
}
