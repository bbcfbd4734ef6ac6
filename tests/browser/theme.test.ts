/** Colours in both themes, the system's and the visitor's, as they are seen. */
import { expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { aBrowser, aStation } from './suite.ts';

const browser = aBrowser();
const station = aStation();

/** Contrast of an element's text with what it lies on, 1 to 21 (WCAG 2.2, 1.4.3). */
const contrast = (page: Page, selector: string): Promise<number> =>
  page.locator(selector).evaluate((element) => {
    const luminance = (colour: string): number => {
      const [r, g, b] = [...colour.matchAll(/[\d.]+/g)].map(([value]) => {
        const part = Number(value) / 255;
        return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
    };
    const { color, backgroundColor } = getComputedStyle(element);
    const [dark, light] = [luminance(color), luminance(backgroundColor)].sort((a, b) => a - b);
    return (light! + 0.05) / (dark! + 0.05);
  });

test.each([
  ['light', 'light', null],
  ['dark', 'dark', null],
  ['light', 'dark', 'dark'],
  ['dark', 'light', 'light'],
] as const)(
  'in a system that is %s the page is %s (chosen: %s), and its button can be read, hovered or not',
  async (system, seen, chosen) => {
    const page = await browser().newPage({ colorScheme: system, reducedMotion: 'reduce' });
    try {
      if (chosen) await page.addInitScript((theme) => localStorage.setItem('pianola.theme', theme), chosen);
      await page.goto(`${station().url}/nowhere`);
      const background = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
      expect(background).toBe(seen === 'dark' ? 'rgb(13, 15, 17)' : 'rgb(231, 223, 202)');
      expect(await contrast(page, '.join')).toBeGreaterThanOrEqual(4.5);
      await page.locator('.join').hover();
      expect(await contrast(page, '.join')).toBeGreaterThanOrEqual(4.5);
    } finally {
      await page.close();
    }
  },
);
