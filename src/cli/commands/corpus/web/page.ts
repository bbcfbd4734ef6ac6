/** What a collector needs of an old page: where it leads, and what it says of rights. No tree is built of it: half of them have none. */

/** Attributes in which pages of the nineties name their music and each other. */
const LINKS = /\b(?:href|src|data|value)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))/gi;
const ENTITIES: Readonly<Record<string, string>> = {
  ...{ amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ', copy: '©' },
};
const SPEAKS_OF_RIGHTS =
  /©|\(c\)\s*(?:19|20)\d\d|\bcopyright|\bcopyleft|\bpublic domain\b|\blicen[cs]e|\brights reserved\b|\bpermission|\bcreative commons\b|\bfree(?:ly)? to (?:use|download|copy|distribute)\b/i;
/** Characters of a sentence, and sentences of a page, that are kept. */
const LONGEST_SENTENCE = 400;
const MOST_SENTENCES = 12;
const MOST_LINKS = 20_000;

/**
 * Text as its writers meant it: the encoding of the header, else of the page, else the one that Windows had.
 * @param contentType as the site sends it; '' where it sends none
 */
export function textOfPage(bytes: Uint8Array, contentType: string): string {
  const head = String.fromCharCode(...bytes.subarray(0, 2_048));
  const named =
    /charset\s*=\s*["']?([\w-]+)/i.exec(contentType)?.[1] ?? /charset\s*=\s*["']?([\w-]+)/i.exec(head)?.[1];
  try {
    return new TextDecoder(named ?? 'windows-1252').decode(bytes);
  } catch {
    // A name that nobody knows.
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

/** Absolute addresses, each once, in the order of the page; what is no http address is left out. */
export function linksOf(html: string, address: string): string[] {
  const base = /<base\b[^>]*?\bhref\s*=\s*["']?([^\s"'>]+)/i.exec(html)?.[1];
  const from = base && URL.canParse(base, address) ? new URL(base, address).href : address;
  const found = new Set<string>();
  for (const [, double, single, bare] of withoutComments(html).matchAll(LINKS)) {
    const link = unescaped(double ?? single ?? bare ?? '').trim();
    if (link === '' || link.startsWith('#') || !URL.canParse(link, from)) continue;
    const url = new URL(link, from);
    url.hash = '';
    if (/^https?:$/.test(url.protocol)) found.add(url.href);
    if (found.size === MOST_LINKS) break;
  }
  return [...found];
}

/** Sentences that speak of rights, as they stand; empty where none does. */
export function rightsIn(html: string): string[] {
  const text = withoutComments(html)
    .replace(/<(script|style)\b[\s\S]*?<\/\1\s*>/gi, ' ')
    .replace(/<\/?(?:p|br|div|td|tr|li|h\d|hr|table|center|title|body|blockquote)\b[^>]*>/gi, '\n')
    .replace(/<[^>]*>/g, '');
  const sentences = unescaped(text)
    .split(/\n\s*\n|\n(?=\s*\S)|(?<=[.!?])\s+/)
    .map((sentence) => sentence.replace(/\s+/g, ' ').trim());
  const speaking = sentences.filter((sentence) => SPEAKS_OF_RIGHTS.test(sentence));
  return [...new Set(speaking)].slice(0, MOST_SENTENCES).map((one) => one.slice(0, LONGEST_SENTENCE));
}

export const titleOf = (html: string): string =>
  unescaped(/<title\b[^>]*>([^<]*)/i.exec(html)?.[1] ?? '')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 120);

const withoutComments = (html: string): string => html.replace(/<!--[\s\S]*?(?:-->|$)/g, ' ');

const unescaped = (text: string): string =>
  text.replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|(\w{2,8}));?/gi, (whole, decimal, hex, name) => {
    const code = decimal ? Number(decimal) : hex ? Number.parseInt(hex, 16) : 0;
    if (name) return ENTITIES[name.toLowerCase()] ?? whole;
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : '';
  });
