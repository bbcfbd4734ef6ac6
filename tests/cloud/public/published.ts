/** What programs get of a station's day: link cards, feed and calendar, by the public address alone. */
import { type Answer, get, type Site } from './visitor.ts';

const PNG = '89504e470d0a1a0a';

export type Published = {
  readonly day: string;
  /** Bytes of the pictures that link cards show, the page's and the day's. */
  readonly cards: readonly number[];
  readonly feedItems: number;
  readonly calendarEvents: number;
  /** Addresses that were found in what is published, each of them asked for. */
  readonly addresses: number;
  /** What does not hold, in words. */
  readonly wrong: readonly string[];
  readonly midi: Buffer;
};

const metaOf = (html: string, property: string): string | null =>
  new RegExp(`<meta property="${property}" content="([^"]*)"`).exec(html)?.[1] ?? null;

/** null: the day is not published yet. */
export async function published(site: Site): Promise<Published | null> {
  const text = async (path: string) => String((await get(site, path)).body);
  const index = await get(site, 'index.json');
  const day = index.status === 200 ? JSON.parse(String(index.body)).performances[0]?.id : undefined;
  if (day === undefined) return null;
  const wrong: string[] = [];
  const expect = (holds: boolean, what: string) => {
    if (!holds) wrong.push(what);
  };

  // `/archive/` is the newest year's page, and says so.
  const paths = ['', `${day}/`, `archive/${day.slice(0, 4)}/`];
  const pages: Record<string, string> = Object.fromEntries(
    await Promise.all(paths.map(async (path) => [path, await text(path)])),
  );
  const cards: number[] = [];
  for (const [path, html] of Object.entries(pages)) {
    const own = site.base + path;
    expect(html.includes(`<link rel="canonical" href="${own}"`), `${path || '/'} has no canonical ${own}`);
    const picture = metaOf(html, 'og:image');
    expect(picture?.startsWith(site.base) === true, `${path || '/'} has a card at ${picture}`);
    if (picture === null) continue;
    const answer = await get(site, picture);
    expect(isPng(answer), `${picture} is no picture (${answer.status}, ${answer.type})`);
    cards.push(answer.body.length);
  }

  const [feed, calendar] = [await text('feed.xml'), await text('calendar.ics')];
  const everything = [...Object.values(pages), feed, calendar, String(index.body)].join('\n');
  expect(
    !/localhost|127\.0\.0\.1/.test(everything),
    'an address of this machine stands in what is published',
  );
  const ours = new URL(site.base).host;
  const addresses = new Set(
    [...everything.matchAll(/\b(?:https|webcal):\/\/[^\s"'<>\\&]+/g)]
      .map(([address]) => address.replace('webcal:', 'https:'))
      .filter((address) => new URL(address).host.startsWith(ours.split(':')[0]!)),
  );
  for (const address of addresses) {
    expect(address.startsWith(site.base.replace(/\/$/, '')), `${address} leads out of ${site.base}`);
    const answer = await get(site, address);
    expect(answer.status === 200, `${address} answers ${answer.status}`);
  }
  const { body: midi } = await get(site, `${day}/performance.mid`);
  return {
    day,
    cards,
    feedItems: feed.split('<item>').length - 1,
    calendarEvents: calendar.split('BEGIN:VEVENT').length - 1,
    addresses: addresses.size,
    wrong: wrong.concat(feed.includes('<item>') ? [] : ['the feed has no item']),
    midi,
  };
}

const isPng = ({ status, type, body }: Answer): boolean =>
  status === 200 && type === 'image/png' && body.subarray(0, 8).toString('hex') === PNG;
