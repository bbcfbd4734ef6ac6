// Before anything is painted: the theme that the visitor has chosen, so that the other one never flashes, their language, and dates.
import { chosen, ENGLISH } from './language/choose.ts';
import { fetchLanguage } from './language/fetch.ts';

(() => {
  try {
    // A page that frames the embed may say which one suits it: /embed/?theme=dark.
    const theme = new URLSearchParams(location.search).get('theme') ?? localStorage.getItem('pianola.theme');
    if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
  } catch {
    // Storage is refused: the system's theme it is.
  }
})();
fetchLanguage();
// The first date that a browser writes costs it a twentieth of a second: here nothing else is to be done yet, but wait for styles.
if (document.currentScript?.hasAttribute('data-dates'))
  new Intl.DateTimeFormat(chosen(navigator.languages) ?? ENGLISH, { timeStyle: 'short' });
