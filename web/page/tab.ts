/** The tab's title: of a page in the background it is all that is seen, so it tells every state. */
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
      return countdown ? `${countdown} composed` : 'Being composed';
    case 'waiting':
    case 'ended':
    case 'stopped':
    case 'silent':
      // Who waits for it sees how long.
      return will ? (joined ? `${will.countdown}: ${will.title}` : will.title) : '';
    case 'doors':
    case 'leader':
      return `${countdown} until it begins`;
    case 'start':
      return 'In a moment';
    case 'live':
      return `${encore ? 'Encore' : 'Live'}: ${title}`;
    case 'closing':
    case 'end':
      return 'The end';
    case 'offline':
      return 'Out of reach';
    case 'outdated':
      return 'A new edition';
  }
}
