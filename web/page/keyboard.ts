/** Space joins, then mutes; M mutes. Keys that already mean something where the focus is keep that meaning. */
export function keyboard(target: Document, actions: { space: () => void; m: () => void }): void {
  target.addEventListener('keydown', (event) => {
    if (event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
    const focused = event.target instanceof Element ? event.target : null;
    if (event.key === ' ') {
      if (focused?.closest('button, a, input, select, textarea')) return;
      event.preventDefault();
      actions.space();
    } else if (event.key.toLowerCase() === 'm' && !focused?.closest('textarea, input:not([type="range"])')) {
      actions.m();
    }
  });
}
