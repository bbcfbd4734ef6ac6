/** Asks for the visitor's language before anything is painted; until it is there nothing is shown, so that no English flashes. */

import { ROOT } from '../site/root.ts';
import { chosen, wordsFile } from './choose.ts';
import type { Arrived, Spoken } from './words.ts';

/** Longer than this nobody waits for words: it is English then, milliseconds. */
const PATIENCE_MS = 4_000;

/** To be run by the script in the page's head. */
export function fetchLanguage(): void {
  const language = chosen(navigator.languages ?? [navigator.language]);
  if (language === null) return;
  const root = document.documentElement;
  const shared = globalThis as unknown as Spoken;
  shared.pianolaWords = new Promise((resolve) => {
    let settled = false;
    /** The page is shown as it is now. */
    const settle = (words: Arrived | null): void => {
      if (settled) return;
      settled = true;
      if (!words) root.lang = 'en';
      delete root.dataset.words;
      resolve(words);
    };
    shared.pianolaSpeaks = settle;
    root.lang = language;
    root.dataset.words = 'coming';
    const script = document.createElement('script');
    script.src = ROOT + wordsFile(location.pathname.slice(ROOT.length), language);
    script.onerror = () => settle(null);
    document.head.append(script);
    setTimeout(settle, PATIENCE_MS, null);
  });
}
