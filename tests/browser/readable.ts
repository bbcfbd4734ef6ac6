/** Whether a page in another language can be read: its words are there, none are in English, and none are cut off. */
import type { Page } from 'playwright-core';
import type { Tongue } from '../../web/language/reader.ts';

/** The words have come. */
export const shown = (page: Page) =>
  page.waitForFunction(() => getComputedStyle(document.body).visibility === 'visible');
/** What of the sentences that are printed in English is to be seen, though it is said otherwise in this language. */
export const inEnglish = (page: Page, tongue: Tongue) =>
  page.evaluate(
    (known) => {
      const found: string[] = [];
      const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      while (walker.nextNode()) {
        const text = walker.currentNode.nodeValue!.replace(/\s+/g, ' ').trim();
        if (known.includes(text) && walker.currentNode.parentElement!.closest('noscript') === null)
          found.push(text);
      }
      return found;
    },
    Object.entries(tongue.printed).flatMap(([english, own]) => (english === own ? [] : [english])),
  );
/** Words that reach out of the window, or of a box that hides what is too much. */
export const cutOff = (page: Page) =>
  page.evaluate(() => {
    const wide = document.documentElement.clientWidth;
    return [
      ...document.querySelectorAll<HTMLElement>(
        'main :is(button, a, p, h1, h2, summary, label, b), .foot :is(p, a, span)',
      ),
    ]
      .filter((element) => element.checkVisibility())
      .filter((element) => {
        const { left, right, width } = element.getBoundingClientRect();
        // What only readers of the screen are given is a pixel wide.
        if (width <= 2 || element.closest('.volume span')) return false;
        const hides = getComputedStyle(element).overflowX !== 'visible';
        return left < -1 || right > wide + 1 || (hides && element.scrollWidth > element.clientWidth + 1);
      })
      .map((element) => element.textContent);
  });
/** By how much the page can be moved sideways, CSS pixels. */
export const sideways = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
