/** A language has come: what is printed is put into it, and whoever waits for it is told. */
import { reader, type Tongue } from './reader.ts';
import type { Room } from './room.ts';
import { type Spoken, speak } from './words.ts';

const ATTRIBUTES = ['aria-label', 'alt', 'title'] as const;
/** What is no language of people's, and what others wrote: names of their pieces, their sites' own words. */
const NO_WORDS = 'script, style, code, noscript, [translate="no"]';

/**
 * @param own all of the language; this bundle's own words are set as well, by which dates are written
 * @param room what the page's own room says beside
 */
export function arrive(own: Tongue, room?: Room<unknown>): void {
  const tongue = room ? { ...own, printed: { ...own.printed, ...room.printed } } : own;
  const begin = () => {
    const { pianolaSpeaks } = globalThis as unknown as Spoken;
    speak(tongue);
    // Where it came too late the page is in English by now, and stays so.
    if (document.documentElement.dataset.words !== 'coming') return;
    const read = reader(tongue);
    printIn(document, read);
    const known = (english: string) => read(english) ?? english;
    pianolaSpeaks(room ? { ...tongue, room: { said: room.said, read: known } } : tongue);
  };
  if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', begin);
  else begin();
}

function printIn(page: Document, read: (text: string) => string | null): void {
  const put = (text: string, write: (other: string) => void) => {
    const words = text.replace(/\s+/g, ' ').trim();
    const other = words ? read(words) : null;
    if (other === null || other === words) return;
    // What stood before and after it stays, a blank to the next word; full-width punctuation has its own.
    const before = /^\s/.test(text) && !/^[、。：）]/.test(other) ? ' ' : '';
    const after = /\s$/.test(text) && !/[、。：（]$/.test(other) ? ' ' : '';
    write(before + other + after);
  };
  const walker = page.createTreeWalker(page.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (!node.parentElement?.closest(NO_WORDS))
      put(node.nodeValue ?? '', (other) => {
        node.nodeValue = other;
      });
  }
  for (const name of ATTRIBUTES)
    for (const element of page.querySelectorAll(`[${name}]`))
      put(element.getAttribute(name) ?? '', (other) => element.setAttribute(name, other));
  put(page.title, (other) => {
    page.title = other;
  });
}
