/** Sheets of music in a thread of their own, which is gone afterwards with its hundred megabytes. */
import type { Engraved, Engraver, Log, SheetToEngrave } from '../ports.ts';
import { answerOfThread } from '../thread.ts';
import { placesOf } from './bars.ts';
import { finishedPage } from './page.ts';
import { pdfOf } from './pdf.ts';
import { paintedPage } from './pdf-page.ts';
import { parsePage } from './svg.ts';

/** Of Verovio (https://book.verovio.org/toolkit-reference/toolkit-options.html): A4 in tenths of a millimetre. */
const OPTIONS = {
  inputFrom: 'musicxml',
  pageWidth: 2100,
  pageHeight: 2970,
  pageMarginTop: 120,
  pageMarginBottom: 150,
  pageMarginLeft: 130,
  pageMarginRight: 130,
  scale: 34,
  breaks: 'auto',
  header: 'auto',
  footer: 'none',
  bottomMarginHeader: 8,
  justifyVertically: true,
  svgViewBox: true,
  svgRemoveXlink: true,
  // The same sheet has the same bytes.
  xmlIdSeed: 1,
};
/** Some thirty times what fifteen minutes of music take. */
const LONGEST_MS = 180_000;

/**
 * @param script what the thread runs: in a bundle, where it lies beside it
 * @param timeoutMs after which it is given up
 */
export function openEngraver(
  log: Log,
  {
    script = new URL('./engrave.mjs', import.meta.url),
    timeoutMs = LONGEST_MS,
  }: { readonly script?: URL | string; readonly timeoutMs?: number } = {},
): Engraver {
  return async (sheet) => {
    try {
      const engraved = await engrave(sheet, script, timeoutMs);
      for (const warning of engraved.warnings) log('sheet.warning', { title: sheet.title, warning });
      return engraved;
    } catch (error) {
      log('sheet.not_engraved', { title: sheet.title, reason: String(error) });
      return null;
    }
  };
}

/** What the thread makes: each page as SVG, and its warnings by line. */
type Answer = { readonly pages: readonly string[]; readonly log: string };

/** @throws Error where the thread fails, is too slow, or makes no page or other bars */
async function engrave(sheet: SheetToEngrave, script: URL | string, timeoutMs: number): Promise<Engraved> {
  const { pages: raw, log } = await answerOfThread(
    script,
    { musicXml: sheet.musicXml, options: OPTIONS },
    { timeoutMs, answerOf: (made: Answer) => made },
  );
  const warnings = log.split('\n').filter((line) => line.trim() !== '');
  if (raw.length === 0) throw new Error(`no page was made: ${warnings.join('; ') || 'no reason was given'}`);
  const pages = raw.map((svg, page) => finishedPage(svg, { ...sheet, page, pages: raw.length }));
  const parsed = pages.map(parsePage);
  const bars = parsed.flatMap(placesOf);
  if (bars.length !== sheet.bars) throw new Error(`${bars.length} bars were engraved, not ${sheet.bars}`);
  return { pages, pdf: pdfOf(parsed.map(paintedPage), sheet), bars, warnings };
}
