import { marginPath } from '../../music/margin.ts';
import { C_PITCHES, HIGHEST_PITCH, KEYS, LOWEST_PITCH, type Music, type Note } from '../../music/note.ts';
import { type Html, html } from './html.ts';

/** Units of the drawing: a tenth of a second along, a key across. */
const MS_PER_UNIT = 100;
/** Loudness in so many breadths, which the stylesheet chooses with the colours: `.v1` is the softest. */
const BREADTHS = 4;
/** Blank paper before and after the music, as a part of it. */
const BLANK = 0.012;

/**
 * The whole roll as a drawing within a page: a line with round ends for each hole, all of one loudness in one path, so
 * that thousands of notes are some ten kilobytes. Its breadth and height are the stylesheet's.
 */
export function rollSvg({ notes, durationMs }: Music, title: string): Html {
  const length = Math.max(1, Math.ceil(durationMs / MS_PER_UNIT));
  const blank = Math.ceil(length * BLANK);
  const rules = C_PITCHES.map((pitch) => `M0 ${rowOf(pitch)}h${length}`).join('');
  const paths: Html[] = [];
  for (let breadth = 1; breadth <= BREADTHS; breadth++) {
    const d = notes
      .filter(({ velocity }) => Math.ceil((velocity / 127) * BREADTHS) === breadth)
      .map(holeOf)
      .join('');
    if (d) paths.push(html`<path class="${`hole v${breadth}`}" d="${d}"/>`);
  }
  return html`<svg class="whole" role="img" aria-label="${title}" viewBox="${-blank} 0 ${length + 2 * blank} ${KEYS}" preserveAspectRatio="none"><path class="rule" d="${rules}"/>${paths}</svg>`;
}

/** Listeners' holes in the margin, under the roll; nothing where there are none. */
export function marginSvg(holes: number): Html | null {
  if (holes === 0) return null;
  const title = `${holes} ${holes === 1 ? 'hole' : 'holes'} in the margin, punched by listeners`;
  return html`<svg class="margin" role="img" aria-label="${title}" viewBox="0 -4 1000 32" preserveAspectRatio="none"><path d="${marginPath(holes, 1000, 24)}"/></svg>`;
}

const rowOf = (pitch: number): string =>
  String(HIGHEST_PITCH - Math.min(HIGHEST_PITCH, Math.max(LOWEST_PITCH, pitch)) + 0.5);

function holeOf({ onsetMs, durationMs, pitch }: Note): string {
  const from = Math.round(onsetMs / MS_PER_UNIT);
  // The round ends reach beyond the line: a hole that ends where another begins is drawn a unit shorter.
  const length = Math.max(0, Math.round(durationMs / MS_PER_UNIT) - 1);
  return `M${from} ${rowOf(pitch)}h${length}`;
}
