/** How a public file is labelled and cached, by its path; the same on CloudFront and in local mode. */
export type SiteHeaders = { readonly contentType: string; readonly cacheControl: string };

const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  json: 'application/json',
  xml: 'application/rss+xml; charset=utf-8',
  ics: 'text/calendar; charset=utf-8',
  svg: 'image/svg+xml',
  pdf: 'application/pdf',
  musicxml: 'application/vnd.recordare.musicxml+xml',
  png: 'image/png',
  mp3: 'audio/mpeg',
  woff2: 'font/woff2',
  mid: 'audio/midi',
  sf3: 'audio/x-soundfont',
  md: 'text/plain; charset=utf-8',
  txt: 'text/plain; charset=utf-8',
  webmanifest: 'application/manifest+json',
};

/** What never changes under its name: hashed bundles, samples, and a published day's MIDI and sound; and the music of a broadcast under way. */
const IMMUTABLE =
  /^(live\/|assets\/|piano\/|type\/|sounds\/.*\.sf3$|.*-[0-9a-z]{8,}\.(js|css)$|\d{4}-\d{2}-\d{2}\/[^/]+\.(mid|mp3)$)/i;

/** What is made anew only when its form changes: a day's pictures; and the shelf's files, which may be withdrawn. */
const LASTING = /^(\d{4}-\d{2}-\d{2}\/[^/]+\.png|shelf\/midi\/[^/]+)$/;
/** A minute: a new day shows soon after its broadcast, and a crowd still costs one request to the bucket. */
const SHORT = 'public, max-age=60';
const A_DAY = 'public, max-age=86400';
const FOR_EVER = 'public, max-age=31536000, immutable';

/** What a path without its slash would lead to: a directory of ours, in which its page lies. */
export const isDirectory = (path: string): boolean => DIRECTORY.test(path);
const DIRECTORY = /^\/(\d{4}-\d{2}-\d{2}|archive(\/\d{4})?|embed|play|shelf(\/[a-z0-9-]+(\/\d+)?)?)$/;

/**
 * The content security policy of a path: nothing from anywhere else, and in no frame; the embed alone may be framed by
 * anybody, for which it is made, and the shelf alone may compile WebAssembly, which decodes its recordings.
 * @param sockets of the station's own, for browsers that do not count them as 'self'; each with a blank before it
 */
export const securityPolicy = (path: string, sockets = ''): string =>
  `default-src 'self'; ${path.startsWith('/shelf/') ? "script-src 'self' 'wasm-unsafe-eval'; " : ''}connect-src 'self'${sockets}; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors ${path === '/embed/' ? '*' : "'none'"}`;

export function siteHeaders(path: string): SiteHeaders {
  const extension = path.slice(path.lastIndexOf('.') + 1).toLowerCase();
  return {
    contentType: TYPES[extension] ?? 'application/octet-stream',
    cacheControl: IMMUTABLE.test(path) ? FOR_EVER : LASTING.test(path) ? A_DAY : SHORT,
  };
}

/** @throws RangeError for a path that is not a plain one below the site's root */
export function sitePath(path: string): string {
  if (path === '' || path.startsWith('/') || path.includes('\\') || path.split('/').includes('..')) {
    throw new RangeError(`"${path}" leaves the site`);
  }
  return path;
}
