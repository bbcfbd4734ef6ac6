/** What was repaired in the music that was given, or left out: a line each. */
export function warn(list: HTMLElement, warnings: readonly string[]): void {
  list.hidden = warnings.length === 0;
  list.replaceChildren(
    ...warnings.map((text) => Object.assign(document.createElement('li'), { textContent: text })),
  );
}
