/** The archive's page is whole without this: here its month links come to filter, and the theme can be chosen. */
import { theme } from './page/theme.ts';

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
