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
