import { WEAVE_COLUMNS, WEAVE_ROWS, weaveRuns } from '../../music/weave.ts';
import {
  countText,
  dateText,
  heardText,
  minutesText,
  monthText,
  ownTitle,
  weekdayText,
} from '../../words.ts';
import { type Html, html } from './html.ts';
import type { ArchiveIndex, IndexEntry } from './index-json.ts';
import { pageHtml } from './shell.ts';
import { type Week, weeksOf } from './weeks.ts';

const WEEKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

/** The years that have a page, newest first. */
export const yearsOf = ({ performances }: ArchiveIndex): string[] => [
  ...new Set(performances.map(({ id }) => id.slice(0, 4))),
];

/**
 * A year of the archive as a textile: a row a week, a strip a day, the newest on top. It needs no script; with one,
 * the months filter.
 * @param year `YYYY`; null in an archive without a day
 */
export function archivePage(index: ArchiveIndex, year: string | null, siteUrl: string): string {
  const entries = index.performances.filter(({ id }) => id.startsWith(`${year}-`));
  const title = year ? `Archive ${year}` : 'Archive';
  const main = html`    <main>
      <header class="leader">
        <p class="kicker">Archive</p>
        <h1>${year ?? 'Nothing yet'}</h1>
        <p class="facts">${aboutText(entries)}</p>
      </header>
      ${entries.length === 0 ? null : isYoung(entries) ? rolls(entries) : textile(entries)}
      ${years(yearsOf(index), year)}
      <nav class="elsewhere" aria-label="Elsewhere"><a href="/shelf/">The shelf</a> <span>what people left on the web</span></nav>
    </main>`;
  return pageHtml(
    {
      title: `${title} · Pianola`,
      description: `Every day’s piece of piano music that Pianola has composed and played${year ? ` in ${year}` : ''}, a strip of paper each.`,
      path: year ? `/archive/${year}/` : '/archive/',
      script: '/archive.js',
      className: 'leaf archive-leaf',
      ...(siteUrl
        ? {
            head: html`
    <meta property="og:image" content="${`${siteUrl}/share.png`}" />
    <meta name="twitter:card" content="summary_large_image" />`,
          }
        : {}),
      main,
    },
    siteUrl,
  );
}

const aboutText = (entries: readonly IndexEntry[]): string =>
  entries.length === 0
    ? 'No day has been played yet.'
    : `A strip is a day’s whole roll${isYoung(entries) ? '' : ', a row a week'}; hollow ones were heard by nobody.`;

/** In its first week each day is a strip as broad as the page: an archive of one day is as handsome as one of a year. */
const YOUNG_MS = 7 * 86_400_000;
const isYoung = (entries: readonly IndexEntry[]): boolean =>
  Date.parse(entries[0]?.id ?? '') - Date.parse(entries.at(-1)?.id ?? '') < YOUNG_MS;

/** Newest first, with a torn place for days on which nothing was played. */
function rolls(entries: readonly IndexEntry[]): Html {
  const dates = entries.map(({ id }) => id).sort();
  const byDate = new Map(entries.map((entry) => [entry.id, entry]));
  const all = weeksOf(dates[0]!, dates.at(-1)!)
    .flatMap(({ dates }) => [...dates].reverse())
    .filter((date) => date !== null && date >= dates[0]! && date <= dates.at(-1)!);
  const items = all.map((date) => {
    const entry = byDate.get(date!);
    if (!entry)
      return html`
        <li class="torn"><p>${weekdayText(date!)}, ${dateText(date!)}: nothing was played</p></li>`;
    const facts = [minutesText(entry.durationMs), `${countText(entry.notes)} notes`, heardText(entry.heard)];
    return html`
        <li${entry.heard === 0 ? html` class="unheard"` : null}><a href="/${entry.id}/">${weaveSvg(entry)}<span>${weekdayText(entry.id)}, ${dateText(entry.id)}</span> <b>${ownTitle(entry) || dateText(entry.id)}</b> <span>${facts.filter(Boolean).join(', ')}</span></a></li>`;
  });
  return html`<ol class="rolls">${items}
      </ol>`;
}

