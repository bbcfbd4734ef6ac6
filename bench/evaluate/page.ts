import type { Measured } from './compare.ts';

const PIXELS_A_SECOND = 8;
const ROW = 3;

/** By the share of figures that are like the references'; of one piece all three are the same. */
export function bestMedianWorst(pieces: readonly Measured[]): readonly (readonly [string, Measured])[] {
  const ranked = [...pieces].sort((a, b) => (b.within ?? 0) - (a.within ?? 0));
  if (ranked.length === 0) return [];
  return [
    ['Best', ranked[0]!],
    ['Median', ranked[ranked.length >> 1]!],
    ['Worst', ranked.at(-1)!],
  ];
}

/** A page with the piano rolls of the piece nearest to the references, the middle one and the furthest. */
export function evaluationPage(pieces: readonly Measured[], table: string): string {
  const rolls = bestMedianWorst(pieces).map(([label, piece]) => {
    const share =
      piece.within === null ? '' : `: ${Math.round(piece.within * 100)} % of its figures within p5–p95`;
    return `<h2>${label}${share}</h2><p>${escaped(piece.name)}</p><div>${roll(piece)}</div>`;
  });
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Evaluation</title>
<style>body{font:16px/1.5 Georgia,serif;background:#F3EEDF;color:#1D1B18;margin:2em}div{overflow-x:auto}pre{font:13px monospace}</style>
<h1>Evaluation</h1><pre>${escaped(table)}</pre>${rolls.join('\n')}</html>
`;
}

/** Notes as holes in paper; louder is darker. */
function roll({ music }: Measured): string {
  const width = Math.ceil((music.durationMs / 1000) * PIXELS_A_SECOND);
  const holes = music.notes.map(({ onsetMs, durationMs, pitch, velocity }) => {
    const x = ((onsetMs / 1000) * PIXELS_A_SECOND).toFixed(1);
    const long = Math.max(1, (durationMs / 1000) * PIXELS_A_SECOND).toFixed(1);
    return `<rect x="${x}" y="${(108 - pitch) * ROW}" width="${long}" height="${ROW - 0.5}" opacity="${(0.25 + velocity / 170).toFixed(2)}"/>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${88 * ROW}" fill="#1D1B18">${holes.join('')}</svg>`;
}

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
