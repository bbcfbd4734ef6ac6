import { degreeOf } from '../../src/music/key.ts';
import type { Music, Note } from '../../src/music/note.ts';
import { gapsOf } from '../../src/music/onsets.ts';
import { GESTURE_MS } from '../../src/music/plan/ending.ts';
import { mean } from '../../src/music/statistics.ts';
import { RANGED } from '../../src/music/taste/ranges.ts';
import type { Measured, Row } from './compare.ts';

/** What is asked of fresh performances, and whether it holds. */
export type Criterion = { readonly name: string; readonly found: string; readonly holds: boolean };

/** So much of all figures of all movements lies within p5 and p95. */
const WITHIN = 0.8;
const HOLD_S = [3, 5] as const;
const SILENCE_MS = 3000;

/**
 * @param pieces movements of fresh performances, with `silenceMs` after each
 * @param singlePasses the same plans, each sampled in one go
 */
export function criteria(
  { pieces, rows }: { readonly pieces: readonly Measured[]; readonly rows: Record<string, Row> },
  singlePasses: readonly Measured[],
): Criterion[] {
  const within = mean(pieces.map((piece) => piece.within ?? 0));
  const { repeated16, structureness15, sharedRun } = rows;
  if (!repeated16?.reference || !sharedRun?.reference) return [];
  const apart = Math.abs(repeated16.mean - repeated16.reference.mean);
  const alone = mean(singlePasses.map(({ metrics }) => metrics.structureness15));
  const runs = pieces.map((piece) => piece.sharedRun ?? 0);
  const improper = pieces.filter((piece) => !endsProperly(piece));
  return [
    {
      name: 'figures within p5 and p95 of the references',
      found: `${(within * 100).toFixed(1)} %, of ${WITHIN * 100} %`,
      holds: within >= WITHIN,
    },
    {
      name: 'repeated 16-grams within one sd',
      found: `${apart.toFixed(3)} apart, sd ${repeated16.reference.sd.toFixed(3)}`,
      holds: apart <= repeated16.reference.sd,
    },
    {
      name: 'structureness at 15 s above that of a single pass',
      found: `${structureness15!.mean.toFixed(3)} and ${alone.toFixed(3)} (${singlePasses.length})`,
      holds: singlePasses.length > 0 && structureness15!.mean > alone,
    },
    ...RANGED.map((name) => {
      const { p5, p95 } = rows[name]!.reference!;
      const outside = pieces.filter(({ metrics }) => metrics[name] < p5 || metrics[name] > p95);
      const each = outside.map((piece) => `${piece.name}: ${piece.metrics[name].toFixed(2)}`);
      return {
        name: `${name} within ${p5.toFixed(2)} and ${p95.toFixed(2)} in every movement`,
        found: outside.length === 0 ? 'all' : `not ${outside.length}: ${each.join('; ')}`,
        holds: outside.length === 0,
      };
    }),
    {
      name: 'longest known run at most the p90 of the references, in every movement',
      found: `${Math.max(...runs)}, of ${sharedRun.reference.p90}`,
      holds: Math.max(...runs) <= sharedRun.reference.p90,
    },
    {
      name: 'every movement slows down, ends on a held triad and is followed by silence',
      found: improper.length === 0 ? 'all' : `not ${improper.map(({ name }) => name).join('; ')}`,
      holds: improper.length === 0,
    },
  ];
}

/**
 * Slower at the end than on the whole; the last chord spread, a triad on its root, held for 3 to 5 s; then at
 * least 3 s of silence.
 */
export function endsProperly({ music, metrics, silenceMs = 0 }: Measured): boolean {
  const chord = closing(music.notes, music.durationMs);
  const tonic = chord[0]!.pitch % 12;
  const degrees = chord.map(({ pitch }) => degreeOf(pitch, { tonic, major: true }));
  const triad =
    degrees.every((degree) => [0, 3, 4, 7].includes(degree)) &&
    degrees.includes(7) &&
    new Set(degrees).size === 3;
  const spread = new Set(chord.map(({ onsetMs }) => onsetMs)).size > 1;
  const held = metrics.finalHold >= HOLD_S[0] && metrics.finalHold <= HOLD_S[1];
  return triad && spread && held && slowing(music) > 1 && silenceMs >= SILENCE_MS;
}

/** The last three gaps between gestures, that before the closing chord included, over the mean gap between gestures. */
function slowing({ notes, durationMs }: Music): number {
  const chordMs = Math.min(...closing(notes, durationMs).map(({ onsetMs }) => onsetMs));
  const gaps = gapsOf(
    notes.filter(({ onsetMs }) => onsetMs <= chordMs),
    GESTURE_MS,
  );
  return mean(gaps.slice(-3)) / mean(gaps);
}

/** The notes that sound until the end, from the lowest up. */
const closing = (notes: readonly Note[], endMs: number): readonly Note[] =>
  notes.filter(({ onsetMs, durationMs }) => onsetMs + durationMs === endMs).sort((a, b) => a.pitch - b.pitch);
