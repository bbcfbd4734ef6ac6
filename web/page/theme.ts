const KEY = 'pianola.theme';

/** The system's theme, until the visitor chooses the other one. Calls back whenever the colours change. */
export function theme(button: HTMLButtonElement, onChange: () => void): void {
  const root = document.documentElement;
  const dark = window.matchMedia('(prefers-color-scheme: dark)');
  const current = () => root.dataset.theme ?? (dark.matches ? 'dark' : 'light');
  const show = () => {
    button.textContent = current() === 'dark' ? 'Light' : 'Dark';
    button.setAttribute('aria-label', `Change to the ${current() === 'dark' ? 'light' : 'dark'} theme`);
    onChange();
  };
  const stored = read();
  if (stored) root.dataset.theme = stored;
  button.addEventListener('click', () => {
    const next = current() === 'dark' ? 'light' : 'dark';
    root.dataset.theme = next;
    write(next);
    show();
  });
  dark.addEventListener('change', show);
  show();
}

// Storage is refused in some private windows: the choice then lasts as long as the page.
function read(): 'light' | 'dark' | null {
  try {
    const value = localStorage.getItem(KEY);
    return value === 'light' || value === 'dark' ? value : null;
  } catch {
    return null;
  }
}
function write(value: string): void {
  try {
    localStorage.setItem(KEY, value);
  } catch {
    // As above.
  }
}
