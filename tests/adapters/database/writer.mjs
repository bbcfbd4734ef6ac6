/**
 * Writes to a data directory as fast as it can until it is killed, and says of each write when it is done: one of each
 * kind in turn, numbered on from `process.argv[3]`.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { openStores } from '../../../src/local/data.ts';
import { aPerformance, aRecord } from '../../support/stored.ts';
import { aWindow } from '../../support/windows.ts';

const [, , directory, from] = process.argv;
const { performances, records, windows, broadcasts, timer } = openStores(directory);
const DAY_MS = 86_400_000;
/** What was written with number `n`, by kind. */
const WRITES = [
  async (n) => {
    const startsAt = n * DAY_MS;
    await broadcasts.schedule({ id: `b${n}`, startsAt, wanted: '2026-11-21', next: null });
  },
  async (n) => {
    await broadcasts.acquire(`b${n - 1}`, `owner ${n}`, 0, n);
  },
  (n) => records.put(aRecord(n * DAY_MS)),
  (n) => windows.put(aWindow({ id: `w${n}` }), 0),
  (n) => timer.arm(`t${n}`, 'doors', n),
  (n) => performances.create(aPerformance(new Date(n * DAY_MS).toISOString().slice(0, 10))),
];
for (let n = Number(from); ; n++) {
  await WRITES[n % WRITES.length](n);
  process.send(n);
  // Lets the message leave.
  await sleep(0);
}
