import type { Music } from '../../music/note.ts';
import type { PerformanceRecord } from '../../ports.ts';
import {
  countText,
  dateText,
  dollarsText,
  heardText,
  minutesText,
  ownTitle,
  weekdayText,
} from '../../words.ts';
import { SHARE_HEIGHT, SHARE_WIDTH } from '../pictures/share.ts';
import { type Html, html } from './html.ts';
import type { IndexEntry } from './index-json.ts';
import { MODEL_LICENCE, MUSIC_LICENCE } from './licences.ts';
import { marginSvg, rollSvg } from './roll-svg.ts';
import { pageHtml } from './shell.ts';

export type DayPage = {
  readonly entry: IndexEntry;
  readonly record: PerformanceRecord;
  readonly music: Music;
  /** The published days before and after it. */
  readonly previous: IndexEntry | null;
  readonly next: IndexEntry | null;
  readonly siteUrl: string;
  /** Engraved pages of its sheet of music; 0 where there is none. */
  readonly sheetPages: number;
};

/** A day's permalink: whole without JavaScript; with it the same page plays. */
export function dayPage(day: DayPage): string {
  const { entry, music, previous, next, siteUrl } = day;
  const { id, durationMs } = entry;
  const title = ownTitle(entry);
  const date = dateText(id);
  const length = minutesText(durationMs);
  const heard = heardText(entry.heard);
  const about = `A piece for piano, ${length} long, composed by a neural network and played on ${date}${heard && `; ${heard}`}.`;
  const main = html`    <main data-performance="${id}">
      <header class="leader">
        <p class="kicker">${weekdayText(id)}</p>
        <h1>${title || date}</h1>
        <p class="facts">${[title && date, length, `${countText(entry.notes)} notes`, heard].filter(Boolean).join(' · ')}</p>
      </header>
      <figure class="strip">
        ${rollSvg(music, `The whole roll of ${date}: time to the right, pitch upwards`)}
        <canvas id="roll" aria-hidden="true" tabindex="-1" hidden></canvas>
      </figure>
      ${marginSvg(entry.holes)}
      ${replayControls(durationMs)}
      ${sheet(day)}
      <div class="columns">
        ${programme(day)}
        ${colophon(day)}
      </div>
      <nav class="days" aria-label="Days">
        ${neighbour(previous, 'prev', 'Before')}
        <a href="/archive/${id.slice(0, 4)}/#${id.slice(0, 7)}">Archive</a>
        ${neighbour(next, 'next', 'After')}
      </nav>
    </main>`;
  return pageHtml(
    {
      title: `${title ? `${title}, ${date}` : date} · Pianola`,
      description: about,
      path: `/${id}/`,
      script: '/replay.js',
      className: 'leaf day',
      head: headOf(day),
      main,
    },
    siteUrl,
  );
}

function headOf({ entry: { id }, previous, next, siteUrl }: DayPage): Html {
  const picture = siteUrl
    ? html`
    <meta property="og:image" content="${`${siteUrl}/${id}/share.png`}" />
    <meta property="og:image:width" content="${SHARE_WIDTH}" />
    <meta property="og:image:height" content="${SHARE_HEIGHT}" />
    <meta property="og:image:alt" content="A strip of pianola paper, punched with the opening of the piece and its date" />
    <meta name="twitter:card" content="summary_large_image" />`
    : null;
  const related = (entry: IndexEntry | null, rel: string) =>
    entry &&
    html`
    <link rel="${rel}" href="/${entry.id}/" />`;
  return html`
    <meta property="og:type" content="article" />${picture}${related(previous, 'prev')}${related(next, 'next')}
    <link rel="license" href="${MUSIC_LICENCE.url}" />`;
}

/** Hidden until the page's script can play. */
const replayControls = (
  durationMs: number,
): Html => html`<section id="replay" class="replay" aria-label="Listen again" hidden>
        <label class="seek"
          ><span class="unseen">Position</span>
          <input id="seek" type="range" min="0" max="${durationMs}" step="1000" value="0"
        /></label>
        <div class="controls">
          <button id="play" class="join" type="button">Play</button>
          <p id="elapsed" class="elapsed">${`0:00 / ${minutesText(durationMs)}`}</p>
          <label
            ><span>Speed</span>
            <select id="speed">
              <option value="0.5">½×</option>
              <option value="0.75">¾×</option>
              <option value="1" selected>1×</option>
              <option value="1.5">1½×</option>
              <option value="2">2×</option>
              <option value="4">4×</option>
            </select></label
          >
          <label
            ><span>Zoom</span> <input id="zoom" type="range" min="0" max="100" step="10" value="0"
          /></label>
          <label
            ><span>Volume</span> <input id="volume" type="range" min="0" max="100" value="80"
          /></label>
        </div>
        <p id="status" class="status" role="status"></p>
      </section>`;

