/** What the tests of a file share: begun before the first of them, ended after the last. */
import { mkdir } from 'node:fs/promises';
import { afterAll, beforeAll } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { launchBrowser } from './browser.ts';
import { type TestStation, testStation } from './station.ts';

/** @returns it, for tests; hooks that are declared later have it as well */
function shared<T>(begin: () => Promise<T>, end: (begun: T) => Promise<unknown>): () => T {
  let begun: T | undefined;
  beforeAll(async () => {
    begun = await begin();
  });
  afterAll(async () => {
    if (begun !== undefined) await end(begun);
  });
  return () => {
    if (begun === undefined) throw new Error('it has not begun: no test runs yet');
    return begun;
  };
}

export const aBrowser = (): (() => Browser) => shared(launchBrowser, (browser) => browser.close());

/** With nothing in its archive. */
export const aStation = (): (() => TestStation) =>
  shared(
    () => testStation(null),
    (station) => station.end(),
  );

/** A folder for pictures that people look at; git ignores it. @returns its path */
export function pictures(name: string): string {
  const folder = `.pianola/screenshots/${name}`;
  beforeAll(async () => {
    await mkdir(folder, { recursive: true });
  });
  return folder;
}
