/** Filters what a page lists; on the first page, searches everything that is on the shelf, in a list that is loaded when it is needed. */
import { read, said } from '../language/shelf/words.ts';
import { countText } from '../language/written.ts';
import { ROOT } from '../site/root.ts';
import type { Piece, Rows } from './rows.ts';

/** More are not shown: who types one more letter sees others. */
const MOST_FOUND = 100;

type Listed = {
  readonly id: string;
  readonly name: string;
  readonly title: string;
  readonly page: string;
} & {
  readonly facts: string;
};
export type Search = {
  find(words: string): Promise<{ readonly found: readonly Listed[]; readonly count: number }>;
  any(chance: number): Promise<Piece | null>;
};

/** Upper and lower case, and accents, are the same; every word must be there. */
const matcher = (words: string): ((text: string) => boolean) => {
  const wanted = bare(words).split(/\s+/).filter(Boolean);
  return (text) => {
    const bareText = bare(text);
    return wanted.every((word) => bareText.includes(word));
  };
};
const bare = (text: string): string => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();

/** @param root path that the site lies below */
export function searchAll(address: string, root: string): Search {
  let all: Promise<readonly Listed[]> | null = null;
  const load = () => {
    all ??= fetch(address)
      .then(async (response) => {
        const { sites } = (await response.json()) as { sites: { pieces: Listed[] }[] };
        return sites.flatMap(({ pieces }) => pieces);
      })
      .catch((error) => {
        all = null;
        throw error;
      });
    return all;
  };
  return {
    async find(words) {
      const matches = matcher(words);
      const found = (await load()).filter(({ name, title }) => matches(`${name} ${title}`));
      return { found: found.slice(0, MOST_FOUND), count: found.length };
    },
    async any(chance) {
      const pieces = await load().catch(() => []);
      const piece = pieces[Math.floor(chance * pieces.length)];
      return piece ? { ...piece, link: `${root}${piece.page}#${piece.id}` } : null;
    },
  };
}

export function filterRows(page: Document, search: Search, rows: Pick<Rows, 'any'>): void {
  const input = page.querySelector<HTMLInputElement>('#filter');
  const count = page.getElementById('count');
  if (!input || !count) return;
  input.closest<HTMLElement>('.filter')!.hidden = false;
  const tell = (of: number, shown = of) => {
    const told = shown < of ? said.foundMore(countText(of), shown) : said.found(of, countText(of));
    count.textContent = input.value.trim() === '' ? '' : told;
  };
  const listed = [...page.querySelectorAll<HTMLElement>('#pieces li')];
  if (rows.any(0)) {
    input.addEventListener('input', () => {
      const matches = matcher(input.value);
      for (const row of listed)
        row.hidden = !matches(
          `${row.querySelector('.name')?.textContent} ${row.querySelector('i')?.textContent ?? ''}`,
        );
      tell(listed.filter(({ hidden }) => !hidden).length);
    });
    return;
  }
  const found = page.getElementById('found')!;
  const sites = page.getElementById('sites')!;
  let turn = 0;
  input.addEventListener('input', async () => {
    const mine = ++turn;
    const isEmpty = input.value.trim() === '';
    const result = isEmpty ? null : await search.find(input.value).catch(() => null);
    if (mine !== turn) return;
    found.hidden = isEmpty;
    sites.hidden = !isEmpty;
    found.replaceChildren(...(result?.found ?? []).map(rowOf));
    if (!isEmpty && !result) count.textContent = said.noList;
    else tell(result?.count ?? 0, result?.found.length);
  });
}

/** As the station writes it on the site's own page. */
function rowOf({ id, name, title, page, facts }: Listed): HTMLLIElement {
  const row = document.createElement('li');
  row.id = id;
  const link = document.createElement('a');
  link.className = 'name';
  link.href = `${ROOT}${page}#${id}`;
  link.textContent = name;
  link.translate = false;
  row.append(link);
  if (title && title !== name) {
    const says = document.createElement('i');
    says.textContent = title;
    says.translate = false;
    row.append(' ', says);
  }
  const about = document.createElement('span');
  about.textContent = read(facts);
  row.append(' ', about);
  return row;
}
