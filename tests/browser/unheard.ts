/** Whether anybody listens to what a page offers to press, as the browser knows it. */
import type { Page } from 'playwright-core';

/** A script that was never begun is waited for in vain, for so many tenths of a second. */
const LOOKS = 50;

/** @returns the buttons of a page, hidden ones too, that nobody listens to once its scripts have had their time; none is as it should be */
export async function unheard(page: Page): Promise<readonly string[]> {
  const cdp = await page.context().newCDPSession(page);
  try {
    for (let looks = 1; ; looks++) {
      const names = await unheardNow(cdp);
      if (names.length === 0 || looks === LOOKS) return names;
      await page.waitForTimeout(100);
    }
  } finally {
    await cdp.detach();
  }
}

async function unheardNow(cdp: Awaited<ReturnType<ReturnType<Page['context']>['newCDPSession']>>) {
  const { result: buttons } = await cdp.send('Runtime.evaluate', {
    expression: '[...document.querySelectorAll("button")]',
  });
  const { result } = await cdp.send('Runtime.getProperties', {
    objectId: buttons.objectId!,
    ownProperties: true,
  });
  const names: string[] = [];
  for (const { value } of result.filter(({ enumerable }) => enumerable)) {
    const { listeners } = await cdp.send('DOMDebugger.getEventListeners', { objectId: value!.objectId! });
    if (!listeners.some(({ type }) => type === 'click')) names.push(String(value!.description));
  }
  return names;
}
