/** Light or dark, as the visitor wishes. */
import { words } from '../language/words.ts';

/** Read before the first paint by theme-first.ts. */
const KEY = 'pianola.theme';

/** The system's theme, until the visitor chooses the other one. Calls back whenever the colours change. */
export function theme(button: HTMLButtonElement, onChange: () => void): void {
  const root = document.documentElement;
  const dark = window.matchMedia('(prefers-color-scheme: dark)');
  const current = () => root.dataset.theme ?? (dark.matches ? 'dark' : 'light');
  const show = () => {
    button.textContent = current() === 'dark' ? words.light : words.dark;
    button.setAttribute('aria-label', current() === 'dark' ? words.toLight : words.toDark);
    onChange();
  };
  button.addEventListener('click', () => {
    const next = current() === 'dark' ? 'light' : 'dark';
    root.dataset.theme = next;
    write(next);
    show();
  });
  dark.addEventListener('change', show);
  show();
}

function write(value: string): void {
  try {
    localStorage.setItem(KEY, value);
  } catch {
    // Storage is refused in some private windows: the choice then lasts as long as the page.
  }
}