/** With JavaScript these links play from there; the fragment is a time in seconds (W3C Media Fragments). */
function programme({ record: { movements } }: DayPage): Html {
  if (movements.length === 0) return html`<section class="programme"></section>`;
  const lines = movements.map(
    ({ title, startMs }) =>
      html`<li><a href="#t=${Math.floor(startMs / 1000)}">${minutesText(startMs)}</a> <span>${title}</span></li>`,
  );
  return html`<section class="programme">
          <h2>Programme</h2>
          <ol>${lines}</ol>
        </section>`;
}

/** The first page, which turns and is followed with the script; the rest by links. */
function sheet({ entry: { id }, sheetPages }: DayPage): Html | null {
  if (sheetPages === 0) return null;
  const others = Array.from({ length: sheetPages - 1 }, (_, i) => i + 2).map(
    (page) => html` <a href="/${id}/sheet-${page}.svg">${page}</a>`,
  );
  const pages =
    others.length > 0 ? html` <span>Pages: <a href="/${id}/sheet-1.svg">1</a>${others}</span>` : null;
  return html`<section class="score" aria-label="Sheet of music">
        <h2>Sheet of music</h2>
        <div id="sheet" class="page">
          <img id="sheet-page" src="/${id}/sheet-1.svg" width="595" height="842" loading="lazy" alt="The first of ${sheetPages === 1 ? 'one page' : `${sheetPages} pages`}, engraved for piano on two staves" />
          <span id="sheet-bar" class="bar" hidden></span>
        </div>
        <p id="sheet-at" class="facts">${sheetPages === 1 ? 'One page' : `Page 1 of ${sheetPages}`}</p>
        <p class="files">
          <a href="/${id}/sheet.pdf" download="${`pianola-${id}.pdf`}">To print (PDF)</a>
          <a href="/${id}/sheet.musicxml" download="${`pianola-${id}.musicxml`}">To edit (MusicXML)</a>${pages}
        </p>
      </section>`;
}

function colophon({ entry, record }: DayPage): Html {
  const { id, heard, costUsd, pricesDate } = entry;
  const fact = (name: string, value: Html | string) => html`<dt>${name}</dt><dd>${value}</dd>`;
  return html`<section class="colophon">
          <h2>Colophon</h2>
          <dl>
            ${fact('Composed', html`<time datetime="${new Date(record.composedAt).toISOString()}">${utcText(record.composedAt)}</time>`)}
            ${fact('Seed', String(record.seed))}
            ${fact('Model', html`<code>${record.modelSha256.slice(0, 12)}</code>`)}
            ${fact('Music', html`<code>${record.midiSha256.slice(0, 12)}</code>`)}
            ${fact('Heard', heard === null ? 'not counted' : heardText(heard).slice('heard '.length))}
            ${fact('Cost of the day', costText(costUsd, pricesDate))}
            ${fact('Licence', html`music <a href="${MUSIC_LICENCE.url}" rel="license noreferrer">${MUSIC_LICENCE.name}</a>, as far as there are rights in it: credit Pianola and the date; model and code ${MODEL_LICENCE.name}`)}
          </dl>
          <p class="files">
            ${entry.soundBytes > 0 ? html`<a href="/${id}/performance.mp3" download="${`pianola-${id}.mp3`}">Download sound</a>` : null}
            <a href="/${id}/performance.mid" download="${`pianola-${id}.mid`}">MIDI file</a>
            ${record.movements.some(({ score }) => score) ? html`<a href="/${id}/sheet.musicxml" download="${`pianola-${id}.musicxml`}">Sheet music (MusicXML)</a>` : null}
            <a href="/${id}/roll.png">Picture of the roll</a>
            <a href="/${id}/share.png">Picture to share</a>
            <a href="/${id}/record.json">Whole record</a>
          </p>
        </section>`;
}

const utcText = (ms: number): string => `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

function neighbour(entry: IndexEntry | null, rel: string, word: string): Html {
  if (!entry) return html`<span></span>`;
  return html`<a href="/${entry.id}/" rel="${rel}">${word}: ${ownTitle(entry) || dateText(entry.id)}</a>`;
}

/** What a day cost: dollars, 0 for a station that is one computer, null where nobody knows. */
function costText(usd: number | null, pricesDate: string | null): string {
  if (usd === null) return 'not known';
  if (usd === 0) return 'nothing: played by a computer that was on anyway';
  const prices = pricesDate ? `, estimated by list prices of ${dateText(pricesDate)}` : '';
  return `${dollarsText(usd)}${prices}`;
}
