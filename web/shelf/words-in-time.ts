/** The words of a karaoke file on the page: the line that is sung, what is sung of it so far, and the line that comes. */
import type { Line } from '../../src/music/midi/karaoke.ts';

/** A line is shown so long before its first syllable, seconds. */
const AHEAD_S = 2;

export type Sung = { readonly sung: string; readonly toSing: string; readonly next: string };
const NOTHING: Sung = { sung: '', toSing: '', next: '' };

/** What is to be seen at an instant. @param lines in order of time */
export function sungAt(lines: readonly Line[], seconds: number): Sung {
  const at = lines.findLastIndex(([first]) => first!.seconds <= seconds + AHEAD_S);
  if (at < 0) return NOTHING;
  // The line before is sung to its end before the next one takes its place.
  const shown = at > 0 && lines[at]![0]!.seconds > seconds && !isOver(lines[at - 1]!, seconds) ? at - 1 : at;
  const line = lines[shown]!;
  const textOf = (part: Line) => part.map(({ text }) => text).join('');
  return {
    sung: textOf(line.filter((syllable) => syllable.seconds <= seconds)),
    toSing: textOf(line.filter((syllable) => syllable.seconds > seconds)),
    next: textOf(lines[shown + 1] ?? []),
  };
}

/** A last syllable is left for half a second. */
const isOver = (line: Line, seconds: number): boolean => seconds > line.at(-1)!.seconds + 0.5;
