/** The archive's page is whole without this: here its month links come to filter, its strips are heard, and the theme can be chosen. */
import { fetchGrand } from './instrument/fetch-samples.ts';
import { spoken } from './language/words.ts';
import { theme } from './page/theme.ts';
import { fetchMusic } from './published/fetch.ts';
import { tastes } from './tastes.ts';

/** The archive has no control for it: as it is where nobody has touched one. 0 to 1. */
const VOLUME = 0.8;

await spoken();

const rows = [...document.querySelectorAll<HTMLTableRowElement>('.textile tbody tr')];
const links = [...document.querySelectorAll<HTMLAnchorElement>('.months a')];

/** Shows the weeks of the month that the address names; all of them where it names none. */
function filter(): void {
  const hash = location.hash.slice(1);
  const month = links.some((link) => link.hash === `#${hash}`) ? hash : '';
  for (const row of rows) {
    row.hidden = month !== '' && !row.dataset.months?.split(' ').includes(month);
    for (const cell of row.querySelectorAll<HTMLElement>('td[data-month]')) {
      cell.classList.toggle('other', month !== '' && cell.dataset.month !== month);
    }
  }
  for (const link of links) {
    if (link.hash === (month ? `#${month}` : '')) link.setAttribute('aria-current', 'true');
    else link.removeAttribute('aria-current');
  }
}

window.addEventListener('hashchange', filter);
filter();

const button = document.getElementById('theme') as HTMLButtonElement;
button.hidden = false;
theme(button, () => {});

let grand: ReturnType<typeof fetchGrand> | null = null;
tastes(document.querySelector('main')!, {
  music: fetchMusic,
  recordings() {
    grand ??= fetchGrand();
    return grand;
  },
  volume: () => VOLUME,
  quiet: () => false,
});
