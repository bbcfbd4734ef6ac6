import { emitKeypressEvents } from 'node:readline';
import { dueMs, dueSeq } from '../../../broadcast/frames.ts';
import type { Timeline } from '../../../music/timeline.ts';
import type { Clock } from '../../../ports.ts';
import { rollLines } from './roll-view.ts';

/** As much of a terminal as is needed; a test makes its own. */
export type Terminal = {
  readonly output: { readonly columns?: number; readonly rows?: number; write(text: string): unknown };
  /** null where nobody can press a key. */
  readonly input: (NodeJS.ReadableStream & { setRawMode?(raw: boolean): unknown }) | null;
  readonly color: boolean;
};

const REDRAW_MS = 100;
const SKIP_MS = 10_000;
const SLOWEST = 0.25;
const FASTEST = 64;

const OTHER_SCREEN = '\x1b[?1049h\x1b[?25l';
const OWN_SCREEN = '\x1b[?25h\x1b[?1049l';
const HOME = '\x1b[H';
const TO_LINE_END = '\x1b[K';
const BELOW = '\x1b[J';

/**
 * Plays a roll on a terminal until its end, or until `q`. The position is always computed from the clock, so a slow
 * terminal makes it jerk, never lag. Gives the position at which it was left, milliseconds.
 */
export async function playRoll(
  name: string,
  music: Timeline,
  start: { readonly fromMs: number; readonly speed: number },
  terminal: Terminal,
  clock: Clock,
  signal?: AbortSignal,
): Promise<number> {
  const { durationMs } = music.music;
  let { speed } = start;
  let paused = false;
  let anchor = { at: clock.now(), ms: start.fromMs };
  let sentSeq = dueSeq(music, start.fromMs);
  let driftMs = 0;
  const leave = new AbortController();
  const stop = signal ? AbortSignal.any([leave.signal, signal]) : leave.signal;

  const position = () => {
    const ms = paused ? anchor.ms : anchor.ms + (clock.now() - anchor.at) * speed;
    return Math.min(durationMs, Math.max(0, ms));
  };
  const moveTo = (ms: number) => {
    anchor = { at: clock.now(), ms: Math.min(durationMs, Math.max(0, ms)) };
    sentSeq = dueSeq(music, anchor.ms);
    driftMs = 0;
  };
  const onKey = (_: string | undefined, key: { name?: string; ctrl?: boolean } = {}) => {
    const here = position();
    if (key.name === 'q' || key.name === 'escape' || (key.ctrl && key.name === 'c')) return leave.abort();
    if (key.name === 'left') moveTo(here - SKIP_MS);
    else if (key.name === 'right') moveTo(here + SKIP_MS);
    else if (key.name === 'space') {
      moveTo(here);
      paused = !paused;
    } else if (key.name === 'up' || key.name === 'down') {
      moveTo(here);
      speed = Math.min(FASTEST, Math.max(SLOWEST, key.name === 'up' ? speed * 2 : speed / 2));
    } else return;
    draw();
  };
  const draw = () => {
    const { columns = 80, rows = 24 } = terminal.output;
    const state = { name, positionMs: position(), speed, paused, sentSeq, driftMs };
    const lines = rollLines(music, state, { columns, rows, color: terminal.color });
    terminal.output.write(HOME + lines.map((line) => `${line}${TO_LINE_END}`).join('\r\n') + BELOW);
  };

  const { input } = terminal;
  terminal.output.write(OTHER_SCREEN);
  if (input) {
    emitKeypressEvents(input);
    input.setRawMode?.(true);
    input.on('keypress', onKey);
    input.resume();
  }
  try {
    while (position() < durationMs || paused) {
      const due = dueSeq(music, position());
      if (due > sentSeq) {
        driftMs = (position() - dueMs(due)) / speed;
        sentSeq = due;
      }
      draw();
      const nextDue = sentSeq + 1 < music.chunks ? dueMs(sentSeq + 1) : durationMs;
      const nextAt = paused ? Number.POSITIVE_INFINITY : anchor.at + (nextDue - anchor.ms) / speed;
      await clock.sleepUntil(Math.min(clock.now() + REDRAW_MS, nextAt), stop);
    }
  } catch (error) {
    if (!stop.aborted) throw error;
  } finally {
    input?.off('keypress', onKey);
    input?.setRawMode?.(false);
    input?.pause();
    terminal.output.write(OWN_SCREEN);
  }
  return position();
}
