import { dateText, minutesText } from './words.ts';

/** A published day, as the site's index lists it. */
export type Day = {
  readonly id: string;
  readonly title: string;
  readonly durationMs: number;
  readonly notes: number;
};

/** The index is a file from elsewhere: what is no day is left out, so that no link leads off the site. */
export function daysOf(index: unknown): Day[] {
  const list = (index as { performances?: unknown } | null)?.performances;
  return Array.isArray(list) ? list.filter(isDay) : [];
}

function isDay(value: unknown): value is Day {
  const { id, title, durationMs, notes } = (value ?? {}) as Record<keyof Day, unknown>;
  return (
    typeof id === 'string' &&
    /^\d{4}-\d{2}-\d{2}$/.test(id) &&
    typeof title === 'string' &&
    Number.isFinite(durationMs) &&
    Number.isFinite(notes)
  );
}

export const dayText = ({ durationMs, notes }: Day): string =>
  `${minutesText(durationMs)}, ${notes.toLocaleString('en-GB')} notes`;

/** The title, unless it only says the date again. */
export const titleText = ({ id, title }: Day): string => (title === id ? '' : title);

/** Fills the list when it is opened, not before: nobody waits for it, and the music comes first. */
export function archive(details: HTMLDetailsElement): void {
  const list = details.querySelector('ol')!;
  const note = details.querySelector('p')!;
  details.addEventListener('toggle', () => {
    if (!details.open) return;
    note.textContent = 'Looking.';
    load().then(
      (days) => {
        list.replaceChildren(...days.map(strip));
        note.textContent = days.length === 0 ? 'No day has been played yet.' : '';
      },
      () => {
        note.textContent = 'The archive does not answer. Open it again to try once more.';
      },
    );
  });
}

async function load(): Promise<Day[]> {
  const response = await fetch('/index.json', { cache: 'no-cache' });
  // Before the first day has been played there is no index.
  if (response.status === 404) return [];
  if (!response.ok) throw new Error(`index.json: ${response.status}`);
  return daysOf(await response.json());
}

function strip(day: Day): HTMLLIElement {
  const item = document.createElement('li');
  const title = titleText(day);
  item.append(
    link(`/${day.id}/performance.mid`, `${dateText(day.id)}${title ? `: ${title}` : ''}`),
    text('span', dayText(day)),
    link(`/${day.id}/record.json`, 'how it was made', `how it was made: ${dateText(day.id)}`),
  );
  return item;
}

function text(name: 'span', words: string): HTMLElement {
  const element = document.createElement(name);
  element.textContent = words;
  return element;
}

function link(href: string, words: string, label = ''): HTMLAnchorElement {
  const anchor = document.createElement('a');
  anchor.href = href;
  anchor.textContent = words;
  if (label) anchor.setAttribute('aria-label', label);
  return anchor;
}
