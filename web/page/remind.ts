/** Tells a visitor who waits, on another tab, that the doors are open: where they ask for it, and the browser can. */
import { words as say } from '../language/words.ts';
import type { StateName } from './facts.ts';

export type Reminder = {
  /** It may still be asked for: it is neither granted nor refused. */
  readonly askable: boolean;
  /** Must be called by a gesture of the visitor's. */
  ask(): void;
  /** To be told of every state, and of what is to be said about it. */
  state(name: StateName, words: string): void;
};

export function reminder(page: Document, onAnswer: () => void): Reminder {
  const able = 'Notification' in globalThis;
  // Asking the browser stops the page for as long as its other process takes; texts are written several times a second.
  let askable = able && Notification.permission === 'default';
  const answered = () => {
    askable = Notification.permission === 'default';
    onAnswer();
  };
  let before: StateName | null = null;
  return {
    get askable() {
      return askable;
    },
    ask() {
      if (able) void Notification.requestPermission().then(answered, answered);
    },
    state(name, words) {
      const opened = name === 'doors' && before !== null && before !== 'doors';
      before = name;
      if (!opened || !able || Notification.permission !== 'granted' || !page.hidden) return;
      try {
        const note = new Notification(say.doorsNote, { body: words, tag: 'doors' });
        note.onclick = () => {
          globalThis.focus();
          note.close();
        };
      } catch {
        // Chromium on Android has notifications for service workers only; the tab's title tells all the same.
      }
    },
  };
}
