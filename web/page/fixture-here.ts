/** A state of the page on request, `/?state=live`: on this machine alone, and not a byte of it for anybody else. */

import { ROOT } from '../site/root.ts';
import type { Fixture } from './fixtures.ts';

const LOCAL = new Set(['localhost', '127.0.0.1', '[::1]']);

/** @returns null: the real station, also where there is no such state */
export async function fixturesHere({
  hostname,
  search,
}: {
  hostname: string;
  search: string;
}): Promise<Fixture | null> {
  const name = LOCAL.has(hostname) ? new URLSearchParams(search).get('state') : null;
  if (!name) return null;
  const path = `${ROOT}/fixtures.js`;
  const { fixtureOf } = (await import(path)) as typeof import('./fixtures.ts');
  return fixtureOf(name);
}
