import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
/** Two frames, and the end of every transition: what was changed has been painted. */
export const painted = (page: Page): Promise<unknown> =>
  page.evaluate(async () => {
    for (let i = 0; i < 2; i++) await new Promise((resolve) => requestAnimationFrame(resolve));
    await Promise.all(document.getAnimations().map((animation) => animation.finished));
  });

/**
 * What axe-core finds wrong, in a line each. Run by the debugger, which the page's security policy does not bind.
 * @param only rules to be held; all of them where none is named
 */
export async function violations(page: Page, ...only: string[]): Promise<string[]> {
  await painted(page);
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(await readFile(AXE, 'utf8'));
  return page.evaluate(async (rules) => {
    const { axe } = globalThis as unknown as {
      axe: { run(options: object): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
    };
    const found = await axe.run(rules.length > 0 ? { runOnly: rules } : {});
    return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
  }, only);
}
