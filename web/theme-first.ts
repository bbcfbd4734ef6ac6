// Before anything is painted: the theme that the visitor has chosen, so that the other one never flashes.
(() => {
  try {
    const theme = localStorage.getItem('pianola.theme');
    if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
  } catch {
    // Storage is refused: the system's theme it is.
  }
})();
