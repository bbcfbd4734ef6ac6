/** The sheet of music of a composed day, as a file: MusicXML, its first page, or all of them as a PDF. */
import { extname } from 'node:path';
import type { Music } from '../../music/note.ts';
import type { PerformanceRecord } from '../../ports.ts';
import { sheetToEngrave } from '../../publish/sheet.ts';
import { type OutFile, writeOut } from '../terminal/out-file.ts';
import { CliError, say } from '../terminal/output.ts';

const KINDS = ['.musicxml', '.svg', '.pdf'];

/** Before any work. @throws CliError, exit 2, where the name says no kind of sheet */
export function refuseOtherKinds(path: string): void {
  if (!KINDS.includes(extname(path).toLowerCase()))
    throw new CliError(
      'usage',
      'no_sheet',
      `${path}: give --sheet a name that ends with ${KINDS.join(' or ')}`,
    );
}

/** @returns how many pages it has; null for MusicXML, which has none @throws CliError where there is no score */
export async function writeSheetFile(
  target: OutFile,
  {
    name,
    record,
    music,
  }: { readonly name: string; readonly record: PerformanceRecord | null; readonly music: Music },
): Promise<number | null> {
  const sheet = record && sheetToEngrave(record, music);
  if (!sheet) {
    const message = `${name} has no score, and so no sheet: only days that were composed in bars have one`;
    throw new CliError('usage', 'no_score', message);
  }
  if (target.path.toLowerCase().endsWith('.musicxml')) {
    await writeOut(target, new TextEncoder().encode(sheet.musicXml));
    return null;
  }
  // Loaded when needed: an engraver is a large module.
  const { openEngraver } = await import('../../engraving/engraver.ts');
  const told: string[] = [];
  const engraved = await openEngraver((event, details) => {
    told.push(`${event} ${JSON.stringify(details)}`);
  })(sheet);
  for (const line of told) say(line);
  if (!engraved) throw new CliError('fault', 'not_engraved', `the sheet of ${name} could not be engraved`);
  const isPdf = target.path.toLowerCase().endsWith('.pdf');
  await writeOut(target, isPdf ? engraved.pdf : new TextEncoder().encode(engraved.pages[0]!));
  return engraved.pages.length;
}
