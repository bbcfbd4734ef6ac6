import { dateText, minutesText } from '../page/words.ts';

/** A published day, as the site's index lists it; `heard` is absent or null where nobody counted. */
export type Day = {
  readonly id: string;
  readonly title: string;
  readonly durationMs: number;
  readonly notes: number;
  readonly heard?: number | null;
};

/** Days that the live page lists; the archive has a page of its own. */
const LATEST = 7;

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

export function dayText({ durationMs, notes, heard }: Day): string {
  const listeners = typeof heard === 'number' ? `, heard by ${heard === 0 ? 'nobody' : heard}` : '';
  return `${minutesText(durationMs)}, ${notes.toLocaleString('en-GB')} notes${listeners}`;
}

/** The title, unless it only says the date again. */
export const titleText = ({ id, title }: Day): string =>
  title === id || title === `Pianola ${id}` ? '' : title;

/** Fills the list when it is opened, not before: nobody waits for it, and the music comes first. */
export function archive(details: HTMLDetailsElement): void {
  const list = details.querySelector('ol')!;
  const note = details.querySelector('p')!;
  details.addEventListener('toggle', () => {
    if (!details.open) return;
    note.textContent = 'Looking.';
    load().then(
      (days) => {
        list.replaceChildren(...days.slice(0, LATEST).map(strip));
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
  const title = titleText(day);
  const link = document.createElement('a');
  link.href = `/${day.id}/`;
  link.textContent = `${dateText(day.id)}${title ? `: ${title}` : ''}`;
  const facts = document.createElement('span');
  facts.textContent = dayText(day);
  const item = document.createElement('li');
  item.append(link, facts);
  return item;
}
