/** The day's sheet of music, for people who want to play it themselves. */
import type { Music } from '../music/note.ts';
import { dynamicOf, tempoWord } from '../music/pianist/markings.ts';
import { slursOf } from '../music/pianist/slurs.ts';
import { scoreOf } from '../music/score/recorded.ts';
import { beatOf, STEPS_PER_QUARTER } from '../music/score/score.ts';
import { musicXml, type SheetMark } from '../music/sheet/musicxml.ts';
import { quantile } from '../music/statistics.ts';
import type { Engraved, Engraver, PerformanceRecord, RecordedScore, SheetToEngrave, Site } from '../ports.ts';
import { dateText } from '../words.ts';

/** A bar before the last that lasts so much longer than the others is marked. */
const RITARD = 1.12;

/** MusicXML of all movements; null for days that were composed before there were scores. */
export function sheetOf({ id, title, movements }: PerformanceRecord, music: Music): string | null {
  const written = movements.flatMap(({ title: name, score: recorded, sections = [], startMs }, i) => {
    if (!recorded) return [];
    const { tonic, major, quartersPerMinute } = recorded;
    const starts = sections.map(({ startMs }) => startMs);
    const score = scoreOf(recorded);
    const endMs = movements[i + 1]?.startMs ?? Number.POSITIVE_INFINITY;
    const played = music.notes.filter(({ onsetMs }) => onsetMs >= startMs && onsetMs < endMs);
    return [
      {
        title: name,
        score,
        home: { tonic, major },
        quartersPerMinute,
        word: wordOf(recorded),
        marks: marksOf(recorded, starts, music),
        slurs: slursOf(score, played),
      },
    ];
  });
  if (written.length === 0) return null;
  return musicXml({ title, colophon: colophonOf(id), movements: written });
}

/** What an engraver is to be given; null for days that were composed before there were scores. */
export function sheetToEngrave(record: PerformanceRecord, music: Music): SheetToEngrave | null {
  const { id, title } = record;
  const musicXml = sheetOf(record, music);
  return musicXml === null ? null : { musicXml, title, line: colophonOf(id), bars: timesOf(record).length };
}

const colophonOf = (id: string): string => `Composed and played by Pianola, ${dateText(id)}`;

/** The word for its tempo, by beats as its metre counts them. */
function wordOf({ beats, unit, quartersPerMinute }: RecordedScore): string {
  return tempoWord((quartersPerMinute * STEPS_PER_QUARTER) / beatOf({ beats, unit }));
}

/** Dynamics as played, where a part of the form begins with another one; and where it slows down at the end. */
function marksOf(
  { barsMs, bars }: RecordedScore,
  sectionsMs: readonly number[],
  { notes }: Music,
): SheetMark[] {
  const barAt = (ms: number) =>
    Math.max(
      0,
      barsMs.slice(0, bars).findLastIndex((start) => start <= ms + 1),
    );
  const firsts = [...new Set([0, ...sectionsMs.map(barAt)])].sort((a, b) => a - b);
  const marks: SheetMark[] = [];
  let before = '';
  firsts.forEach((bar, i) => {
    const [from, to] = [barsMs[bar]!, barsMs[firsts[i + 1] ?? bars]!];
    const own = notes.filter(({ onsetMs }) => onsetMs >= from && onsetMs < to);
    if (own.length === 0) return;
    const dynamic = dynamicOf(own.reduce((sum, { velocity }) => sum + velocity, 0) / own.length);
    if (dynamic !== before) marks.push({ bar, dynamic });
    before = dynamic;
  });
  const lengths = barsMs.slice(1).map((end, i) => end - barsMs[i]!);
  const slowing = lengths.length - 2;
  if (slowing > 0 && lengths[slowing]! > RITARD * quantile(lengths, 0.5))
    marks.push({ bar: slowing, words: 'rit.' });
  return marks;
}

/** What the day's page is to know of the engraved pages. */
export type SheetPages = {
  readonly schema: 1;
  readonly pages: number;
  /**
   * Each bar: when it begins and ends, milliseconds from the start of the music; its page, from 0; left, top, width and
   * height in parts of the page.
   */
  readonly bars: readonly (readonly [
    fromMs: number,
    toMs: number,
    page: number,
    x: number,
    y: number,
    width: number,
    height: number,
  ])[];
};

/** Writes MusicXML and, where there is an engraver, pages, PDF and where each bar stands on them. */
export async function writeSheet(
  record: PerformanceRecord,
  music: Music,
  site: Site,
  engraver: Engraver | undefined,
): Promise<void> {
  const { id } = record;
  const sheet = sheetToEngrave(record, music);
  if (!sheet) return;
  await site.put(`${id}/sheet.musicxml`, sheet.musicXml);
  const times = timesOf(record);
  const engraved = await engraver?.(sheet);
  if (!engraved) return;
  for (const [i, page] of engraved.pages.entries()) await site.put(`${id}/sheet-${i + 1}.svg`, page);
  await site.put(`${id}/sheet.pdf`, engraved.pdf);
  // Last: what knows of the others.
  await site.put(sheetPath(id), JSON.stringify(pagesOf(times, engraved)));
}

/** When each bar begins and ends, in the order in which they are written and played. */
const timesOf = ({ movements }: PerformanceRecord): (readonly [number, number])[] =>
  movements.flatMap(({ score }) =>
    score ? score.barsMs.slice(1).map((end, i) => [score.barsMs[i]!, end] as const) : [],
  );

const pagesOf = (times: readonly (readonly [number, number])[], { pages, bars }: Engraved): SheetPages => ({
  schema: 1,
  pages: pages.length,
  bars: bars.map(({ page, x, y, width, height }, i) => [...times[i]!, page, x, y, width, height]),
});

const sheetPath = (id: string): string => `${id}/sheet.json`;

/** How many engraved pages a day has; 0: none. */
export async function pagesOfSheet(id: string, site: Site): Promise<number> {
  const bytes = await site.get(sheetPath(id));
  return bytes ? (JSON.parse(new TextDecoder().decode(bytes)) as SheetPages).pages : 0;
}
