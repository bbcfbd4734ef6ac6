/** A site that gets another address: what tells of the old one is told anew. */
import type { Site } from '../ports.ts';
import { readIndex } from './index-file.ts';
import { yearsOf } from './site/archive-page.ts';

/**
 * Puts a new address in place of the old one into every page and the feed; the feed last, for it says which is in force:
 * a move that was cut short is made whole by the next. Calendars are made anew by whoever publishes the schedule.
 * @param siteUrl without a slash at its end
 * @returns the address of before; null: it is the same, or nothing is published
 */
export async function moveSite(site: Site, siteUrl: string): Promise<string | null> {
  const feed = await textOf(site, 'feed.xml');
  const former = feed === null ? null : (/<link>(https?:\/\/[^<]+)\/<\/link>/.exec(feed)?.[1] ?? null);
  if (feed === null || former === null || former === siteUrl) return null;
  const index = await readIndex(site);
  const pages = [
    ...index.performances.map(({ id }) => id),
    'archive',
    ...yearsOf(index).map((year) => `archive/${year}`),
  ];
  for (const page of pages) {
    const path = `${page}/index.html`;
    const text = await textOf(site, path);
    if (text !== null) await site.put(path, moved(text, former, siteUrl));
  }
  await site.put('feed.xml', moved(feed, former, siteUrl));
  return former;
}

const moved = (text: string, former: string, siteUrl: string): string =>
  text
    .replaceAll(`${former}/`, `${siteUrl}/`)
    .replaceAll(`${webcal(former)}/calendar.ics`, `${webcal(siteUrl)}/calendar.ics`);

const webcal = (url: string): string => url.replace(/^https?:/, 'webcal:');

async function textOf(site: Site, path: string): Promise<string | null> {
  const bytes = await site.get(path);
  return bytes && new TextDecoder().decode(bytes);
}
