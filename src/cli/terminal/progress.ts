import type { Progress } from '../../compose/performance.ts';
import { minutesText } from '../../words.ts';
import { shown } from './clean.ts';

const WIDTH = 24;
const REDRAW_MS = 100;

export type Bar = { update(part: number, details?: string): void; done(): void };

/** A bar on a terminal; nothing in a pipe, where the closing line tells all there is to tell. */
export function progressBar(label: string): Bar {
  const terminal = process.stderr.isTTY && !process.env.NO_COLOR;
  let drawnAt = Number.NEGATIVE_INFINITY;
  return {
    update(part, details = '') {
      const now = performance.now();
      if (!terminal || now - drawnAt < REDRAW_MS) return;
      drawnAt = now;
      const full = Math.round(Math.min(1, Math.max(0, part)) * WIDTH);
      const bar = '█'.repeat(full) + '░'.repeat(WIDTH - full);
      process.stderr.write(`\r\x1b[K${shown(`${label} ${bar} ${details}`)}`);
    },
    done() {
      if (terminal) process.stderr.write('\r\x1b[K');
    },
  };
}

/** How far the composing of a day has come. */
export function composeProgress(date: string): { update(progress: Progress): void; done(): void } {
  const bar = progressBar(`Composing ${date}`);
  const startedAt = performance.now();
  return {
    update({ tokens, composedMs, ofMs }) {
      const speed = Math.round((tokens / (performance.now() - startedAt)) * 1000);
      bar.update(composedMs / ofMs, `${minutesText(composedMs)} of ${minutesText(ofMs)}, ${speed} tokens/s`);
    },
    done: bar.done,
  };
}
