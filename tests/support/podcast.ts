/**
 * What is wrong with a feed as a podcast: Apple's published requirements ("Podcast requirements", "A Podcaster's Guide to RSS"),
 * RSS 2.0 and RFC 2822 dates, asked of the text alone. It shares nothing with what writes feeds.
 */
import { inflateSync } from 'node:zlib';

type Element = {
  readonly name: string;
  readonly attributes: Record<string, string>;
  readonly children: Element[];
  text: string;
};

/** A well-formed document as a tree. @throws Error where it is not well-formed */
function parseXml(xml: string): Element {
  const root: Element = { name: '', attributes: {}, children: [], text: '' };
  const open: Element[] = [root];
  const source = xml.replace(/^<\?xml version="1\.0" encoding="UTF-8"\?>\s*/, '');
  let at = 0;
  for (const match of source.matchAll(/<(\/?)([\w:.-]+)((?:\s+[\w:.-]+="[^"<]*")*)\s*(\/?)>/g)) {
    const [whole, closes, name, attributes, empty] = match as unknown as [
      string,
      string,
      string,
      string,
      string,
    ];
    open.at(-1)!.text += plain(source.slice(at, match.index));
    at = match.index + whole.length;
    if (closes) {
      const last = open.pop()!;
      if (last.name !== name) throw new Error(`</${name}> closes <${last.name}>`);
      continue;
    }
    const element: Element = { name, attributes: {}, children: [], text: '' };
    for (const [, key, value] of attributes.matchAll(/([\w:.-]+)="([^"]*)"/g)) {
      if (key! in element.attributes) throw new Error(`<${name}> has ${key} twice`);
      element.attributes[key!] = plain(value!);
    }
    open.at(-1)!.children.push(element);
    if (!empty) open.push(element);
  }
  if (open.length !== 1 || source.slice(at).trim() !== '')
    throw new Error('the document does not end where it begins');
  return root.children[0]!;
}

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  '#39': "'",
};
function plain(text: string): string {
  if (/[<>]/.test(text)) throw new Error(`markup in "${text}"`);
  return text.replace(/&([^;\s]*;?)/g, (_, entity: string) => {
    const known = ENTITIES[entity.replace(/;$/, '')];
    if (!entity.endsWith(';') || known === undefined) throw new Error(`&${entity} is no entity`);
    return known;
  });
}

const NAMESPACES = {
  'xmlns:itunes': 'http://www.itunes.com/dtds/podcast-1.0.dtd',
  'xmlns:atom': 'http://www.w3.org/2005/Atom',
};
/** Of the list of categories, those that a piano may be in. */
const CATEGORIES: Readonly<Record<string, readonly string[]>> = {
  Music: ['Music Commentary', 'Music History', 'Music Interviews'],
  Arts: ['Performing Arts', 'Visual Arts', 'Design'],
};
const RFC_2822 =
  /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d{2}:\d{2}:\d{2} (GMT|[+-]\d{4})$/;
const MOST_TEXT_BYTES = 4_000;

