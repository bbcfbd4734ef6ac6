import { type Html, html } from './html.ts';

/** What every published page has around it. Its scripts and styles are files of the page's deployment. */
export type PageParts = {
  readonly title: string;
  readonly description: string;
  /** From the site's root, with a slash at both ends. */
  readonly path: string;
  readonly script: string;
  readonly className: string;
  /** More for the head. */
  readonly head?: Html;
  /** What the foot says of where the sound comes from; the piano's, where nothing is given. */
  readonly credits?: Html;
  readonly main: Html;
};

const PIANO = html`Composed by a small neural network. Piano: Salamander Grand by Alexander Holm,
        <a href="https://creativecommons.org/licenses/by/3.0/" rel="license noreferrer">CC BY 3.0</a>.`;

/** @param siteUrl without a slash at its end; '' where nobody knows: then nothing that must be absolute is said */
export function pageHtml(
  { title, description, path, script, className, head, main, credits = PIANO }: PageParts,
  siteUrl: string,
): string {
  const absolute = siteUrl
    ? html`
    <link rel="canonical" href="${siteUrl + path}" />
    <meta property="og:url" content="${siteUrl + path}" />`
    : null;
  return html`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover" />
    <title>${title}</title>
    <meta name="description" content="${description}" />
    <meta name="color-scheme" content="light dark" />${absolute}
    <meta property="og:site_name" content="Pianola" />
    <meta property="og:title" content="${title}" />
    <meta property="og:description" content="${description}" />${head ?? null}
    <meta name="theme-color" media="(prefers-color-scheme: light)" content="#e7dfca" />
    <meta name="theme-color" media="(prefers-color-scheme: dark)" content="#0d0f11" />
    <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
    <link rel="apple-touch-icon" href="/icons/icon-180.png" />
    <link rel="manifest" href="/manifest.webmanifest" />
    <link rel="alternate" href="/feed.xml" type="application/rss+xml" title="Pianola: each day’s piece" />
    <link rel="alternate" href="/calendar.ics" type="text/calendar" title="Pianola: coming performances" />
    <script src="/theme.js"></script>
    <link rel="stylesheet" href="/style.css" />
    <link rel="stylesheet" href="/pages.css" />
    <script type="module" src="${script}"></script>
  </head>
  <body class="${className}">
    <header class="head">
      <p class="mark"><a href="/">Pianola</a></p>
      <nav class="motto" aria-label="Site"><a href="/archive/">Archive</a></nav>
      <button id="theme" class="quiet" type="button" hidden>Light</button>
    </header>
${main}
    <footer class="foot">
      <p><a href="/feed.xml">RSS</a> <a href="${siteUrl.replace(/^https?:/, 'webcal:')}/calendar.ics">Calendar</a></p>
      <p>
        ${credits}
      </p>
    </footer>
  </body>
</html>
`.markup;
}
