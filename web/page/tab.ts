/** The tab's title: of a page in the background it is all that is seen, so it tells every state. */
import { words as say } from '../language/words.ts';
import type { StateName } from './facts.ts';

export type Told = {
  readonly title: string;
  readonly countdown: string;
  readonly will: { readonly title: string; readonly countdown: string } | null;
  readonly joined: boolean;
  readonly encore: boolean;
};

export function tabText(name: StateName, told: Told): string {
  const words = wordsOf(name, told);
  return words ? `${words} · Pianola` : 'Pianola';
}

function wordsOf(name: StateName, { title, countdown, will, joined, encore }: Told): string {
  switch (name) {
    case 'loading':
      return '';
    case 'composing':
      return countdown ? say.tabComposed(countdown) : say.composed;
    case 'waiting':
    case 'ended':
    case 'stopped':
    case 'silent':
      // Who waits for it sees how long.
      return will ? (joined ? `${will.countdown}: ${will.title}` : will.title) : '';
    case 'doors':
    case 'leader':
      return say.tabUntil(countdown);
    case 'start':
      return say.moment;
    case 'live':
      return encore ? say.tabEncore(title) : say.tabLive(title);
    case 'closing':
    case 'end':
      return say.theEnd;
    case 'offline':
      return say.outOfReach;
    case 'outdated':
      return say.edition;
  }
}