/** @param fileAt the bytes that lie at an address; undefined: none do */
export function podcastFaults(xml: string, fileAt: (url: string) => Uint8Array | undefined): string[] {
  const faults: string[] = [];
  const fault = (holds: boolean, what: string) => void (holds || faults.push(what));
  const rss = parseXml(xml);
  fault(rss.name === 'rss' && rss.attributes.version === '2.0', 'it is no RSS 2.0');
  for (const [name, uri] of Object.entries(NAMESPACES))
    fault(rss.attributes[name] === uri, `${name} is not ${uri}`);
  const used = new Set(xml.match(/<\/?(\w+)(?=:)/g)?.map((tag) => tag.replace(/^<\/?/, '')));
  for (const prefix of used)
    fault(`xmlns:${prefix}` in rss.attributes, `${prefix}: is bound to no namespace`);
  const [channel] = rss.children;
  fault(rss.children.length === 1 && channel?.name === 'channel', 'it has not one channel');
  const all = (of: Element, name: string) => of.children.filter((child) => child.name === name);
  const one = (of: Element, name: string, where: string): Element | undefined => {
    const found = all(of, name);
    fault(found.length === 1, `${where} has ${found.length} <${name}>, not one`);
    return found[0];
  };
  const said = (of: Element, name: string, where: string): string => {
    const text = one(of, name, where)?.text.trim() ?? '';
    fault(text !== '', `<${name}> of ${where} says nothing`);
    return text;
  };
  if (!channel) return faults;

  said(channel, 'title', 'the show');
  fault(
    Buffer.byteLength(said(channel, 'description', 'the show')) <= MOST_TEXT_BYTES,
    'the description is longer than 4,000 bytes',
  );
  fault(
    /^[a-z]{2}(-[a-z]{2})?$/i.test(said(channel, 'language', 'the show')),
    'the language is no code of ISO 639',
  );
  fault(/^https?:\/\//.test(said(channel, 'link', 'the show')), 'the link is not absolute');
  said(channel, 'itunes:author', 'the show');
  fault(
    /^(true|false)$/.test(said(channel, 'itunes:explicit', 'the show')),
    'explicit is neither true nor false',
  );
  fault(
    /^(episodic|serial)$/.test(said(channel, 'itunes:type', 'the show')),
    'the type is neither episodic nor serial',
  );
  const self = all(channel, 'atom:link').find(({ attributes }) => attributes.rel === 'self');
  fault(/^https?:\/\/.*\/feed\.xml$/.test(self?.attributes.href ?? ''), 'it does not say where it is');
  const categories = all(channel, 'itunes:category');
  fault(categories.length > 0, 'it is in no category');
  for (const { attributes, children } of categories) {
    const within = CATEGORIES[attributes.text ?? ''];
    fault(within !== undefined, `there is no category ${attributes.text}`);
    for (const { attributes: below } of children)
      fault(
        within?.includes(below.text ?? '') ?? false,
        `there is no category ${below.text} in ${attributes.text}`,
      );
  }
  const cover = one(channel, 'itunes:image', 'the show')?.attributes.href ?? '';
  fault(/^https?:\/\/.*\.(png|jpg)$/.test(cover), `the picture ${cover} is no address of a PNG or JPEG`);
  faults.push(...coverFaults(fileAt(cover)));

  const items = all(channel, 'item').filter((item) => all(item, 'enclosure').length > 0);
  fault(items.length > 0, 'it has no episode');
  const [guids, urls] = [new Set<string>(), new Set<string>()];
  for (const item of items) {
    const title = said(item, 'title', 'an episode');
    const guid = said(item, 'guid', title);
    fault(!guids.has(guid), `the guid ${guid} is there twice`);
    guids.add(guid);
    const date = said(item, 'pubDate', title);
    fault(RFC_2822.test(date) && !Number.isNaN(Date.parse(date)), `${date} is no date of RFC 2822`);
    fault(new Date(Date.parse(date)).toUTCString() === date, `${date} is another day of the week`);
    const { url = '', length = '', type = '' } = one(item, 'enclosure', title)?.attributes ?? {};
    fault(
      /^https?:\/\/[\x21-\x7e]+\.mp3$/.test(url),
      `the enclosure of ${title} is no address of an MP3: ${url}`,
    );
    fault(!urls.has(url), `the enclosure ${url} is there twice`);
    urls.add(url);
    fault(type === 'audio/mpeg', `the enclosure of ${title} has the type ${type}`);
    fault(
      Number(length) === fileAt(url)?.length,
      `the enclosure of ${title} is told to be ${length} bytes long`,
    );
    const duration = said(item, 'itunes:duration', title);
    fault(/^\d+$/.test(duration) && Number(duration) > 0, `${title} lasts ${duration} seconds`);
    fault(
      /^(true|false)$/.test(said(item, 'itunes:explicit', title)),
      `explicit of ${title} is neither true nor false`,
    );
    fault(
      /^(full|trailer|bonus)$/.test(said(item, 'itunes:episodeType', title)),
      `${title} is of no known type`,
    );
  }
  return faults;
}

/** Apple: PNG or JPEG, RGB, square, 1,400 to 3,000 pixels. */
function coverFaults(png: Uint8Array | undefined): string[] {
  if (!png) return ['there is no picture where the feed says'];
  const bytes = Buffer.from(png);
  const [width, height] = [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
  const faults = [];
  if (width !== height || width < 1_400 || width > 3_000) faults.push(`the picture is ${width} × ${height}`);
  if (bytes[24] !== 8 || bytes[25] !== 2) faults.push('the picture is not RGB of 8 bits');
  let [at, data] = [8, Buffer.alloc(0)];
  while (at < bytes.length) {
    const size = bytes.readUInt32BE(at);
    if (bytes.toString('latin1', at + 4, at + 8) === 'IDAT')
      data = Buffer.concat([data, bytes.subarray(at + 8, at + 8 + size)]);
    at += size + 12;
  }
  if (inflateSync(data).length !== height * (3 * width + 1)) faults.push('the picture is not whole');
  return faults;
}
