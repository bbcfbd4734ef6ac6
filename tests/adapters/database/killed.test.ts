import { fork } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { seededRandom } from '../../../src/music/random.ts';
import { withStores } from '../../support/data.ts';
import { aRecord } from '../../support/stored.ts';

const KINDS = 6;
const DAY_MS = 86_400_000;
/** All fifty with `KILLS=50`; an evening's station dies less often. */
const KILLS = Number(process.env.KILLS ?? 6);
/** A writer is killed within so many milliseconds of its first write. */
const WITHIN_MS = 120;

/** Lets a writer go on from `from` and kills it; the last number that it said it had written. */
async function killedWriter(directory: string, from: number, afterMs: number): Promise<number> {
  const writer = fork(join(import.meta.dirname, 'writer.mjs'), [directory, `${from}`], {
    execArgv: ['--import', 'tsx'],
  });
  let last = from - 1;
  const gone = new Promise<void>((resolve) => writer.once('exit', () => resolve()));
  await new Promise<void>((resolve, reject) => {
    writer.on('message', (n) => {
      last = Number(n);
      resolve();
    });
    writer.once('exit', () => reject(new Error('the writer died by itself')));
  });
  await new Promise((resolve) => setTimeout(resolve, afterMs));
  writer.kill('SIGKILL');
  await gone;
  return last;
}

test(
  `a writer killed at ${KILLS} random instants has lost nothing that it had acknowledged`,
  async () => {
    const directory = await mkdtemp(join(tmpdir(), 'pianola-killed-'));
    const random = seededRandom(20_261_128);
    let written = 0;
    for (let kill = 0; kill < KILLS; kill++) {
      // Begin with a new round, so that a lease's broadcast is of the same writer.
      const from = Math.ceil((written + 1) / KINDS) * KINDS;
      const last = await killedWriter(directory, from, random() * WITHIN_MS);
      await withStores(directory, async ({ performances, records, windows, broadcasts, timer, database }) => {
        expect(database.all('PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }]);
        const armed = new Set(await timer.armed());
        for (let n = from; n <= last; n++) {
          const date = new Date(n * DAY_MS).toISOString().slice(0, 10);
          const found = [
            async () => (await broadcasts.get(`b${n}`))?.startsAt === n * DAY_MS,
            async () => (await broadcasts.leaseUntil(`b${n - 1}`)) === n,
            async () => (await records.get(aRecord(n * DAY_MS).id)) !== null,
            async () => (await windows.get(`w${n}`))?.version === 1,
            async () => armed.has(`t${n} doors`),
            async () => (await performances.get(date))?.record.id === date,
          ][n % KINDS]!;
          expect({ n, found: await found() }).toEqual({ n, found: true });
        }
        // What was not acknowledged is there whole, or not at all.
        await records.list();
        await windows.list();
        for (const id of await performances.list()) await performances.get(id);
      });
      written = last;
    }
    expect(written).toBeGreaterThan(KILLS);
    await rm(directory, { recursive: true });
  },
  60_000 + KILLS * 15_000,
);
