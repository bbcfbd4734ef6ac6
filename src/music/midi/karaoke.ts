/** The words of a karaoke file in time: lyric events, or the text events of `.kar` files. */
import type { Reading, TimedText } from './reading.ts';
import { tempoMap } from './tempo-map.ts';

/** A syllable, with its blanks as they stand. */
export type Syllable = { readonly seconds: number; readonly text: string };
/** A line of words; never empty. */
export type Line = readonly Syllable[];

/** So many lines are kept; a file may have a hundred thousand events. */
const MOST_LINES = 2_000;

/**
 * Lyric events where there are any. Else text events, where some begin a line in the way of `.kar` files (`/`, `\`): other text is
 * no words to sing. Lines also end with carriage returns and line feeds, as RP-017 has it; `@` begins what is about the file.
 */
export function karaokeOf({ ppq, tempos, tracks }: Reading): Line[] {
  const all = tracks.flatMap(({ texts }) => texts);
  const lyrics = all.filter(({ kind }) => kind === 'lyric');
  const texts = all.filter(({ kind, text }) => kind === 'text' && !text.startsWith('@'));
  const words = lyrics.length > 0 ? lyrics : texts.some(({ text }) => /^[/\\]/.test(text)) ? texts : [];
  return linesOf(words, tempoMap(ppq, tempos));
}

function linesOf(words: readonly TimedText[], secondsAt: (tick: number) => number): Line[] {
  const lines: Syllable[][] = [];
  let line: Syllable[] = [];
  const close = () => {
    if (line.some(({ text }) => text.trim() !== '')) lines.push(line);
    line = [];
  };
  for (const { tick, text } of [...words].sort((a, b) => a.tick - b.tick)) {
    if (/^[/\\\r\n]/.test(text)) close();
    const bare = text.replace(/^[/\\]/, '').replace(/\p{Cc}/gu, '');
    if (bare !== '') line.push({ seconds: secondsAt(tick), text: bare });
    if (/[\r\n]$/.test(text)) close();
    if (lines.length === MOST_LINES) return lines;
  }
  close();
  return lines;
}
