/** The sheet of music on a day's page: it turns its pages and marks the bar that is heard. */
import { words } from '../language/words.ts';
import { ROOT } from '../site/root.ts';
import { fetchPublic } from './fetch.ts';

type Bar = readonly [
  fromMs: number,
  toMs: number,
  page: number,
  x: number,
  y: number,
  width: number,
  height: number,
];
export type SheetPages = { readonly pages: number; readonly bars: readonly Bar[] };
/** A bar by its number from 0. */
export type BarNow = {
  readonly number: number;
  readonly page: number;
  /** Left, top, width and height, in parts of the page. */
  readonly box: readonly [x: number, y: number, width: number, height: number];
};

/** The bar that is heard; null between movements, and before and after the music. */
export function barAt({ bars }: SheetPages, ms: number): BarNow | null {
  let [low, high] = [0, bars.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (bars[middle]![0] <= ms) low = middle + 1;
    else high = middle;
  }
  const bar = bars[low - 1];
  if (!bar || ms >= bar[1]) return null;
  const [, , page, x, y, width, height] = bar;
  return { number: low - 1, page, box: [x, y, width, height] };
}

/** When the bar begins that stands at a point of a page, parts of its width and height; null: none does. */
export function timeAt({ bars }: SheetPages, page: number, x: number, y: number): number | null {
  // Above and below the staves as well, where notes are.
  const near = bars.filter(
    ([, , on, left, top, width, height]) =>
      on === page && x >= left && x <= left + width && Math.abs(y - top - height / 2) <= height,
  );
  const distance = ([, , , , top, , height]: Bar) => Math.abs(y - top - height / 2);
  return near.length === 0 ? null : near.reduce((a, b) => (distance(b) < distance(a) ? b : a))[0];
}

export type FollowedSheet = { follow(ms: number): void };

/**
 * @param within the page's sheet, as src/publish/site/day-page.ts writes it; null: the day has none
 * @param seekTo a bar is pressed
 */
export function followSheet(within: ParentNode, date: string, seekTo: (ms: number) => void): FollowedSheet {
  const find = <T extends HTMLElement>(id: string) => within.querySelector<T>(`#${id}`);
  const [paper, picture] = [find('sheet'), find<HTMLImageElement>('sheet-page')];
  const [mark, told] = [find('sheet-bar'), find('sheet-at')];
  if (!paper || !picture || !mark || !told) return { follow() {} };
  const folder = `${ROOT}/${date}`;
  let sheet: SheetPages | null = null;
  let latestMs = 0;
  let shown = 0;
  let marked: number | null = null;
  const turnTo = (page: number) => {
    if (page === shown) return;
    shown = page;
    picture.src = `${folder}/sheet-${page + 1}.svg`;
    // The next one is there when it is turned to.
    if (sheet && page + 1 < sheet.pages) new Image().src = `${folder}/sheet-${page + 2}.svg`;
  };
  const follow = (ms: number) => {
    latestMs = ms;
    if (!sheet) return;
    const bar = barAt(sheet, ms);
    if ((bar?.number ?? null) === marked) return;
    marked = bar?.number ?? null;
    mark.hidden = !bar;
    if (!bar) return;
    turnTo(bar.page);
    const [left, top, width, height] = bar.box.map((part) => `${part * 100}%`);
    Object.assign(mark.style, { left, top, width, height });
    told.textContent = words.page(bar.page + 1, sheet.pages, bar.number + 1);
  };
  paper.addEventListener('click', ({ clientX, clientY }) => {
    const { left, top, width, height } = paper.getBoundingClientRect();
    const ms = sheet && timeAt(sheet, shown, (clientX - left) / width, (clientY - top) / height);
    if (ms !== null) seekTo(ms);
  });
  fetchPublic(`${folder}/sheet.json`).then(
    (found) => {
      sheet = found as SheetPages;
      follow(latestMs);
    },
    // Its first page stays as it is.
    () => {},
  );
  return { follow };
}
