/** What the browser says of a request once it has ended. It is told and not looked up: its list of them may be full. */
import type { Steps } from './ask-site.ts';
import { SLOW_MS } from './site-clock.ts';

/** After the answer has been read, at the latest. */
const TOLD_MS = SLOW_MS + 1_000;

/** @param path of the next request to it, with its question */
export const requestSteps = (path: string): Promise<Steps | null> =>
  new Promise((resolve) => {
    const { href } = new URL(path, location.href);
    const observer = new PerformanceObserver((list) => {
      const entry = list.getEntriesByName(href)[0];
      if (entry) end(entry as PerformanceResourceTiming);
    });
    const end = (steps: Steps | null) => {
      observer.disconnect();
      clearTimeout(late);
      resolve(steps);
    };
    const late = setTimeout(() => end(null), TOLD_MS);
    observer.observe({ type: 'resource' });
  });
