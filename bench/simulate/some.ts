/** Evenings one after the other in a process of its own: seeds come in a message, and each result goes back in one. */
import { type Result, simulate } from './evening.ts';
import type { PlantName } from './plants.ts';

/** Seeds from the first, `until` not included. */
export type Seeds = { readonly from: number; readonly until: number; readonly planted: PlantName | null };
/** The log of an evening that holds is left out: it is most of the message, and nobody reads it. */
export type Told = Pick<Result, 'seed' | 'place' | 'broken' | 'strokes' | 'events'> & {
  readonly befallen: readonly string[];
};

process.on('message', async ({ from, until, planted }: Seeds) => {
  for (let seed = from; seed < until; seed++) {
    const { broken, place, strokes, events, befallen } = await simulate(seed, planted);
    const told: Told = {
      ...{ seed, place, broken, strokes },
      events: broken.length > 0 ? events : [],
      befallen: befallen.map(({ name }) => name),
    };
    process.send?.(told);
  }
});
