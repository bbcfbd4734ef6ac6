import { toMusic } from '../../src/music/note.ts';
import { scoreOf } from '../../src/music/score/recorded.ts';
import type { PerformanceRecord, RecordedScore, StoredPerformance } from '../../src/ports.ts';
import { note, stored } from './music.ts';

/** A quarter of the score, milliseconds: it is played as written. */
const QUARTER_MS = 500;

/** Bars of 4/4 in C major: a melody of eighths over a held fifth. */
function aScore(bars: number, fromMs: number): RecordedScore {
  const notes = Array.from({ length: bars }, (_, bar) => [
    ...[0, 1].map((i) => [bar * 96, 96, 48 + 7 * i, 1] as const),
    ...Array.from({ length: 8 }, (_, i) => [bar * 96 + i * 12, 12, 60 + ((bar + i * 2) % 13), 0] as const),
  ]).flat();
  return {
    ...{ beats: 4, unit: 4, bars, tonic: 0, major: true, quartersPerMinute: 120, notes },
    barsMs: Array.from({ length: bars + 1 }, (_, i) => fromMs + i * 4 * QUARTER_MS),
  };
}

/** A performance of these movements, each so many bars, one after the other with a second between. */
export function written(id: string, ...lengths: readonly number[]): StoredPerformance {
  let fromMs = 0;
  const movements: PerformanceRecord['movements'][number][] = lengths.map((bars, i) => {
    const score = aScore(bars, fromMs);
    const startMs = fromMs;
    fromMs = score.barsMs.at(-1)! + 1_000;
    return { startMs, title: `Song ${i + 1}`, score };
  });
  const notes = movements.flatMap(({ startMs, score }) =>
    scoreOf(score!).notes.map(({ onset, length, pitch }) =>
      note(startMs + (onset * QUARTER_MS) / 24, (length * QUARTER_MS) / 24 - 20, pitch, 60),
    ),
  );
  const { record, midi } = stored(id, toMusic(notes));
  return { midi, record: { ...record, title: 'Two songs', movements } };
}
