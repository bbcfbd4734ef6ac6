/** The day's sheet of music, for people who want to play it themselves. */
import { scoreOf } from '../music/score/recorded.ts';
import { musicXml } from '../music/sheet/musicxml.ts';
import type { PerformanceRecord } from '../ports.ts';
import { dateText } from '../words.ts';

/** MusicXML of all movements; null for days that were composed before there were scores. */
export function sheetOf({ id, title, movements }: PerformanceRecord): string | null {
  const written = movements.flatMap(({ title: name, score }) => {
    if (!score) return [];
    const { tonic, major, quartersPerMinute } = score;
    return [{ title: name, score: scoreOf(score), home: { tonic, major }, quartersPerMinute }];
  });
  if (written.length === 0) return null;
  return musicXml({ title, colophon: `Pianola, ${dateText(id)}`, movements: written });
}
