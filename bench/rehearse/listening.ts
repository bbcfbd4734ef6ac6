/** Who listens to a rehearsal, and what they heard of it. */

import type { Music } from '../../src/music/note.ts';
import { type Ears, ears, strokeOf } from '../../tests/support/ears.ts';
import { dial } from './edge/visit.ts';

export type Heard = {
  readonly who: string;
  /** Notes of the music that were struck; and strokes that are none of it, or were struck again. */
  readonly notes: number;
  readonly strays: number;
  /** What else it saw that should not be. */
  readonly problems: readonly string[];
};
export type Listening = {
  readonly who: string;
  /** Whether the station has told it what is played. */
  isIn(): Promise<boolean>;
  leave(): Promise<void>;
  heard(music: Music, t0: number): Promise<Heard>;
};

/** Joins of a page that leave it: all, or, where its retry is taken away, the first alone. */
export function joins(retries: boolean): (text: string) => boolean {
  let asked = false;
  return (text) => {
    if (retries || !/"action":"(join|resume)"/.test(text)) return true;
    const isFirst = !asked;
    asked = true;
    return isFirst;
  };
}

/** The page's own code without its sound. */
export function nodeListener(
  who: string,
  { port, origin }: { port: number; origin: string },
  retries: boolean,
): Listening & { readonly ears: Ears } {
  const mine = ears(() => dial(port, origin), joins(retries));
  return {
    who,
    ears: mine,
    isIn: async () => mine.page.score.hello !== null && mine.page.clock.ready,
    leave: async () => mine.close(),
    async heard(music) {
      const due = new Map<string, number>();
      for (const note of music.notes) due.set(strokeOf(note), (due.get(strokeOf(note)) ?? 0) + 1);
      let [notes, strays] = [0, 0];
      for (const [stroke, times] of mine.struck) {
        const wanted = due.get(stroke) ?? 0;
        notes += Math.min(wanted, times);
        strays += Math.max(0, times - wanted);
      }
      return { who, notes, strays, problems: [] };
    },
  };
}
