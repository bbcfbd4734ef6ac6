/** Shares many evenings out among processes, one a processor, a few seeds at a time. */
import { fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import type { PlantName } from './plants.ts';
import type { Seeds, Told } from './some.ts';

/** So many seeds at a time: few, so that all processes end together and a broken one is soon told. */
const AT_A_TIME = 50;

/**
 * Simulates seeds `from` to `until` (not included) and calls `take` for each as it is done, in no order; where it answers
 * false nothing more is begun. Rejects where a process dies.
 */
export async function simulateAll(
  { from, until, planted = null }: { from: number; until: number; planted?: PlantName | null },
  take: (told: Told) => boolean,
): Promise<void> {
  let next = from;
  let goesOn = true;
  const one = () =>
    new Promise<void>((done, failed) => {
      const child = fork(new URL('./some.ts', import.meta.url), { execArgv: ['--import', 'tsx'] });
      let left = 0;
      const more = (): void => {
        if (!goesOn || next >= until) return void child.disconnect();
        const seeds: Seeds = { from: next, until: Math.min(next + AT_A_TIME, until), planted };
        left = seeds.until - seeds.from;
        next = seeds.until;
        child.send(seeds);
      };
      child.on('message', (told: Told) => {
        if (goesOn) goesOn = take(told);
        if (!goesOn) child.kill();
        else if (--left === 0) more();
      });
      child.once('error', failed).once('exit', (code, signal) => {
        if (code === 0 || !goesOn) return done();
        failed(new Error(`a process that simulates ended with ${signal ?? code}`));
      });
      more();
    });
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), until - from) }, one));
}
