/**
 * What the page needs where there is no network: itself, and the last roll. The network is asked first, so that nothing
 * old is shown while it answers; what was kept is for when it does not. Files whose names change with their
 * content are not asked for twice.
 */
import { daysOf } from '../published/days.ts';

/** As `Cache` of the Service Worker API has it. */
export type Kept = {
  match(path: string): Promise<Response | undefined>;
  put(path: string, response: Response): Promise<void>;
  keys(): Promise<readonly { readonly url: string }[]>;
  delete(path: string): Promise<boolean>;
};
export type Offline = {
  /** Fetches what the first screen consists of. @throws where any of it is not to be had */
  fill(): Promise<void>;
  /**
   * @param later what goes on after the answer
   * @throws what `fetch` throws, where nothing was kept
   */
  answer(request: Request, later: (work: Promise<void>) => void): Promise<Response>;
};

const SHELL: readonly string[] = [
  ...['/', '/page.js', '/theme.js', '/timer-worker.js', '/style.css', '/live.css'],
  ...['/manifest.webmanifest', '/favicon.svg', '/icons/icon-192.png'],
];
const INDEX = '/index.json';
/** One's own language is kept as it is asked for. */
const WORDS = /^\/words-\w+\.js$/;
const LASTING = /^\/(type|piano)\/[^/]+$/;
const OF_A_DAY = /^\/(\d{4}-\d{2}-\d{2})\/(record\.json|performance\.mid)$/;

/**
 * @param kept opened anew for each use: a browser may empty it at any time
 * @param language the visitor's; null: English, which is in the page itself
 * @param site where the first screen is, without its last slash: `https://piano.example`, or a path of it
 */
export function offline(
  kept: () => Promise<Kept>,
  fetch: (request: Request | string) => Promise<Response>,
  site: string,
  language: string | null = null,
): Offline {
  const root = new URL(site).pathname.replace(/\/$/, '');
  const pathOf = (url: string): string => new URL(url, site).pathname.slice(root.length);
  const newestIn = async (index: Response | undefined): Promise<string | null> =>
    daysOf(await index?.json().catch(() => null))[0]?.id ?? null;

  async function keep(path: string, response: Response): Promise<void> {
    const cache = await kept();
    const day = OF_A_DAY.exec(path)?.[1];
    if (day !== undefined) {
      // Of the days the last one alone: a year of them would fill a telephone.
      if (day === (await newestIn(await cache.match(root + INDEX)))) await cache.put(root + path, response);
      return;
    }
    if (!SHELL.includes(path) && path !== INDEX && !LASTING.test(path) && !WORDS.test(path)) return;
    const newest = path === INDEX ? await newestIn(response.clone()) : null;
    await cache.put(root + path, response);
    if (newest === null) return;
    for (const { url } of await cache.keys()) {
      const old = OF_A_DAY.exec(pathOf(url))?.[1];
      if (old !== undefined && old !== newest) await cache.delete(root + pathOf(url));
    }
  }

  return {
    async fill() {
      for (const path of [...SHELL, ...(language === null ? [] : [`/words-${language}.js`])]) {
        const response = await fetch(root + path);
        if (response.status !== 200) throw new Error(`${path}: ${response.status}`);
        await keep(path, response);
      }
      const index = await fetch(root + INDEX);
      if (index.status !== 200) return;
      await keep(INDEX, index);
      const newest = await newestIn(await (await kept()).match(root + INDEX));
      for (const file of newest === null ? [] : ['record.json', 'performance.mid']) {
        const response = await fetch(`${root}/${newest}/${file}`);
        if (response.status === 200) await keep(`/${newest}/${file}`, response);
      }
    },
    async answer(request, later) {
      const path = pathOf(request.url);
      const known = async () => (await kept()).match(root + path).catch(() => undefined);
      if (LASTING.test(path)) {
        const there = await known();
        if (there) return there;
      }
      try {
        const response = await fetch(request);
        // A part of a file is nothing to be kept.
        if (response.status === 200) later(keep(path, response.clone()).catch(() => {}));
        return response;
      } catch (error) {
        const there = await known();
        if (there) return there;
        // The first screen says that the station is out of reach; a browser's own page says less.
        if (request.mode === 'navigate' && path !== '/') return Response.redirect(`${site}/`, 302);
        throw error;
      }
    },
  };
}
