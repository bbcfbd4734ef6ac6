/** The last days as one roll: a strip a day, each a link, taped to the one before it. */
import { WEAVE_COLUMNS, WEAVE_ROWS, weaveRuns } from '../../src/music/weave.ts';
import { words as say } from '../language/words.ts';
import { dateText, shortDayText } from '../language/written.ts';
import { ROOT } from '../site/root.ts';
import { type Day, dayText, weekUntil } from './days.ts';

const SVG = 'http://www.w3.org/2000/svg';
/** A torn edge, in the units of the drawing: the same each time. */
const TEAR = 'M3 -1L4.6 1L3.4 3L5.2 5L3.8 7L4.8 9L3.6 11';

export type Coming = { readonly title: string; readonly countdown: string };

/**
 * Fills a list with the week up to the newest day, and with what comes after it.
 * @param coming null: nothing is planned
 */
export function fillStrips(list: HTMLElement, days: readonly Day[], coming: Coming | null): void {
  const newest = days[0];
  const byId = new Map(days.map((day) => [day.id, day]));
  const oldest = days.at(-1)?.id ?? '';
  const week = newest ? weekUntil(newest.id).filter((date) => date >= oldest) : [];
  const items = week.map((date) => {
    const day = byId.get(date);
    return day ? stripOf(day) : gapOf(date);
  });
  list.replaceChildren(...items, ...(coming ? [blankOf(coming)] : []));
}

function stripOf(day: Day): HTMLLIElement {
  const item = document.createElement('li');
  if (day.heard === 0) item.className = 'unheard';
  const link = document.createElement('a');
  link.href = `${ROOT}/${day.id}/`;
  link.dataset.day = day.id;
  const d = weaveRuns(day.weave)
    .map(({ row, column, length }) => `M${column} ${row}h${length - 1}`)
    .join('');
  const text = words(day.id, say.title(day.title) || dateText(day.id));
  const facts = document.createElement('span');
  facts.textContent = dayText(day);
  text.append(facts);
  link.append(drawing([d, ...(day.heard === 0 ? [d] : [])]), text);
  item.append(link);
  return item;
}

/** A day on which nothing was played: the paper is torn. */
function gapOf(date: string): HTMLLIElement {
  const item = document.createElement('li');
  item.className = 'torn';
  item.append(drawing([TEAR]), words(date, say.nothingPlayed));
  return item;
}

/** What comes: blank paper, taped on already. */
function blankOf({ title, countdown }: Coming): HTMLLIElement {
  const item = document.createElement('li');
  item.className = 'coming';
  const text = document.createElement('p');
  const when = document.createElement('b');
  when.textContent = title;
  text.append(when, countdown);
  item.append(drawing([]), text);
  return item;
}

function drawing(paths: readonly string[]): SVGSVGElement {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', `-1 -1 ${WEAVE_COLUMNS + 1} ${WEAVE_ROWS + 1}`);
  svg.setAttribute('preserveAspectRatio', 'none');
  svg.setAttribute('aria-hidden', 'true');
  for (const [i, d] of paths.entries()) {
    const path = document.createElementNS(SVG, 'path');
    path.setAttribute('d', d);
    // A hollow hole is the same path twice: broad in ink, less broad in paper.
    if (i > 0) path.setAttribute('class', 'hollow');
    svg.append(path);
  }
  return svg;
}

function words(date: string, title: string): HTMLParagraphElement {
  const text = document.createElement('p');
  const day = document.createElement('b');
  day.textContent = shortDayText(date);
  text.append(day, title);
  return text;
}
