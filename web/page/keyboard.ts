/** Keys that mean something to a page; those that already mean something where the focus is keep that meaning. */

/**
 * What a key is to do; by the names that DOM gives keys. A letter stands for both its cases. `false`: nothing, and the
 * browser may do with it what it does.
 */
export type Keys = Readonly<Record<string, () => unknown>>;

const TYPED = 'textarea, select, input:not([type="range"])';
/** Where Space and arrows are at home. */
const PRESSED = 'button, a, input, select, textarea, summary';
const MOVES = new Set(['ArrowLeft', 'ArrowRight', 'Home', 'End']);

/** @param keys as they are when a key is pressed */
export function keyboard(target: Document, keys: () => Keys): void {
  target.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const focused = event.target instanceof Element ? event.target : null;
    const { key } = event;
    const action = keys()[key.length === 1 ? key.toLowerCase() : key];
    if (!action) return;
    if (MOVES.has(key)) {
      if (focused?.closest('input, select, textarea')) return;
    } else if (event.repeat || focused?.closest(key === ' ' ? PRESSED : TYPED)) return;
    if (action() !== false) event.preventDefault();
  });
}
