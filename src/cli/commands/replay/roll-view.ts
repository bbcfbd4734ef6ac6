import { braille, DOTS_ACROSS, DOTS_DOWN, rollRaster } from '../../../music/raster.ts';
import type { Timeline } from '../../../music/timeline.ts';
import { CHUNK_MS } from '../../../music/timeline.ts';
import { minutesText } from '../../../words.ts';
import { shown } from '../../terminal/clean.ts';

/** What a replay shows on a terminal at one moment. */
export type RollState = {
  readonly name: string;
  readonly positionMs: number;
  readonly speed: number;
  readonly paused: boolean;
  /** The last chunk that was sent. */
  readonly sentSeq: number;
  /** How much later than its time that was, milliseconds. */
  readonly driftMs: number;
};

export type Screen = { readonly columns: number; readonly rows: number; readonly color: boolean };

const MS_PER_DOT = 75;
/** As on the page: the past to the left of it, the next seconds to the right. */
const PLAYHEAD = 2 / 3;
/** 88 keys, four to a line. */
const MOST_LINES = 22;
/** The head line, the keys, and one that stays empty, so that nothing scrolls. */
const OTHER_LINES = 3;

const DIM = '\x1b[2m';
const RED = '\x1b[31m';
const PLAIN = '\x1b[0m';

/** The screen in lines, none longer than it is wide. */
export function rollLines(music: Timeline, state: RollState, screen: Screen): string[] {
  const columns = Math.max(10, screen.columns - 1);
  const lines = Math.max(1, Math.min(MOST_LINES, screen.rows - OTHER_LINES));
  const head = Math.floor(columns * PLAYHEAD);
  const fromMs = state.positionMs - head * DOTS_ACROSS * MS_PER_DOT;
  const raster = rollRaster(music.music.notes, {
    fromMs,
    toMs: fromMs + columns * DOTS_ACROSS * MS_PER_DOT,
    width: columns * DOTS_ACROSS,
    height: lines * DOTS_DOWN,
  });
  const roll = braille(raster).map((line) => {
    const [past, future] = [line.slice(0, head), line.slice(head + 1)];
    return screen.color ? `${past}${RED}│${PLAIN}${DIM}${future}${PLAIN}` : `${past}│${future}`;
  });
  return [headLine(music, state).slice(0, columns), ...roll, KEYS.slice(0, columns)];
}

const KEYS = 'space pause   ← → 10 seconds   ↑ ↓ speed   q quit';

function headLine(music: Timeline, state: RollState): string {
  const { name, positionMs, speed, paused, sentSeq, driftMs } = state;
  const playing = Math.min(music.chunks - 1, Math.max(0, Math.floor(positionMs / CHUNK_MS)));
  return [
    shown(name),
    `${minutesText(positionMs)} of ${minutesText(music.music.durationMs)}`,
    paused ? 'paused' : `${speed}×`,
    `chunk ${playing + 1} of ${music.chunks}, sent ${sentSeq + 1}`,
    `drift ${driftMs >= 0 ? '+' : '−'}${Math.abs(Math.round(driftMs))} ms`,
  ].join('   ');
}
