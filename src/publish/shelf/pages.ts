/** The shelf's pages: whole without a script, as lists. With one (`web/shelf/shelf-page.ts`) they filter and play. */
import { countText, dateText, minutesText } from '../../words.ts';
import { type Html, html } from '../site/html.ts';
import { pageHtml } from '../site/shell.ts';
import { midiPath, PIECES_A_PAGE, pagesOf, pathOf, type ShelfPiece, type ShelfSite } from './piece.ts';

/** Where somebody writes who wants something taken away: an e-mail address, or a page. */
export type Takedown = { readonly href: string; readonly text: string };

const STYLE = html`
    <link rel="stylesheet" href="/shelf.css" />`;
const CREDITS = html`Sounds: FluidR3Mono by Frank Wen and Michael Cowgill,
        <a href="/sounds/LICENSE.md" rel="license">MIT</a>, played by
        <a href="https://github.com/spessasus/spessasynth_core" rel="noreferrer">SpessaSynth</a> (Apache 2.0).`;

function page(path: string, title: string, description: string, main: Html): string {
  return pageHtml(
    {
      title: `${title} · Pianola`,
      description,
      path,
      script: '/shelf.js',
      className: 'leaf shelf',
      head: STYLE,
      credits: CREDITS,
      main: html`    <main>${main}
    </main>`,
    },
    // No absolute address: a station that moves need not make a thousand pages anew.
    '',
  );
}

const numbered = (count: number, one: string): string =>
  `${countText(count)} ${one}${count === 1 ? '' : 's'}`;

/** All sites; said kindly where there is none. */
export function shelfPage(sites: readonly ShelfSite[], takedown: Takedown | null): string {
  const count = sites.reduce((sum, { pieces }) => sum + pieces.length, 0);
  const facts =
    count === 0
      ? 'Nothing is on the shelf yet: whoever runs this station has not published a collection. The archive has what was composed here.'
      : `${numbered(count, 'MIDI file')} from ${numbered(sites.length, 'place')}, as people left them there.`;
  const items = sites.map(
    (site) => html`
        <li><a href="${pathOf(site)}" translate="no">${site.name}</a> <span>${numbered(site.pieces.length, 'file')}</span></li>`,
  );
  return page(
    '/shelf/',
    'The shelf',
    'MIDI files from the early web, collected and kept, to be heard with all their instruments.',
    html`
      <header class="leader">
        <p class="kicker">The shelf</p>
        <h1>What people left on the web</h1>
        <p class="facts">${facts}</p>
      </header>
      ${
        count === 0
          ? html`<p class="plain"><a href="/archive/">To the archive</a></p>`
          : html`${player()}
      ${search('Search all of them')}
      <ol id="found" class="pieces" hidden></ol>
      <ol id="sites" class="sites">${items}
      </ol>`
      }
      ${takedownHtml(takedown)}`,
  );
}

/** @param at from 1 to `pagesOf(site)` */
export function sitePage(site: ShelfSite, at: number, takedown: Takedown): string {
  const pieces = site.pieces.slice((at - 1) * PIECES_A_PAGE, at * PIECES_A_PAGE);
  const pages = pagesOf(site);
  const links = Array.from({ length: pages }, (_, i) => i + 1).map((each) =>
    each === at
      ? html` <a href="${pathOf(site, each)}" aria-current="page">${each}</a>`
      : html` <a href="${pathOf(site, each)}">${each}</a>`,
  );
  const days = site.pieces.map(({ captured }) => captured).filter((day) => day !== null);
  const [first, last] = [days.toSorted()[0], days.toSorted().at(-1)];
  const collected = first && last ? `, collected ${spanText(first, last)}` : '';
  return page(
    pathOf(site, at),
    pages > 1 ? `${site.name}, page ${at} of ${pages}` : site.name,
    `MIDI files collected from ${site.name}.`,
    html`
      <header class="leader">
        <p class="kicker"><a href="/shelf/">The shelf</a></p>
        <h1 translate="no">${site.name}</h1>
        <p class="facts"><span>${numbered(site.pieces.length, 'file')}${collected}.</span> ${site.url ? html`<a href="${site.url}" rel="nofollow noreferrer">The site itself</a>` : html`<span>Where they are from was not written down.</span>`}</p>
      </header>
      ${player()}
      ${search(pages > 1 ? 'Filter this page' : 'Filter')}
      <ol class="pieces" id="pieces">${pieces.map(row)}
      </ol>
      ${pages > 1 ? html`<nav class="years" aria-label="Pages">${links}</nav>` : null}
      <section class="rights" aria-labelledby="rights">
        <h2 id="rights">What the site says of rights</h2>
        ${site.rights === null ? html`<p>Nothing that was found.</p>` : html`<blockquote translate="no">${site.rights.split('\n').map((line) => html`<p>${line}</p>`)}</blockquote>`}
      </section>
      ${takedownHtml(takedown)}`,
  );
}

const spanText = (first: string, last: string): string =>
  first === last ? dateText(first) : `${dateText(first)} to ${dateText(last)}`;

function row(piece: ShelfPiece): Html {
  const { id, name, title, url, captured } = piece;
  return html`
        <li id="${id}"><a class="name" href="#${id}" translate="no">${name}</a>${title && title !== name ? html` <i translate="no">${title}</i>` : null} <span>${factsOf(piece)}</span> <a href="/${midiPath(id)}" download="${`${name}.mid`}" aria-label="${`MIDI file of ${name}`}">MIDI</a>${url ? html` <a href="${url}" rel="nofollow noreferrer" aria-label="${`original of ${name}`}">original</a>` : null}${captured ? html` <time datetime="${captured}">${dateText(captured)}</time>` : null}</li>`;
}

/** E.g. `3:12, 12 instruments, drums, words`. */
export const factsOf = ({ seconds, programs, hasPercussion, hasWords }: ShelfPiece): string =>
  [
    minutesText(seconds * 1000),
    numbered(programs, 'instrument'),
    hasPercussion ? 'drums' : '',
    hasWords ? 'words' : '',
  ]
    .filter(Boolean)
    .join(', ');

/** Hidden until a script shows it. */
const player = (): Html => html`<section id="player" class="player" aria-label="Player" hidden>
        <p id="now" class="now">Press a name to hear it.</p>
        <p id="words" class="words" hidden><b></b><span></span><small></small></p>
        <p id="status" class="unseen" role="status"></p>
        <div class="controls">
          <button id="hear" class="quiet" type="button" disabled>Play</button>
          <button id="random" class="quiet" type="button">Any one</button>
          <span id="elapsed" class="elapsed">0:00</span>
          <input id="seek" type="range" min="0" max="1" step="0.1" value="0" aria-label="Position in the piece" disabled />
          <a id="download" href="/shelf/" hidden>Download</a>
          <button id="share" class="quiet" type="button" hidden>Share a link</button>
          <a id="go-on" href="/play/" hidden>Let the model go on from this</a>
        </div>
      </section>`;

const search = (label: string): Html => html`<search class="filter" hidden>
        <label for="filter">${label}</label> <input id="filter" type="search" autocomplete="off" />
        <span id="count" role="status"></span>
      </search>`;

const takedownHtml = (takedown: Takedown | null): Html | null =>
  takedown &&
  html`<section class="rights" aria-labelledby="takedown">
        <h2 id="takedown">If something should not be here</h2>
        <p>Write to <a href="${takedown.href}" rel="noreferrer" translate="no">${takedown.text}</a> with the link of the file: it is taken away.</p>
      </section>`;
