// Before anything is painted: the theme that the visitor has chosen, so that the other one never flashes, and their language.
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
