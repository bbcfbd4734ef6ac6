/** How many holes come from one address: as many as it may have connections, within an hour; kept in memory alone. */
import { rateLimit } from '../continue/rate.ts';
import type { Clock } from '../ports.ts';

const AN_ADDRESS = 64;
const WITHIN_MS = 3_600_000;

/** @returns whether an address may punch now, which counts as having done so */
export function punchLimit({ now }: Pick<Clock, 'now'>): (address: string) => boolean {
  const wait = rateLimit(AN_ADDRESS, WITHIN_MS, now);
  return (address) => wait(address) === null;
}
