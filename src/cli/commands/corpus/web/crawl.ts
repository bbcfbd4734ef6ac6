/**
 * Collects the music of a site: its pages below an address are read, in the order in which they name each other, and what they
 * call music is fetched. Nothing elsewhere is asked for, nothing that robots.txt forbids, and nothing twice.
 */
import { hash } from 'node:crypto';
import { MAX_BYTES } from '../../../../music/midi/limits.ts';
import { readSmf } from '../../../../music/midi/walk.ts';
import type { Got, NotGot, Polite } from './fetch-polite.ts';
import type { Journal, Visit } from './journal.ts';
import { linksOf, rightsIn, textOfPage, titleOf } from './page.ts';
import { ALLOWED, FORBIDDEN, MOST_ROBOTS_BYTES, parseRobots, type Robots } from './robots.ts';

/** Of robots.txt's groups ours is the one that names this. */
export const AGENT = 'pianolacollector';
const MUSIC = /\.(midi?|kar|rmi)$/i;
const PAGE = /(\/|\.(html?|shtml?|xhtml|php\d?|asp|cgi|txt)|\/[^/.]*)$/i;
const MOST_PAGE_BYTES = 4_000_000;
const MOST_RIGHTS = 20;

export type Crawled = {
  /** In the order in which they were met. `url`: as it was named; `captured`: `YYYY-MM-DD`. */
  readonly music: readonly { readonly url: string; readonly path: string; readonly captured: string }[];
  readonly refused: readonly ({ readonly file: string } & NotGot)[];
  readonly pages: number;
  /** The title of the page where it began; '' where that has none. */
  readonly title: string;
  /** Sentences of its pages that speak of rights. */
  readonly rights: readonly string[];
};

export type CrawlPorts = {
  readonly journal: Journal;
  /** @param refuses what a redirect must not lead to */
  readonly polite: (refuses: (url: URL) => NotGot | null) => Polite;
  readonly now: () => number;
  /** Told after each address. */
  readonly onVisit?: (done: number, known: number) => void;
};

/** @param start the first page @param most addresses that are visited */
export async function crawl(
  start: string,
  most: number,
  { journal, polite, now, onVisit }: CrawlPorts,
): Promise<Crawled> {
  const first = new URL(start);
  const scope = first.pathname.slice(0, first.pathname.lastIndexOf('/') + 1);
  let robots: Robots = ALLOWED;
  const refusalOf = (url: URL): NotGot | null => {
    if (url.origin !== first.origin) return { code: 'outside', reason: 'it leads to another site' };
    if (!robots.allows(url.pathname + url.search))
      return { code: 'robots', reason: 'robots.txt of the site does not allow it' };
    return null;
  };
  const site = polite(refusalOf);
  robots = await robotsOf();
  if (robots.delayS > 0) site.slowTo(robots.delayS * 1_000);

  const queue = [first.href];
  const known = new Set(queue);
  const visits: Visit[] = [];
  for (let i = 0; i < Math.min(queue.length, most); i++) {
    const url = queue[i]!;
    const visit = journal.visitOf(url) ?? (await visited(url));
    visits.push(visit);
    onVisit?.(i + 1, queue.length);
    if (visit.was !== 'page') continue;
    for (const link of visit.links) {
      const { origin, pathname } = new URL(link);
      const isWanted = MUSIC.test(pathname) || PAGE.test(pathname);
      if (origin !== first.origin || !pathname.startsWith(scope) || !isWanted || known.has(link)) continue;
      known.add(link);
      queue.push(link);
    }
  }
  return crawled(visits);

  async function robotsOf(): Promise<Robots> {
    const url = `${first.origin}/robots.txt`;
    let visit = journal.visitOf(url);
    if (visit?.was !== 'robots') {
      const got = await site.get(url, MOST_ROBOTS_BYTES);
      const isThere = 'bytes' in got;
      // A site that has none allows everything; one that cannot say so, nothing.
      const isReachable = isThere || /^status_4/.test(got.code);
      const text = isThere ? new TextDecoder().decode(got.bytes) : null;
      visit = { was: 'robots', url, at: now(), text, isReachable };
      await journal.add(visit);
    }
    if (visit.was !== 'robots' || !visit.isReachable) return FORBIDDEN;
    return visit.text === null ? ALLOWED : parseRobots(visit.text, AGENT);
  }

  async function visited(url: string): Promise<Visit> {
    const visit = await visitTo(url);
    await journal.add(visit);
    return visit;
  }

  async function visitTo(url: string): Promise<Visit> {
    const refused = (why: NotGot): Visit => ({
      was: 'refused',
      url,
      at: now(),
      code: why.code,
      reason: why.reason,
    });
    const forbidden = refusalOf(new URL(url));
    if (forbidden) return refused(forbidden);
    const isMusic = MUSIC.test(new URL(url).pathname);
    const got = await site.get(url, isMusic ? MAX_BYTES : MOST_PAGE_BYTES);
    if (!('bytes' in got)) return refused(got);
    return isMusic ? music(url, got, refused) : page(url, got, refused);
  }

  async function music(
    url: string,
    { bytes, url: final }: Got,
    refused: (why: NotGot) => Visit,
  ): Promise<Visit> {
    const reading = readSmf(bytes);
    if ('problem' in reading) {
      const isPage = /^\s*<(!doctype|html|head|body|!--)/i.test(
        new TextDecoder().decode(bytes.subarray(0, 200)),
      );
      return refused(
        isPage
          ? { code: 'html', reason: 'it is a page, whatever it is called' }
          : { code: reading.reason, reason: reading.problem },
      );
    }
    const sha256 = hash('sha256', bytes);
    await journal.keep(sha256, bytes);
    return { was: 'music', url, at: now(), sha256, final };
  }

  function page(url: string, got: Got, refused: (why: NotGot) => Visit): Visit {
    if (!/^text\/|html|^$/i.test(got.contentType))
      return refused({ code: 'no_page', reason: `it is no page: ${got.contentType.slice(0, 60)}` });
    const text = textOfPage(got.bytes, got.contentType);
    const links = linksOf(text, got.url);
    return { was: 'page', url, at: now(), links, rights: rightsIn(text), title: titleOf(text) };
  }

  function crawled(all: readonly Visit[]): Crawled {
    const pages = all.filter((visit) => visit.was === 'page');
    return {
      music: all
        .filter((visit) => visit.was === 'music')
        .map(({ url, sha256, at }) => ({
          ...{ url, path: journal.pathOf(sha256), captured: new Date(at).toISOString().slice(0, 10) },
        })),
      refused: all
        .filter((visit) => visit.was === 'refused')
        .map(({ url, code, reason }) => ({ file: url, code, reason })),
      pages: pages.length,
      title: pages[0]?.title ?? '',
      rights: [...new Set(pages.flatMap(({ rights }) => rights))].slice(0, MOST_RIGHTS),
    };
  }
}
