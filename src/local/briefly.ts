import type { Clock } from '../ports.ts';

/** Long enough for a crowd that joins at once, too short for an operator to see. */
const BRIEFLY_MS = 100;

/** Asks once for all who ask the same within a tenth of a second; a question that failed is asked again. */
export function briefly<A, T>(
  clock: Pick<Clock, 'now'>,
  ask: (argument: A) => Promise<T>,
): (argument: A) => Promise<T> {
  let last: { readonly argument: A; readonly at: number; readonly answer: Promise<T> } | null = null;
  return (argument) => {
    const now = clock.now();
    // A clock that was set back has nothing to say of how long ago that was.
    if (last && last.argument === argument && now >= last.at && now < last.at + BRIEFLY_MS)
      return last.answer;
    const answer = ask(argument);
    last = { argument, at: now, answer };
    answer.catch(() => {
      last = null;
    });
    return answer;
  };
}
