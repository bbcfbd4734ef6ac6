import { afterEach, jest } from '@jest/globals';
import type { Browser } from 'playwright-core';

/**
 * For suites that hold what is heard against the clock. Where the machine stands still for longer than the page's music
 * in hand or its audio lasts, notes are late in truth, and no page could help it: such a test is tried again, on new
 * pages, twice at most, and what went wrong is told. A fault of the page's goes wrong every time.
 */
export function triedAgainAfterStalls(browser: () => Browser): void {
  jest.retryTimes(2, { logErrorsBeforeRetry: true });
  afterEach(async () => {
    for (const context of browser().contexts()) await context.close();
  });
}
