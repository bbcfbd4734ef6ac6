/** The parts of a movement's form, as its phrases came out. */
import type { ComposedMovement } from './movement.ts';

/**
 * Where each part begins, and how many intervals in a row it shares with the training at most: of its own phrases, for
 * a part that comes again is another one. null where nobody looked, as at a theme that was given.
 */
export function sectionsOf(phrases: ComposedMovement['phrases']) {
  const begins = phrases.flatMap(({ section }, i) => (section === phrases[i - 1]?.section ? [] : [i]));
  return begins.map((first, i) => {
    const known = phrases
      .slice(first, begins[i + 1])
      .map(({ judgement }) => judgement?.knownRun ?? null)
      .filter((run) => run !== null);
    const { section, firstBar } = phrases[first]!;
    return { name: section, bar: firstBar, knownRun: known.length > 0 ? Math.max(...known) : null };
  });
}
