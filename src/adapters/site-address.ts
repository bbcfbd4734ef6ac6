/** Where the site is, for what must be absolute: link cards, and calendars that are followed. */

/** Stands for it in the page's documents, until they are served or uploaded (a name that nobody can have, RFC 2606). */
const NOWHERE = 'site.invalid';

/** @param siteUrl without a slash at its end */
export function withAddress(document: Uint8Array, siteUrl: string): Uint8Array {
  const text = new TextDecoder().decode(document);
  if (!text.includes(NOWHERE)) return document;
  const host = siteUrl.replace(/^https?:\/\//, '');
  const placed = text
    .replaceAll(`webcal://${NOWHERE}`, `webcal://${host}`)
    .replaceAll(`https://${NOWHERE}`, siteUrl);
  return new TextEncoder().encode(placed);
}

/**
 * A document of the site as it is served below `root`: its links and addresses lead there. What is no document stays.
 * @param path of the file, from the site's root
 * @param siteUrl without a slash at its end
 * @param root path that the site lies below, like `/piano`; '': it lies at the top
 */
export function placed(path: string, body: Uint8Array, siteUrl: string, root: string): Uint8Array {
  if (/(\/|\.html)$/.test(path))
    return belowRoot(withAddress(body, siteUrl), root, /( (?:href|src)=")\/(?!\/)/g);
  if (path.endsWith('.css')) return belowRoot(body, root, /(url\("?)\/(?!\/)/g);
  return path.endsWith('.webmanifest') ? belowRoot(body, root, /(": ?")\/(?!\/)/g) : body;
}

/** @param links what comes before the slash of each link is its first group */
const belowRoot = (document: Uint8Array, root: string, links: RegExp): Uint8Array =>
  root === ''
    ? document
    : new TextEncoder().encode(new TextDecoder().decode(document).replace(links, `$1${root}/`));
