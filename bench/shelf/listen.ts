/** Every piece of a published shelf in a browser, as a visitor would: its name is pressed, it plays, it is heard. */
import type { Browser } from 'playwright-core';
import { tapSound } from '../../tests/browser/tap.ts';

export type Listened = {
  readonly played: number;
  /** Of what could not be played, or was not heard: which and why. */
  readonly faults: readonly string[];
};
/** Somewhere in the first seconds of a piece there is a note; sounds are loaded before. */
const PLAYING_MS = 30_000;
const HEARD_MS = 10_000;
const HEARD = 1e-4;

/** @param pages of the sites @param onPiece told after each */
export async function listen(
  browser: Browser,
  url: string,
  pages: readonly string[],
  onPiece: (played: number) => void,
): Promise<Listened> {
  const faults: string[] = [];
  let played = 0;
  for (const path of pages) {
    const page = await browser.newPage();
    page.on('pageerror', ({ message }) => faults.push(`${path}: ${message}`));
    page.on('request', (request) => {
      if (!request.url().startsWith(url)) faults.push(`${path}: asked for ${request.url()}`);
    });
    await page.addInitScript(tapSound);
    await page.goto(`${url}${path}`);
    const rows = page.locator('#pieces li');
    const count = await rows.count();
    for (let i = 0; i < count; i++) {
      const row = rows.nth(i);
      const name = `${path} ${await row.locator('.name').innerText()}`;
      await row.locator('.name').click();
      try {
        await page.waitForFunction(isDecided, undefined, { timeout: PLAYING_MS, polling: 50 });
        const state = await page.locator('#player').getAttribute('data-state');
        if (state === 'failed') throw new Error(await page.locator('#now').innerText());
        await page.evaluate(() => Object.assign(globalThis, { loudest: 0 }));
        // Where a piece begins with silence, it is heard from its middle.
        const heard = await isHeard(HEARD_MS / 4);
        if (!heard) {
          const middle = Number(await page.locator('#seek').getAttribute('max')) / 2;
          await page.locator('#seek').fill(String(middle));
          if (!(await isHeard(HEARD_MS))) throw new Error('not a sound');
        }
        played++;
      } catch (error) {
        faults.push(`${name}: ${(error as Error).message.split('\n')[0]}`);
      }
      onPiece(played);
    }
    await page.close();

    async function isHeard(timeout: number): Promise<boolean> {
      const loud = (least: number) => (globalThis as unknown as { loudest: number }).loudest > least;
      return page.waitForFunction(loud, HEARD, { timeout, polling: 50 }).then(
        () => true,
        () => false,
      );
    }
  }
  return { played, faults };
}

const isDecided = () => {
  const row = document.querySelector('#pieces li[aria-current]');
  const state = document.getElementById('player')?.dataset.state ?? '';
  return row !== null && ['playing', 'failed', 'ended'].includes(state);
};
