/** What was repaired in the music that was given, or left out: a line each. */
import { read } from '../language/play/words.ts';

export function warn(list: HTMLElement, warnings: readonly string[]): void {
  list.hidden = warnings.length === 0;
  list.replaceChildren(
    ...warnings.map((text) => Object.assign(document.createElement('li'), { textContent: read(text) })),
  );
}