function textile(entries: readonly IndexEntry[]): Html {
  const byDate = new Map(entries.map((entry) => [entry.id, entry]));
  const dates = [...byDate.keys()].sort();
  const weeks = weeksOf(dates[0]!, dates.at(-1)!);
  const months = [...new Set(dates.map((date) => date.slice(0, 7)))];
  /** The newest row of each month is where its link leads. */
  const anchored = new Set<string>();
  const rows = weeks.map((week) => {
    const month = monthsOf(week).findLast(
      (candidate) => months.includes(candidate) && !anchored.has(candidate),
    );
    if (month) anchored.add(month);
    return row(week, byDate, month ?? null);
  });
  return html`<nav class="months" aria-label="Months">
        <a id="all" href="#">All</a>${months.map((month) => html` <a href="#${month}">${monthText(month)}</a>`)}
      </nav>
      <table class="textile">
        <caption class="unseen">${entries.length === 1 ? 'One performance' : `${entries.length} performances`}, by week</caption>
        <thead>
          <tr><th scope="col"><span class="unseen">Week</span></th>${WEEKDAYS.map((day) => html`<th scope="col"><abbr title="${day}">${day.slice(0, 2)}</abbr></th>`)}</tr>
        </thead>
        <tbody>${rows}
        </tbody>
      </table>`;
}

const monthsOf = ({ dates }: Week): string[] => [
  ...new Set(dates.flatMap((date) => (date ? [date.slice(0, 7)] : []))),
];

function row(week: Week, byDate: ReadonlyMap<string, IndexEntry>, anchor: string | null): Html {
  const id = anchor ? html` id="${anchor}"` : null;
  const month = anchor ? html`<span>${monthText(anchor).slice(0, 3)}</span> ` : null;
  const cells = week.dates.map((date) => {
    const entry = date && byDate.get(date);
    return entry ? strip(entry) : html`<td></td>`;
  });
  return html`
          <tr${id} data-months="${monthsOf(week).join(' ')}"><th scope="row">${month}${week.label}</th>${cells}</tr>`;
}

/** A hole is a line with round ends; the stylesheet says how broad, and what a hollow one looks like. */
function weaveSvg(entry: IndexEntry): Html {
  const d = weaveRuns(entry.weave)
    .map(({ row, column, length }) => `M${column} ${row}h${length - 1}`)
    .join('');
  // A hollow hole is the same path twice: broad in ink, less broad in paper.
  const hollow = entry.heard === 0 ? html`<path class="hollow" d="${d}"/>` : null;
  return html`<svg viewBox="-1 -1 ${WEAVE_COLUMNS + 1} ${WEAVE_ROWS + 1}" preserveAspectRatio="none" aria-hidden="true"><path d="${d}"/>${hollow}</svg>`;
}

function strip(entry: IndexEntry): Html {
  const words = [
    `${weekdayText(entry.id)}, ${dateText(entry.id)}`,
    ownTitle(entry),
    minutesText(entry.durationMs),
    heardText(entry.heard),
  ];
  const unheard = entry.heard === 0 ? html` class="unheard"` : null;
  return html`<td${unheard} data-month="${entry.id.slice(0, 7)}"><a href="/${entry.id}/" aria-label="${words.filter(Boolean).join(', ')}">${weaveSvg(entry)}</a></td>`;
}

function years(all: readonly string[], shown: string | null): Html | null {
  if (all.length < 2) return null;
  const links = all.map((year) =>
    year === shown
      ? html`<a href="/archive/${year}/" aria-current="page">${year}</a>`
      : html`<a href="/archive/${year}/">${year}</a>`,
  );
  return html`<nav class="years" aria-label="Years">${links}</nav>`;
}
